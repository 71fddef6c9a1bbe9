import { useMemo } from 'preact/hooks';
import type { RunDetail } from '../../../../src/app/serve/page/shapes.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import { calibrationVerdict } from '../../../../src/study/analysis/reliability.ts';
import { Chart } from '../../components/Chart.tsx';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { reliabilityChart } from './runCharts.ts';
import { runTexts } from './texts.ts';

/** How far the runs' confidence is to be believed, before and after calibration. */
export function CalibrationPanel({ runs, details }: { runs: readonly ComparedRun[]; details: readonly RunDetail[] }) {
  const t = runTexts();
  const calibrated = useMemo(
    () =>
      runs.flatMap(({ name, color }, i) => {
        const calibration = details[i]?.calibration ?? null;
        return calibration === null ? [] : [{ name, color, ...calibration }];
      }),
    [runs, details],
  );
  const drawn = useMemo(
    () =>
      (['before', 'after'] as const).map((side) => ({
        side,
        chart: reliabilityChart(
          calibrated.map((run) => ({ name: run.name, color: run.color, bins: run[side].bins })),
          t[`${side}Calibration`],
          t,
        ),
      })),
    [calibrated, t],
  );
  const without = runs.filter(({ name }) => !calibrated.some((run) => run.name === name));
  return (
    <RunSection id="calibration" title={t.calibration} runs={runs}>
      {without.map(({ name }) => (
        <p key={name} class="muted">
          {t.noCalibration(name)}
        </p>
      ))}
      {calibrated.length > 0 && (
        <>
          <p>{t.calibrated}</p>
          <ul class="run-verdicts">
            {calibrated.map(({ name, color, before, after }) => {
              const verdict = calibrationVerdict(before.ece, after.ece);
              return (
                <li key={name} class={verdict === 'worse' ? 'is-wrong' : undefined}>
                  <RunName name={name} color={color} />{' '}
                  {t[`calibration_${verdict}`](`${before.ece.toFixed(3)} → ${after.ece.toFixed(3)}`)}
                </li>
              );
            })}
          </ul>
          <div class="run-pair">
            {drawn.map(({ side, chart }) => (
              <div key={side}>
                <h3>{t[`${side}Calibration`]}</h3>
                <Chart {...chart} />
              </div>
            ))}
          </div>
          <div class="scroll-x" role="region" aria-label={t.calibration} tabIndex={0}>
            <table class="run-cards">
              <thead>
                <tr>
                  <th scope="col">{t.run}</th>
                  {[t.validationRows, t.temperature, t.ece, t.nll].map((title) => (
                    <th key={title} scope="col" class="number">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {calibrated.map(({ name, color, rows, temperature, before, after }) => (
                  <tr key={name}>
                    <th scope="row">
                      <RunName name={name} color={color} />
                    </th>
                    <td class="number" data-label={t.validationRows}>
                      {grouped(rows)}
                    </td>
                    <td class="number" data-label={t.temperature}>
                      {temperature.toFixed(2)}
                    </td>
                    {(['ece', 'nll'] as const).map((figure) => (
                      <td key={figure} class="number" data-label={t[figure]}>
                        {`${before[figure].toFixed(3)} → ${after[figure].toFixed(3)}`}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </RunSection>
  );
}
