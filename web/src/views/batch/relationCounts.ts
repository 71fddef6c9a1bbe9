import { categories } from '../../../../src/base/charts/parts.ts';
import type { LayeredChart } from '../../../../src/base/charts/spec.ts';
import { INK, SERIES } from '../../../../src/base/charts/theme.ts';
import type { AxisNames } from '../../components/relations.ts';

export interface RelationCounts extends AxisNames {
  readonly title: string;
  /** Largest first. */
  readonly counts: readonly { readonly relation: string; readonly count: number }[];
  readonly noRelation: string | null;
}

/** Bars leave room for the longest one's number. */
const ROOM = 1.12;

/** How many rows got each relation; those without one in grey. */
export function relationCounts({ title, counts, noRelation, ...names }: RelationCounts): LayeredChart {
  const most = counts[0]?.count ?? 0;
  return {
    description: title,
    width: 'container',
    height: { step: names.labelLineHeight === undefined ? 22 : 27 },
    data: { values: counts.map((row) => ({ ...row, isNone: row.relation === noRelation })) },
    encoding: {
      y: { ...categories(null, { labelLimit: 190, ...names }), field: 'relation' },
      x: {
        field: 'count',
        type: 'quantitative',
        title: null,
        scale: { domain: [0, most * ROOM], nice: false },
        axis: { tickCount: 5, format: ',d', tickMinStep: 1 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.65 }, cornerRadiusEnd: 3 },
        encoding: { color: { condition: { test: 'datum.isNone', value: INK.line }, value: SERIES[0] } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, color: INK.muted },
        encoding: { text: { field: 'count', format: ',d' } },
      },
    ],
  };
}
