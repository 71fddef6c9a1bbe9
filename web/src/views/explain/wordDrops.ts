import { categories } from '../../../../src/base/charts/parts.ts';
import type { LayeredChart } from '../../../../src/base/charts/spec.ts';
import { INK, SERIES } from '../../../../src/base/charts/theme.ts';

export interface WordDrops {
  readonly title: string;
  /** In drawing order; the same word may stand in a sentence more than once. */
  readonly words: readonly { readonly word: string; readonly drop: number; readonly start: number }[];
  readonly axis: string;
}

/** Words as bars of what the answer loses without them; those without which it gains go to the left, in another colour. */
export function wordDrops({ title, words, axis }: WordDrops): LayeredChart {
  const values = words.map(({ word, drop, start }) => ({
    name: `${String(start).padStart(6, '0')}${word}`,
    drop: drop * 100,
    // Beside a bar to the left, the figure stands right of the line.
    end: Math.max(0, drop * 100),
    text: `${drop < 0 ? '+' : ''}${(Math.abs(drop) * 100).toFixed(1)}`,
  }));
  return {
    description: title,
    width: 'container',
    height: { step: 26 },
    data: { values },
    encoding: {
      y: categories(
        values.map(({ name }) => name),
        { labelExpr: 'slice(datum.label, 6)', labelLimit: 160 },
      ),
      x: {
        field: 'drop',
        type: 'quantitative',
        title: `${axis} (%p)`,
        scale: { nice: true, domainMin: Math.min(0, ...values.map(({ drop }) => drop)) },
        axis: { tickCount: 5 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.6 }, cornerRadiusEnd: 3 },
        encoding: { color: { condition: { test: 'datum.drop < 0', value: SERIES[0] }, value: SERIES[1] } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, color: INK.muted },
        encoding: { x: { field: 'end', type: 'quantitative' }, text: { field: 'text' } },
      },
    ],
  };
}
