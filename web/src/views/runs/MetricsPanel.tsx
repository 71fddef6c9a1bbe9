import { useMemo } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { readComparison } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { METRICS, metricPanels } from './runCharts.ts';
import { runTexts } from './texts.ts';

/** Test metrics of the finished runs with their intervals, and the reference's lead where stage 07 tested it. */
export function MetricsPanel({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const panels = useMemo(() => metricPanels(runs, t), [runs.map(({ name, changed }) => name + changed).join(), t]);
  const comparison = useLoaded('comparison', readComparison).value;
  if (runs.length === 0) return null;
  const leads = new Map(comparison?.systems.map(({ system, against }) => [system, against?.macro_f1]));
  const showsLead = runs.some(({ name }) => leads.get(name));
  return (
    <section class="panel">
      <h2>{t.metrics}</h2>
      <div class="run-metrics">
        {panels.map((drawn) => (
          <Chart key={drawn.table.columns[1]} {...drawn} />
        ))}
      </div>
      <div class="scroll-x" role="region" aria-label={t.metrics} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.run}</th>
              {METRICS.map((metric) => (
                <th key={metric} scope="col" class="number">
                  {t[metric]}
                </th>
              ))}
              {showsLead && (
                <th scope="col" class="number">
                  {t.lead(comparison!.reference)}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {runs.map(({ name, metrics, intervals }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {METRICS.map((metric) => (
                  <td key={metric} class="number">
                    {metrics?.[metric]?.toFixed(3) ?? '–'}
                    <IntervalText interval={intervals?.[metric] ?? null} />
                  </td>
                ))}
                {showsLead && <Lead lead={leads.get(name)} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const IntervalText = ({ interval }: { interval: readonly [number, number] | null }) =>
  interval && <span class="run-interval">{`${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`}</span>;

interface LeadProps {
  readonly lead: { difference: number; low: number; high: number; p: number } | undefined;
}

const Lead = ({ lead }: LeadProps) => (
  <td class="number">
    {lead ? `${lead.difference >= 0 ? '+' : '−'}${Math.abs(lead.difference).toFixed(3)}` : '–'}
    {lead && (
      <span class="run-interval">{`${lead.low.toFixed(3)}–${lead.high.toFixed(3)}, p ${lead.p < 0.001 ? '< 0.001' : `= ${lead.p.toFixed(3)}`}`}</span>
    )}
  </td>
);
