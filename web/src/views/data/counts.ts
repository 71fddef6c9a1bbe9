import { FAILS, type Filtered } from './filters.ts';
import type { RowTable } from './rowTable.ts';

/** Rows of both sides. */
export interface SideCount {
  train: number;
  test: number;
}

/** What the charts show: each counts the rows that pass all filters but its own, so that other choices stay in sight. */
export interface Counts {
  /** Beside the data set's labels, sources and the table's type pairs. */
  readonly labels: readonly SideCount[];
  readonly pairs: readonly SideCount[];
  readonly sources: readonly SideCount[];
  readonly sides: SideCount;
  readonly length: Binned;
  readonly distance: Binned;
  /** `cells[label][pair]`, both sides. */
  readonly cells: readonly Int32Array[];
}

export interface Binned {
  /** Bins of this width from 0 on; whatever lies past the last counts into it. */
  readonly width: number;
  readonly bins: readonly SideCount[];
}

const zeros = (count: number): SideCount[] => Array.from({ length: count }, () => ({ train: 0, test: 0 }));

/** Widths and numbers of bins, from all rows of a data set: filters must not move the axis. */
export interface Binning {
  readonly length: { readonly width: number; readonly count: number };
  readonly distance: { readonly width: number; readonly count: number };
}

export const binningOf = (table: RowTable): Binning => ({
  length: binsFor(table.length),
  distance: binsFor(table.distance),
});

/** About thirty bins of a round width up to the 99th percentile. */
function binsFor(values: Int32Array) {
  const sorted = values.slice().sort();
  const end = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  const width = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => end / step <= 30) ?? 1000;
  return { width, count: Math.max(1, Math.ceil((end + 1) / width)) };
}

export function countRows(table: RowTable, { failed }: Filtered, binning: Binning): Counts {
  const { columns, count } = table;
  const labels = zeros(columns.labels.length);
  const pairs = zeros(table.pairs.length);
  const sources = zeros(columns.sources.length);
  const sides = { train: 0, test: 0 };
  const lengths = zeros(binning.length.count);
  const distances = zeros(binning.distance.count);
  const cells = labels.map(() => new Int32Array(pairs.length));
  const only = (mask: number, own: number) => (mask & ~own) === 0;
  const bin = (value: number, { width, count }: Binning['length']) => Math.min(count - 1, Math.floor(value / width));
  for (let i = 0; i < count; i++) {
    const mask = failed[i]!;
    const side = i < columns.train_rows ? 'train' : 'test';
    if (only(mask, FAILS.label)) labels[table.label[i]!]![side]++;
    if (only(mask, FAILS.pair)) pairs[table.pair[i]!]![side]++;
    if (only(mask, FAILS.source) && table.source[i]! >= 0) sources[table.source[i]!]![side]++;
    if (only(mask, FAILS.side)) sides[side]++;
    if (only(mask, FAILS.length)) lengths[bin(table.length[i]!, binning.length)]![side]++;
    if (only(mask, FAILS.distance)) distances[bin(table.distance[i]!, binning.distance)]![side]++;
    if (only(mask, FAILS.label | FAILS.pair)) cells[table.label[i]!]![table.pair[i]!]!++;
  }
  return {
    labels,
    pairs,
    sources,
    sides,
    length: { width: binning.length.width, bins: lengths },
    distance: { width: binning.distance.width, bins: distances },
    cells,
  };
}
