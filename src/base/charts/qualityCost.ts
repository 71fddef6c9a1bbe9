import { titled } from './parts.ts';
import type { Layer, LayeredChart } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Quality against cost, a point a model. */
export interface QualityCost {
  readonly title: string;
  readonly costTitle: string;
  readonly qualityTitle: string;
  readonly sizeTitle: string;
  /** `cost` in multiply-adds, `quality` as a fraction, `size` in parameters. */
  readonly points: readonly {
    readonly name: string;
    readonly cost: number;
    readonly quality: number;
    readonly size: number;
    readonly chosen: boolean;
  }[];
}

/** A logarithmic cost axis; names stand right of their points, or left where a neighbour's or the edge is in the way. */
export function qualityCost(chart: QualityCost): LayeredChart {
  const costs = chart.points.map(({ cost }) => cost);
  const [least, most] = [Math.min(...costs) / 1.6, Math.max(...costs) * 1.6];
  const values = chart.points.map((point, i) => ({ ...point, left: standsLeft(chart.points, i, least, most) }));
  const label = (left: boolean): Layer => ({
    transform: [{ filter: `datum.left === ${left}` }],
    mark: { type: 'text', align: left ? 'right' : 'left', dx: left ? -14 : 14, fontSize: 11 },
    encoding: { text: { field: 'name' }, color: { value: INK.text } },
  });
  return {
    ...titled(chart.title),
    width: 520,
    height: 300,
    data: { values },
    encoding: {
      x: {
        field: 'cost',
        type: 'quantitative',
        title: chart.costTitle,
        scale: { type: 'log', domain: [least, most], nice: false },
        axis: { format: '~s', values: TICKS.filter((tick) => tick >= least && tick <= most), labelOverlap: false },
      },
      y: {
        field: 'quality',
        type: 'quantitative',
        title: chart.qualityTitle,
        scale: { zero: false, nice: true, padding: 14 },
        axis: { format: '.0%', tickCount: 6 },
      },
    },
    layer: [
      {
        mark: { type: 'circle', opacity: 0.9 },
        encoding: {
          size: {
            field: 'size',
            type: 'quantitative',
            title: chart.sizeTitle,
            scale: { range: [60, 420] },
            legend: { format: '~s', values: [1e8, 2e8, 3e8], symbolFillColor: INK.line, symbolType: 'circle' },
          },
          color: { condition: { test: 'datum.chosen', value: SERIES[1] }, value: SERIES[0] },
        },
      },
      label(true),
      label(false),
    ],
  };
}

const TICKS = [1e8, 1e9, 1e10, 1e11, 1e12].flatMap((power) => [power, 2 * power, 5 * power]);

/** Whether a name goes to the left: in the right half of the axis, or where one just above or below stands right already. */
function standsLeft(points: QualityCost['points'], i: number, least: number, most: number): boolean {
  const { cost, quality } = points[i]!;
  if (cost > Math.sqrt(least * most)) return true;
  const spread = Math.max(...points.map((point) => point.quality)) - Math.min(...points.map((point) => point.quality));
  const isClose = (other: QualityCost['points'][number]) =>
    Math.abs(Math.log(other.cost / cost)) < 0.5 && Math.abs(other.quality - quality) < spread / 20;
  return points.slice(0, i).some(isClose);
}
