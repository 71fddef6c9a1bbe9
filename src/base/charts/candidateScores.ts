import { categories, colours, titled } from './parts.ts';
import type { LayeredChart } from './spec.ts';
import { INK } from './theme.ts';

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
export function candidateScores(chart: CandidateScores): LayeredChart {
  const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);
  return {
    ...titled(chart.title),
    width: 460,
    height: { step: 30 },
    encoding: { y: categories(chart.rows.map(({ name }) => name)) },
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
          color: colours('criterion', chart.criteria),
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
  };
}
