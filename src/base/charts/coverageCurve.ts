import { colours, FIFTHS, titled } from './parts.ts';
import type { LayeredChart, Position } from './spec.ts';
import { INK } from './theme.ts';

/** Share of rows that fit within a limit, as the limit grows. */
export interface CoverageCurve {
  readonly title: string;
  readonly series: readonly [string, string];
  readonly xTitle: string;
  readonly valueTitle: string;
  readonly points: readonly { readonly limit: number; readonly shares: readonly [number, number] }[];
  /** Vertical lines with a text at the top; `strong` ones are drawn solid. */
  readonly limits: readonly { readonly limit: number; readonly text: string; readonly strong: boolean }[];
}

export function coverageCurve(chart: CoverageCurve): LayeredChart {
  const end = Math.max(...chart.points.map(({ limit }) => limit), ...chart.limits.map(({ limit }) => limit));
  const x: Position = {
    field: 'limit',
    type: 'quantitative',
    title: chart.xTitle,
    scale: { domain: [0, end * 1.04], nice: false },
    axis: { grid: false, tickCount: 12 },
  };
  return {
    ...titled(chart.title),
    width: 700,
    height: 260,
    layer: [
      {
        data: {
          values: chart.points.flatMap(({ limit, shares }) =>
            chart.series.map((series, i) => ({ limit, series, share: shares[i] })),
          ),
        },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
        encoding: {
          x,
          y: {
            field: 'share',
            type: 'quantitative',
            title: chart.valueTitle,
            axis: { format: '~%', values: FIFTHS },
            scale: { domain: [0, 1.0], nice: false },
          },
          color: colours('series', chart.series),
        },
      },
      {
        data: { values: chart.limits.map((limit) => ({ ...limit })) },
        encoding: { x },
        layer: [
          {
            mark: { type: 'rule' },
            encoding: {
              color: { condition: { test: 'datum.strong', value: INK.text }, value: INK.line },
              strokeDash: { condition: { test: 'datum.strong', value: [1, 0] }, value: [4, 3] },
            },
          },
          {
            mark: { type: 'text', angle: 270, align: 'left', baseline: 'bottom', dx: 8, dy: -3, fontSize: 11 },
            encoding: {
              y: { value: 'height' },
              text: { field: 'text' },
              color: { condition: { test: 'datum.strong', value: INK.text }, value: INK.muted },
            },
          },
        ],
      },
    ],
  };
}
