import type { LayeredChart, Position } from './spec.ts';
import { movingAverage } from './trainingCurve.ts';

/** One quantity over the steps of several trainings. */
export interface RunCurves {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly runs: readonly { readonly name: string; readonly color: string; readonly points: readonly CurvePoint[] }[];
  /** `trend`: many noisy points, drawn pale behind a moving average; `points`: few, each with a dot. */
  readonly show: 'trend' | 'points';
  /** From 0 to 1, where the quantity is a fraction; else from 0 on. */
  readonly isShare: boolean;
}

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** More points of a curve than the panel has pixels show nothing more. */
const MOST_POINTS = 500;

/** The curves of all runs in one panel, each in its run's colour; what draws them tells which is whose. */
export function runCurves(chart: RunCurves): LayeredChart {
  const isTrend = chart.show === 'trend';
  const values = chart.runs.flatMap(({ name, points }) => {
    const width = Math.ceil(points.length / 20);
    const smooth = isTrend
      ? movingAverage(
          points.map(({ value }) => value),
          width,
        )
      : [];
    const stride = Math.ceil(points.length / MOST_POINTS);
    return points
      .map((point, i) => ({ run: name, ...point, trend: smooth[i] ?? point.value }))
      .filter((_, i) => i % stride === 0 || i === points.length - 1);
  });
  const y = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: chart.yTitle,
    scale: chart.isShare ? { domain: [0, 1] } : { domainMin: 0, nice: true },
    axis: { format: chart.isShare ? '.1f' : '~g', tickCount: 5 },
  });
  return {
    description: chart.title,
    width: 'container',
    height: 240,
    data: { values },
    encoding: {
      x: {
        field: 'step',
        type: 'quantitative',
        title: chart.xTitle,
        scale: { domainMin: 0, nice: false },
        axis: { grid: false, tickCount: 6, tickMinStep: 1, format: ',d' },
      },
      color: {
        field: 'run',
        type: 'nominal',
        title: null,
        scale: { domain: chart.runs.map(({ name }) => name), range: chart.runs.map(({ color }) => color) },
        legend: null,
      },
    },
    layer: isTrend
      ? [
          { mark: { type: 'line', strokeWidth: 1, opacity: 0.3 }, encoding: { y: y('value') } },
          { mark: { type: 'line', strokeWidth: 2 }, encoding: { y: y('trend') } },
        ]
      : [
          {
            mark: { type: 'line', strokeWidth: 2, point: { filled: true, size: 45 } },
            encoding: { y: y('value'), tooltip: [{ field: 'run' }, { field: 'value', format: '.3f' }] },
          },
        ],
  };
}
