import type { VegaLiteSpec } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** How often answers of a confidence are right (Guo et al. 2017, arXiv:1706.04599, figure 1). */
export interface ReliabilityDiagram {
  readonly title: string;
  readonly confidenceTitle: string;
  readonly accuracyTitle: string;
  readonly countTitle: string;
  readonly series: readonly {
    readonly name: string;
    readonly bins: readonly {
      readonly from: number;
      readonly to: number;
      readonly rows: number;
      readonly confidence: number | null;
      readonly accuracy: number | null;
    }[];
  }[];
}

/** A point for each bin with rows, larger with more of them; on the diagonal confidence is what it says. */
export function reliabilityDiagram(chart: ReliabilityDiagram): VegaLiteSpec {
  const names = chart.series.map(({ name }) => name);
  const values = chart.series.flatMap(({ name, bins }) =>
    bins.flatMap(({ rows, confidence, accuracy }) => (rows === 0 ? [] : { series: name, rows, confidence, accuracy })),
  );
  const axis = (title: string) => ({
    type: 'quantitative',
    title,
    scale: { domain: [0, 1] },
    axis: { format: '.1f', values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  });
  const x = { field: 'confidence', ...axis(chart.confidenceTitle) };
  const y = { field: 'accuracy', ...axis(chart.accuracyTitle) };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: { domain: names, range: [INK.muted, SERIES[0]] },
  };
  return {
    description: chart.title,
    title: chart.title,
    width: 320,
    height: 300,
    layer: [
      {
        data: {
          values: [
            { confidence: 0, accuracy: 0 },
            { confidence: 1, accuracy: 1 },
          ],
        },
        mark: { type: 'line', color: INK.line, strokeDash: [4, 3] },
        encoding: { x, y },
      },
      { data: { values }, mark: { type: 'line', strokeWidth: 1.5 }, encoding: { x, y, color } },
      {
        data: { values },
        mark: { type: 'circle', opacity: 0.9 },
        encoding: {
          x,
          y,
          color,
          size: {
            field: 'rows',
            type: 'quantitative',
            title: chart.countTitle,
            scale: { range: [20, 320] },
            legend: null,
          },
          tooltip: [
            { field: 'confidence', format: '.3f', title: chart.confidenceTitle },
            { field: 'accuracy', format: '.3f', title: chart.accuracyTitle },
            { field: 'rows', title: chart.countTitle },
          ],
        },
      },
    ],
  } as unknown as VegaLiteSpec;
}
