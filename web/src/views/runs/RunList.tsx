import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import { language } from '../../i18n/language.ts';
import { METRICS } from './runCharts.ts';
import { runTexts } from './texts.ts';

interface RunListProps {
  readonly runs: readonly RunEntry[];
  readonly chosen: readonly RunEntry[];
  readonly onChange: (names: readonly string[]) => void;
}

/** All runs with their state and figures; the checked ones are compared. */
export function RunList({ runs, chosen, onChange }: RunListProps) {
  const t = runTexts();
  const lang = language.value;
  const names = chosen.map(({ name }) => name);
  const toggle = (name: string) =>
    onChange(names.includes(name) ? names.filter((other) => other !== name) : [...names, name]);
  return (
    <section class="panel" aria-label={t.choose}>
      <h2>{t.choose}</h2>
      <p class="muted">{t.chooseHint}</p>
      <div class="scroll-x" role="region" aria-label={t.runs} tabIndex={0}>
        <table class="run-list">
          <thead>
            <tr>
              <th scope="col">{t.name}</th>
              <th scope="col">{t.state}</th>
              <th scope="col" class="number">
                {t.trainedRows}
              </th>
              {METRICS.map((metric) => (
                <th key={metric} scope="col" class="number">
                  {t[metric]}
                </th>
              ))}
              <th scope="col">{t.changed}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.name}>
                <th scope="row">
                  <label>
                    <input type="checkbox" checked={names.includes(run.name)} onChange={() => toggle(run.name)} />
                    <span>
                      {run.name}
                      {run.title[lang] !== run.name && <span class="run-title">{run.title[lang]}</span>}
                    </span>
                  </label>
                </th>
                <td>
                  <State run={run} />
                </td>
                <td class="number">{run.trained_rows === null ? '–' : grouped(run.trained_rows)}</td>
                {METRICS.map((metric) => (
                  <td key={metric} class="number">
                    {run.metrics?.[metric]?.toFixed(3) ?? '–'}
                  </td>
                ))}
                <td class="run-time">
                  <time dateTime={run.changed}>{new Date(run.changed).toLocaleString(lang)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function State({ run: { status, step, steps, name } }: { run: RunEntry }) {
  const t = runTexts();
  const isOpen = status !== 'finished' && step !== null && steps !== null;
  return (
    <span class={`run-state run-${status}`}>
      {t[status]}
      {isOpen && (
        <>
          <progress value={step} max={steps} aria-label={`${name}: ${t.progress(step, steps)}`} />
          <span class="run-steps">{t.progress(step, steps)}</span>
        </>
      )}
    </span>
  );
}
