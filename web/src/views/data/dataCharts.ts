import { groupedBars } from '../../../../src/base/charts/groupedBars.ts';
import { heatMap } from '../../../../src/base/charts/heatMap.ts';
import { colours } from '../../../../src/base/charts/parts.ts';
import type { Layer, LayeredPanel, Position, VegaLiteSpec } from '../../../../src/base/charts/spec.ts';
import { SERIES } from '../../../../src/base/charts/theme.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import { entityTypeName } from '../../../../src/base/data/relations.ts';
import type { ChartTable } from '../../components/Chart.tsx';
import { asWideAsPlace, isOneOf, untitled, withLayers } from '../../components/panels.ts';
import { type AxisNames, namedAxis, relationAxis, shortName } from '../../components/relations.ts';
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
const both = ({ train, test }: SideCount) => train + test;

const sidesOf = (t: DataTexts) => [
  { name: t.train, color: SERIES[0] },
  { name: t.test, color: SERIES[1] },
];

/** Labels that keep their place without rows: with more of them, only those with rows are drawn. */
const MOST_EMPTY = 40;

/** Rows of the filtered sides by relation, most frequent first. A click names the relation in `name`. */
export function labelChart(
  table: RowTable,
  counts: Counts,
  chosen: readonly string[],
  t: DataTexts,
  lang: Language,
  isNarrow: boolean,
): Drawn {
  const { labels } = table.columns;
  const ranked = labels
    .map((name, id) => ({ name, count: counts.labels[id]! }))
    .filter(({ name, count }) => labels.length <= MOST_EMPTY || both(count) > 0 || chosen.includes(name))
    .sort((a, b) => b.count.train - a.count.train || b.count.test - a.count.test);
  return countBars(t.labelsTitle, t.relation, ranked, chosen, relationAxis(labels, lang, isNarrow), t, (name) =>
    shortName(name, lang),
  );
}

/** Rows by pair of entity types, most frequent first. A click names the pair in `name`. */
export function pairBars(table: RowTable, counts: Counts, chosen: readonly string[], t: DataTexts): Drawn {
  const ranked = table.pairs
    .map(({ name }, id) => ({ name, count: counts.pairs[id]! }))
    .sort((a, b) => both(b.count) - both(a.count));
  return countBars(t.pairsOfTypes, t.pair, ranked, chosen, {}, t);
}

/** Entities of each type as subjects and as objects, from the rows by pair of types. */
export function typeChart(table: RowTable, counts: Counts, t: DataTexts, lang: Language): Drawn {
  const types = [...new Set(table.pairs.flatMap(({ subject, object }) => [subject, object]))];
  const rowsOf = (role: 'subject' | 'object', type: string | null) =>
    table.pairs.reduce((sum, pair, id) => sum + (pair[role] === type ? both(counts.pairs[id]!) : 0), 0);
  const rows = types
    .map((type) => ({
      name: type === null ? t.none : type,
      title: type === null ? t.none : `${entityTypeName(type, lang)} (${type})`,
      values: [rowsOf('subject', type), rowsOf('object', type)],
    }))
    .sort((a, b) => b.values[0]! + b.values[1]! - a.values[0]! - a.values[1]!);
  const panel = groupedBars({
    series: [
      { name: t.subject, color: SERIES[2] },
      { name: t.object, color: SERIES[3] },
    ],
    valueTitle: t.rowCount,
    format: ',d',
    hasLegend: true,
    axis: namedAxis(
      rows.map(({ name, title }) => [name, title]),
      false,
    ),
    rows: rows.map(({ name, values }) => ({ name, values, texts: values.map(grouped) })),
  });
  return {
    spec: asWideAsPlace(panel, t.typesTitle),
    table: {
      columns: [t.type, t.subject, t.object],
      rows: rows.map(({ title, values }) => [title, ...values]),
    },
    isEmpty: rows.every(({ values }) => values.every((count) => count === 0)),
  };
}

