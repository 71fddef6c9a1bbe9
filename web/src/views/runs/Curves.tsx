import { useMemo, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { Chart } from '../../components/Chart.tsx';
import { CURVE_MEASURES, type CurveMeasure, lossCurves, validationCurves } from './runCharts.ts';
import { runTexts } from './texts.ts';
import { useLogs } from './useRuns.ts';

/** Loss and validations of the runs, one over the other; they grow while a run trains. */
export function Curves({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const [measure, setMeasure] = useState<CurveMeasure>('macro_f1');
  const tuned = runs.filter(({ fine_tuned }) => fine_tuned);
  const logs = useLogs(tuned.map(({ name }) => name));
  const loss = useMemo(() => lossCurves(logs, t), [logs, t]);
  const validation = useMemo(() => validationCurves(logs, measure, t), [logs, measure, t]);
  return (
    <section class="panel">
      <h2>{t.curves}</h2>
      {runs.some(({ status }) => status === 'training') && <p class="muted">{t.live}</p>}
      {tuned.length === 0 ? (
        <p class="muted">{t.noCurves}</p>
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
                onChange={({ currentTarget }) => setMeasure(currentTarget.value as CurveMeasure)}
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
    </section>
  );
}
