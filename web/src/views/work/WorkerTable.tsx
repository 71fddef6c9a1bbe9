import { grouped } from '../../../../src/base/core/format.ts';
import type { WorkerSummary } from '../../../../src/base/queue/shapes.ts';
import { workTexts } from './texts.ts';

/** The workers of the queue and what they do. */
export function WorkerTable({ workers }: { workers: readonly WorkerSummary[] }) {
  const t = workTexts();
  return (
    <div class="scroll-x" role="region" aria-label={t.workers} tabIndex={0}>
      <table class="work-table">
        <thead>
          <tr>
            <th scope="col">{t.worker}</th>
            {[t.busy, t.shards, t.rows, t.rate, t.memory].map((title) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {workers.map(({ id, slots, busy, shards, rows, rows_per_second, memory }) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              <td class="number">
                {busy} / {slots}
              </td>
              <td class="number">{grouped(shards)}</td>
              <td class="number">{grouped(rows)}</td>
              <td class="number">{rows_per_second.toFixed(1)}</td>
              <td class="number">{grouped(Math.round(memory / 1e6))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
