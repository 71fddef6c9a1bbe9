import { heatMap } from '../../../../src/base/charts/heatMap.ts';
import { histogram } from '../../../../src/base/charts/histogram.ts';
import { pairPanel } from '../../../../src/base/charts/pairedBars.ts';
import type { Layer, VegaLiteSpec } from '../../../../src/base/charts/spec.ts';
import { SERIES } from '../../../../src/base/charts/theme.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import type { ChartTable } from '../../components/Chart.tsx';
import { asWideAsPlace, atOwnSize, isOneOf, untitled, withLayers } from '../../components/panels.ts';
import { relationAxis, shortName } from '../../components/relations.ts';
import type { Binned, Counts, SideCount } from './counts.ts';
import type { Range } from './filters.ts';
import type { RowTable } from './rowTable.ts';
import type { DataTexts } from './texts.ts';

/** A chart with its figures, for `Chart`. */
export interface Drawn {
  readonly spec: VegaLiteSpec;
  readonly table: ChartTable;
  /** Whether no row is left to draw. */
  readonly isEmpty: boolean;
}

const CHOSEN = `${SERIES[0]}33`;
const total = (counts: readonly SideCount[]): SideCount => ({
  train: counts.reduce((sum, { train }) => sum + train, 0),
  test: counts.reduce((sum, { test }) => sum + test, 0),
});
const share = (count: number, all: number) => (all === 0 ? 0 : count / all);
const both = ({ train, test }: SideCount) => train + test;

/** The relations, most frequent first: shares of the filtered training and test rows. A click names the relation in `name`. */
export function labelChart(
  table: RowTable,
  counts: Counts,
  chosen: readonly string[],
  t: DataTexts,
  lang: Language,
): Drawn {
  const { labels } = table.columns;
  const all = total(counts.labels);
  const ranked = labels
    .map((name, id) => ({ name, count: counts.labels[id]! }))
    .filter(({ name, count }) => both(count) > 0 || chosen.includes(name))
    .sort((a, b) => b.count.train - a.count.train || b.count.test - a.count.test);
  const rows = ranked.map(({ name, count }) => ({
    name,
    values: [share(count.train, all.train), share(count.test, all.test)] as const,
    texts: [grouped(count.train), grouped(count.test)] as const,
  }));
  const longest = Math.max(0.01, ...rows.flatMap(({ values }) => [...values]));
  const panel = pairPanel(
    { series: [t.train, t.test], valueTitle: t.rowShare, rows },
    longest,
    relationAxis(labels, lang),
  );
  const band: Layer = {
    data: { values: ranked.map(({ name }) => ({ name })) },
    mark: { type: 'rect' },
    encoding: {
      x: { value: 0 },
      x2: { value: 'width' },
      yOffset: { value: 0 },
      color: { condition: { test: isOneOf('name', chosen), value: CHOSEN }, value: 'transparent' },
    },
  };
  return {
    spec: { ...asWideAsPlace(withLayers(panel, [band], []), t.labelsTitle), config: { axisY: { grid: false } } },
    table: {
      columns: [t.relation, t.train, t.test],
      rows: ranked.map(({ name, count }) => [shortName(name, lang), count.train, count.test]),
    },
    isEmpty: ranked.length === 0,
  };
}

/** A distribution; a click names the bin in `start` and `end`, where the last has no end. */
export function binChart(title: string, { width, bins }: Binned, range: Range, t: DataTexts): Drawn {
  const all = total(bins);
  const shares = bins.map((count, i) => ({
    start: i * width,
    end: (i + 1) * width,
    shares: [share(count.train, all.train), share(count.test, all.test)] as const,
  }));
  const panel = histogram(
    { xTitle: `${title}, ${t.overflow}`, bins: shares },
    { series: [t.train, t.test], valueTitle: t.rowShare },
  );
  const isOpen = (i: number) => i === bins.length - 1;
  const bands = bins.map((count, i) => ({
    from: i * width,
    to: (i + 1) * width,
    start: i * width,
    end: isOpen(i) ? null : (i + 1) * width,
    chosen: isChosen(range, i * width, isOpen(i) ? null : (i + 1) * width),
    tip: `${binName(i, width, isOpen(i))}: ${t.train} ${grouped(count.train)}, ${t.test} ${grouped(count.test)}`,
  }));
  const band: Layer = {
    data: { values: bands },
    mark: { type: 'rect', stroke: null },
    encoding: {
      x: { field: 'from', type: 'quantitative', bin: { binned: true } },
      x2: { field: 'to' },
      y: { value: 0 },
      y2: { value: 'height' },
      tooltip: { field: 'tip' },
      color: { condition: { test: 'datum.chosen', value: CHOSEN }, value: 'transparent' },
    },
  };
  return {
    spec: asWideAsPlace(withLayers(panel, [], [band]), title),
    table: {
      columns: [t.bin, t.train, t.test],
      rows: bins.map((count, i) => [binName(i, width, isOpen(i)), count.train, count.test]),
    },
    isEmpty: both(all) === 0,
  };
}

const binName = (i: number, width: number, isOpen: boolean): string =>
  isOpen ? `≥ ${i * width}` : width === 1 ? `${i}` : `${i * width}–${(i + 1) * width - 1}`;

function isChosen({ min, max }: Range, start: number, end: number | null): boolean {
  if (min === null && max === null) return false;
  return start >= (min ?? 0) && (max === null || (end !== null && end - 1 <= max));
}

/** Relation by type pair; colours mean shares within the pair. A click names them in `row` and `column`. */
export function pairChart(table: RowTable, counts: Counts, t: DataTexts, lang: Language): Drawn {
  const { labels } = table.columns;
  const totals = table.pairs.map((_, p) => counts.cells.reduce((sum, row) => sum + row[p]!, 0));
  const columns = table.pairs.flatMap(({ name }, p) => (totals[p]! > 0 ? { name, p } : []));
  const rows = labels.filter((_, id) => counts.cells[id]!.some((count) => count > 0));
  const cells = rows.flatMap((row) =>
    columns.flatMap(({ name, p }) => {
      const count = counts.cells[labels.indexOf(row)]![p]!;
      return count === 0 ? [] : { row, column: name, value: count / totals[p]!, text: grouped(count) };
    }),
  );
  const spec = heatMap({
    title: t.pairsTitle,
    rowTitle: t.relation,
    columnTitle: t.pairColumn,
    rows,
    columns: columns.map(({ name }) => name),
    cells,
    colorTitle: t.cellShare,
    ...relationAxis(rows, lang),
  });
  return {
    spec: atOwnSize(untitled(spec)),
    table: {
      columns: [t.relation, t.pair, t.rows],
      rows: cells.map(({ row, column, text }) => [shortName(row, lang), column, Number(text.replaceAll(',', ''))]),
    },
    isEmpty: cells.length === 0,
  };
}
