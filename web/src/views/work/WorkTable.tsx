import { useState } from 'preact/hooks';
import { duration, grouped } from '../../../../src/base/core/format.ts';
import type { WorkSummary } from '../../../../src/base/queue/shapes.ts';
import { steerWork } from '../../api/pageData.ts';
import { Failure } from '../../components/Failure.tsx';
import { workTexts } from './texts.ts';

/** All works with how far they have come, and what can be done with them. */
export function WorkTable({ works, onSteered }: { works: readonly WorkSummary[]; onSteered: () => Promise<void> }) {
  const t = workTexts();
  const [error, setError] = useState<unknown>(null);
  const steer = async (work: WorkSummary, order: Parameters<typeof steerWork>[1]) => {
    try {
      await steerWork(work.id, order);
      setError(null);
    } catch (failed) {
      setError(failed);
    }
    await onSteered();
  };
  return (
    <>
      {error !== null && <Failure error={error} />}
      <div class="scroll-x" role="region" aria-label={t.works} tabIndex={0}>
        <table class="work-table">
          <thead>
            <tr>
              <th scope="col">{t.work}</th>
              <th scope="col">{t.state}</th>
              {[t.shards, t.rows, t.rejected, t.rate, t.left].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
              <th scope="col">{t.priority}</th>
              <th scope="col">{t.steer}</th>
            </tr>
          </thead>
          <tbody>
            {works.map((work) => (
              <WorkRow key={work.id} work={work} steer={(order) => steer(work, order)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface WorkRowProps {
  readonly work: WorkSummary;
  readonly steer: (order: Parameters<typeof steerWork>[1]) => Promise<void>;
}

function WorkRow({ work, steer }: WorkRowProps) {
  const t = workTexts();
  const { id, title, kind, state, priority, progress } = work;
  const isOpen = state === 'running' || state === 'paused' || state === 'stopped';
  const left = progress?.time_left ?? null;
  const button = (order: 'pause' | 'resume' | 'cancel', isAllowed: boolean, ask = false) =>
    isAllowed && (
      <button
        type="button"
        class="quiet small"
        aria-label={t.do(t[order], title)}
        onClick={() => (!ask || window.confirm(t.sure(title))) && steer({ order })}
      >
        {t[order]}
      </button>
    );
  return (
    <tr>
      <th scope="row">
        {title}
        <span class="work-id">
          {kind} · {id}
        </span>
      </th>
      <td>
        <span class={`work-state work-${state}`}>{t[state]}</span>
        {progress !== null && progress.total !== null && (
          <progress max={Math.max(1, progress.total)} value={progress.done} aria-label={t.progressOf(title)} />
        )}
      </td>
      <td class="number">
        {progress === null
          ? '–'
          : `${grouped(progress.done)} / ${progress.total === null ? '?' : grouped(progress.total)}`}
      </td>
      <td class="number">{progress === null ? '–' : grouped(progress.rows)}</td>
      <td class="number">{progress === null ? '–' : grouped(progress.rejected)}</td>
      <td class="number">{progress === null || state !== 'running' ? '–' : progress.rows_per_second.toFixed(1)}</td>
      <td class="number">{left === null || state !== 'running' ? '–' : duration(left)}</td>
      <td>
        {isOpen ? (
          <input
            class="work-priority"
            type="number"
            min={1}
            max={100}
            value={priority}
            aria-label={t.priorityOf(title)}
            onChange={({ currentTarget }) =>
              currentTarget.validity.valid && steer({ priority: currentTarget.valueAsNumber })
            }
          />
        ) : (
          priority
        )}
      </td>
      <td>
        {button('pause', state === 'running')}
        {button('resume', state === 'paused')}
        {button('cancel', isOpen, true)}
      </td>
    </tr>
  );
}
