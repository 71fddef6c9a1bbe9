import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import type { MetricName } from '../../../../src/base/eval/metrics.ts';
import { language } from '../../i18n/language.ts';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { METRICS } from './runCharts.ts';
import { runTexts } from './texts.ts';

interface RunListProps {
  readonly runs: readonly RunEntry[];
  readonly colours: ReadonlyMap<string, string>;
  readonly chosen: readonly ComparedRun[];
  readonly onChange: (names: readonly string[]) => void;
}

/** Where there is little room, two figures tell runs apart. */
const ON_PHONES: readonly MetricName[] = ['macro_f1', 'accuracy'];

/** All runs with their state and figures; the checked ones are compared. */
export function RunList({ runs, colours, chosen, onChange }: RunListProps) {
  const t = runTexts();
  const lang = language.value;
  const names = chosen.map(({ name }) => name);
  const toggle = (name: string) =>
    onChange(names.includes(name) ? names.filter((other) => other !== name) : [...names, name]);
  return (
    <RunSection id="choose" title={t.choose}>
      <p class="muted">{t.chooseHint}</p>
      <div class="scroll-x" role="region" aria-label={t.runs} tabIndex={0}>
        <table class="run-list run-cards">
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
                      <RunName name={run.name} color={colours.get(run.name)} />
                      {run.title[lang] !== run.name && <span class="run-title">{run.title[lang]}</span>}
                    </span>
                  </label>
                </th>
                <td data-label={t.state}>
                  <State run={run} />
                </td>
                <td class="number wide-only" data-label={t.trainedRows}>
                  {run.trained_rows === null ? '–' : grouped(run.trained_rows)}
                </td>
                {METRICS.map((metric) => (
                  <td
                    key={metric}
                    class={ON_PHONES.includes(metric) ? 'number' : 'number wide-only'}
                    data-label={t[metric]}
                  >
                    {run.metrics?.[metric]?.toFixed(3) ?? '–'}
                  </td>
                ))}
                <td class="run-time wide-only">
                  <time dateTime={run.changed}>{new Date(run.changed).toLocaleString(lang)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </RunSection>
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