/** Counts of both sides as bars; those chosen stand on a band. */
function countBars(
  title: string,
  column: string,
  ranked: readonly { readonly name: string; readonly count: SideCount }[],
  chosen: readonly string[],
  axis: AxisNames,
  t: DataTexts,
  shown: (name: string) => string = (name) => name,
): Drawn {
  const panel = groupedBars({
    series: sidesOf(t),
    valueTitle: t.rowCount,
    format: ',d',
    hasLegend: true,
    axis,
    rows: ranked.map(({ name, count: { train, test } }) => ({
      name,
      values: [train, test],
      texts: [grouped(train), grouped(test)],
    })),
  });
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
    spec: { ...asWideAsPlace(withLayers(panel, [band], []), title), config: { axisY: { grid: false } } },
    table: {
      columns: [column, t.train, t.test],
      rows: ranked.map(({ name, count }) => [shown(name), count.train, count.test]),
    },
    isEmpty: ranked.every(({ count }) => both(count) === 0),
  };
}

/** A distribution as counts of both sides, beside one another in each bin; a click names the bin in `start` and `end`, where the last has no end. */
export function binChart(title: string, { width, bins }: Binned, range: Range, t: DataTexts): Drawn {
  const isOpen = (i: number) => i === bins.length - 1;
  const x: Position = {
    field: 'from',
    type: 'quantitative',
    bin: { binned: true },
    title: [title, t.overflow],
    scale: { domain: [0, bins.length * width], nice: false },
    axis: { grid: false, tickCount: 6, tickMinStep: 1, format: ',d' },
  };
  const bars = bins.flatMap((count, i) =>
    (['train', 'test'] as const).map((side, half) => ({
      from: (i + 0.06 + half * 0.44) * width,
      to: (i + 0.5 + half * 0.44) * width,
      side: t[side],
      rows: count[side],
    })),
  );
  const bands = bins.map((count, i) => ({
    from: i * width,
    to: (i + 1) * width,
    start: i * width,
    end: isOpen(i) ? null : (i + 1) * width,
    chosen: isChosen(range, i * width, isOpen(i) ? null : (i + 1) * width),
    tip: `${binName(i, width, isOpen(i))}: ${t.train} ${grouped(count.train)}, ${t.test} ${grouped(count.test)}`,
  }));
  const panel: LayeredPanel = {
    height: 200,
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar', binSpacing: 0 },
        encoding: {
          x,
          x2: { field: 'to' },
          y: {
            field: 'rows',
            type: 'quantitative',
            stack: null,
            title: t.rowCount,
            axis: { format: ',d', tickCount: 5, tickMinStep: 1 },
            scale: { domainMin: 0, nice: true },
          },
          color: colours(
            'side',
            sidesOf(t).map(({ name }) => name),
            sidesOf(t).map(({ color }) => color),
          ),
        },
      },
      {
        data: { values: bands },
        mark: { type: 'rect', stroke: null },
        encoding: {
          x,
          x2: { field: 'to' },
          y: { value: 0 },
          y2: { value: 'height' },
          tooltip: { field: 'tip' },
          color: { condition: { test: 'datum.chosen', value: CHOSEN }, value: 'transparent' },
        },
      },
    ],
  };
  return {
    spec: asWideAsPlace(panel, title),
    table: {
      columns: [t.bin, t.train, t.test],
      rows: bins.map((count, i) => [binName(i, width, isOpen(i)), count.train, count.test]),
    },
    isEmpty: bins.every((count) => both(count) === 0),
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
    cell: { width: null, height: 22 },
    ...relationAxis(rows, lang),
  });
  return {
    spec: untitled(spec),
    table: {
      columns: [t.relation, t.pair, t.rows],
      rows: cells.map(({ row, column, text }) => [shortName(row, lang), column, Number(text.replaceAll(',', ''))]),
    },
    isEmpty: cells.length === 0,
  };
}
