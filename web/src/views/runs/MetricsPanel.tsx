import { useMemo } from 'preact/hooks';
import { pValue } from '../../../../src/base/core/format.ts';
import { readComparison } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { METRICS, metricPanels } from './runCharts.ts';
import { runTexts } from './texts.ts';

/** Test metrics of the runs with their intervals, and the reference's lead where stage 07 tested it. */
export function MetricsPanel({ runs }: { runs: readonly ComparedRun[] }) {
  const t = runTexts();
  const panels = useMemo(() => metricPanels(runs, t), [runs, t]);
  const comparison = useLoaded('comparison', readComparison).value;
  const leads = new Map(comparison?.systems.map(({ system, against }) => [system, against?.macro_f1]));
  const showsLead = runs.some(({ name }) => leads.get(name));
  return (
    <RunSection id="metrics" title={t.metrics} runs={runs}>
      <div class="run-pair">
        {panels.map((drawn) => (
          <Chart key={drawn.table.columns[1]} {...drawn} />
        ))}
      </div>
      <div class="scroll-x" role="region" aria-label={t.metrics} tabIndex={0}>
        <table class="run-cards">
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
            {runs.map(({ name, color, metrics, intervals }) => (
              <tr key={name}>
                <th scope="row">
                  <RunName name={name} color={color} />
                </th>
                {METRICS.map((metric) => (
                  <td key={metric} class="number" data-label={t[metric]}>
                    {metrics?.[metric]?.toFixed(3) ?? '–'}
                    <IntervalText interval={intervals?.[metric] ?? null} />
                  </td>
                ))}
                {showsLead && <Lead lead={leads.get(name)} title={t.lead(comparison!.reference)} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </RunSection>
  );
}

const IntervalText = ({ interval }: { interval: readonly [number, number] | null }) =>
  interval && <span class="run-interval">{`${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`}</span>;

interface LeadProps {
  readonly lead: { difference: number; low: number; high: number; p: number } | undefined;
  readonly title: string;
}

const withSign = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;

const Lead = ({ lead, title }: LeadProps) => (
  <td class="number" data-label={title}>
    {lead ? withSign(lead.difference) : '–'}
    {lead && <span class="run-interval">{`${withSign(lead.low)} – ${withSign(lead.high)}, p ${pValue(lead.p)}`}</span>}
  </td>
);
