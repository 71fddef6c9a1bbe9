import type { VegaLiteSpec } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Candidates with what each criterion adds to their score. */
export interface CandidateScores {
  readonly title: string;
  readonly scoreTitle: string;
  /** Names of the criteria. */
  readonly criteria: readonly string[];
  /** In drawing order; `parts` stand beside `criteria` and sum to the score. */
  readonly rows: readonly { readonly name: string; readonly parts: readonly number[]; readonly excluded: boolean }[];
}

/** Stacked bars, the sum at their ends; excluded candidates are drawn pale. */
export function candidateScores(chart: CandidateScores): VegaLiteSpec {
  const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);
  const y = {
    field: 'name',
    type: 'nominal',
    sort: chart.rows.map(({ name }) => name),
    title: null,
    axis: { ticks: false, domain: false, grid: false, labelPadding: 8 },
  };
  return {
    description: chart.title,
    title: chart.title,
    width: 460,
    height: { step: 30 },
    encoding: { y },
    layer: [
      {
        data: {
          values: chart.rows.flatMap(({ name, parts, excluded }) =>
            parts.map((part, i) => ({ name, criterion: chart.criteria[i], order: i, part, excluded })),
          ),
        },
        mark: { type: 'bar', height: { band: 0.66 } },
        encoding: {
          x: {
            field: 'part',
            type: 'quantitative',
            title: chart.scoreTitle,
            scale: { domain: [0, 1] },
            axis: { format: '.1f', tickCount: 5 },
          },
          color: {
            field: 'criterion',
            type: 'nominal',
            title: null,
            scale: { domain: [...chart.criteria], range: SERIES.slice(0, chart.criteria.length) },
          },
          order: { field: 'order' },
          opacity: { condition: { test: 'datum.excluded', value: 0.4 }, value: 1 },
        },
      },
      {
        data: {
          values: chart.rows.map(({ name, parts }) => ({ name, total: sum(parts), text: sum(parts).toFixed(3) })),
        },
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, color: INK.text },
        encoding: { x: { field: 'total', type: 'quantitative' }, text: { field: 'text' } },
      },
    ],
  } as unknown as VegaLiteSpec;
}
