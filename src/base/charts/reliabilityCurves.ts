import { colours, FIFTHS, titled } from './parts.ts';
import type { LayeredChart, Position } from './spec.ts';
import { INK } from './theme.ts';

/** The share of right answers by confidence, of several models. */
export interface ReliabilityCurves {
  readonly title: string;
  readonly confidenceTitle: string;
  readonly accuracyTitle: string;
  readonly rowsTitle: string;
  readonly models: readonly {
    readonly name: string;
    readonly color: string;
    /** Means over the rows of a bin of confidence; null without rows. */
    readonly bins: readonly {
      readonly rows: number;
      readonly confidence: number | null;
      readonly accuracy: number | null;
    }[];
  }[];
}

/** A dot for each bin, the larger the more rows it has; on the dashed line a model is as often right as it is confident. */
export function reliabilityCurves(chart: ReliabilityCurves): LayeredChart {
  const { models } = chart;
  const points = models.flatMap(({ name, bins }) =>
    bins.flatMap(({ rows, confidence, accuracy }) =>
      confidence === null || accuracy === null ? [] : [{ model: name, rows, confidence, accuracy }],
    ),
  );
  const position = (field: string, title: string): Position => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [0, 1], nice: false },
    axis: { values: FIFTHS, format: '.1f' },
  });
  const color = {
    ...colours(
      'model',
      models.map(({ name }) => name),
      models.map(({ color }) => color),
    ),
    legend: null,
  };
  const [x, y] = [position('confidence', chart.confidenceTitle), position('accuracy', chart.accuracyTitle)];
  return {
    ...titled(chart.title),
    width: 320,
    height: 280,
    data: { values: points },
    layer: [
      {
        data: { values: [{ from: 0, to: 1 }] },
        mark: { type: 'rule', color: INK.muted, strokeDash: [4, 3], strokeWidth: 1.5 },
        encoding: {
          x: { ...position('from', chart.confidenceTitle) },
          y: { ...position('from', chart.accuracyTitle) },
          x2: { field: 'to' },
          y2: { field: 'to' },
        },
      },
      { mark: { type: 'line', strokeWidth: 1.5, opacity: 0.6 }, encoding: { x, y, color } },
      {
        mark: { type: 'circle', opacity: 0.85 },
        encoding: {
          x,
          y,
          color,
          size: {
            field: 'rows',
            type: 'quantitative',
            scale: { domain: [0, Math.max(1, ...points.map(({ rows }) => rows))], range: [12, 260] },
            legend: null,
          },
          tooltip: { field: 'rows', title: chart.rowsTitle },
        },
      },
    ],
  };
}
