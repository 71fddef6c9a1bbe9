import { useMemo } from 'preact/hooks';
import { Chart } from '../../components/Chart.tsx';
import type { ComparedRun } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { lossCurves, validationCurves } from './runCharts.ts';
import { CURVE_MEASURES, type CurveMeasure } from './runsAddress.ts';
import { runTexts } from './texts.ts';
import { useLogs } from './useRuns.ts';

interface CurvesProps {
  readonly runs: readonly ComparedRun[];
  readonly measure: CurveMeasure;
  readonly onMeasure: (measure: CurveMeasure) => void;
}

/** Loss and validations of the runs, one over the other; they grow while a run trains. */
export function Curves({ runs, measure, onMeasure }: CurvesProps) {
  const t = runTexts();
  const tuned = useMemo(() => runs.filter(({ fine_tuned }) => fine_tuned), [runs]);
  const logs = useLogs(tuned.map(({ name }) => name));
  const colors = tuned.map(({ color }) => color).join();
  const loss = useMemo(() => lossCurves(tuned, logs, t), [colors, logs, t]);
  const validation = useMemo(() => validationCurves(tuned, logs, measure, t), [colors, logs, measure, t]);
  return (
    <RunSection id="curves" title={t.curves} runs={tuned}>
      {runs.some(({ status }) => status === 'training') && <p class="muted">{t.live}</p>}
      {tuned.length === 0 ? (
        <p class="muted">{t.noCurves}</p>
      ) : tuned.some(({ name }) => !logs.has(name)) ? (
        <p class="muted">{t.reading}</p>
      ) : (
        <div class="run-pair">
          <div>
            <h3 class="run-chart-title">{t.lossTitle}</h3>
            {loss.table.rows.length > 0 && <Chart {...loss} />}
          </div>
          <div>
            <h3 class="run-chart-title">
              {t.validationTitle}
              <select
                aria-label={t.measure}
                value={measure}
                onChange={({ currentTarget }) => onMeasure(currentTarget.value as CurveMeasure)}
              >
                {CURVE_MEASURES.map((name) => (
                  <option key={name} value={name}>
                    {name === 'loss' ? t.validation_loss : t[name]}
                  </option>
                ))}
              </select>
            </h3>
            {validation.table.rows.length > 0 ? <Chart {...validation} /> : <p class="muted">{t.noValidation}</p>}
          </div>
        </div>
      )}
    </RunSection>
  );
}
