import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { DataFacts } from '../../../../src/app/serve/page/shapes.ts';
import { CorrectThese, MOST_CORRECTED } from '../../components/CorrectThese.tsx';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { saveAs } from '../../components/saveAs.ts';
import { RelationName } from '../../components/tags.tsx';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { isNarrow } from '../../state/narrow.ts';
import { Chips } from './Chips.tsx';
import { binningOf, countRows } from './counts.ts';
import { DataCharts } from './DataCharts.tsx';
import { FilterBar } from './FilterBar.tsx';
import { applyFilters, type Filtered, type Filters, regexProblem } from './filters.ts';
import { RowDetails } from './RowDetails.tsx';
import { type Row, type RowTable, rowAt } from './rowTable.ts';
import { type DataTexts, dataTexts } from './texts.ts';

interface ExplorerProps {
  readonly table: RowTable;
  readonly filters: Filters;
  readonly words: DataFacts['interpretations'];
  readonly onChange: (changes: Partial<Filters>) => void;
}

/** Charts are drawn this long after the last change: the table follows each key, they need not. */
const CHART_DELAY_MS = 150;

export function Explorer({ table, filters, words, onChange }: ExplorerProps) {
  const t = dataTexts();
  const { filtered, ms } = useFiltered(table, filters);
  const binning = useMemo(() => binningOf(table), [table]);
  const counts = useMemo(() => countRows(table, filtered, binning), [table, filtered, binning]);
  const settled = useSettled({ counts, filters }, CHART_DELAY_MS);
  const { rows } = filtered;
  const [chosen, setChosen] = useState<number | null>(null);
  const place = chosen === null ? -1 : rows.indexOf(chosen);
  const narrow = isNarrow.value;
  const columns = useMemo(() => (narrow ? cardOf(t) : columnsOf(t)), [t, narrow]);
  const at = useCallback((index: number) => rowAt(table, rows[index]!), [table, rows]);
  const firstRows = useMemo(
    () => Array.from(rows.slice(0, MOST_CORRECTED), (row) => ({ ...rowAt(table, row), gold: rowAt(table, row).label })),
    [table, rows],
  );
  const move = (by: 1 | -1) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, place + by))];
    if (next !== undefined) setChosen(next);
  };

  return (
    <>
      <FilterBar table={table} counts={counts} filters={filters} onChange={onChange} />
      <div class="data-state">
        <p role="status">
          <strong>{t.found(rows.length, table.count)}</strong> <span class="muted">{t.took(ms.toFixed(1))}</span>
        </p>
        <Chips filters={filters} onChange={onChange} />
        <button
          type="button"
          class="quiet small"
          disabled={rows.length === 0}
          onClick={() => saveGuids(table, filtered)}
        >
          {t.exportGuids}
        </button>
        <CorrectThese rows={firstRows} />
      </div>
      <DataCharts table={table} counts={settled.counts} filters={settled.filters} words={words} onChange={onChange} />
      <div class={chosen === null ? 'data-rows' : 'data-rows with-details'}>
        <VirtualTable<Row>
          key={String(narrow)}
          label={t.rows}
          columns={columns}
          count={rows.length}
          rowAt={at}
          rowHeight={narrow ? 72 : 40}
          height={560}
          selected={place < 0 ? null : place}
          onOpen={({ index }) => setChosen(index)}
        />
        {chosen !== null && <RowDetails row={rowAt(table, chosen)} onMove={move} onClose={() => setChosen(null)} />}
      </div>
    </>
  );
}

/** The rows that pass, with how long that took. An unfinished regular expression leaves the rows as they were. */
function useFiltered(table: RowTable, filters: Filters): { filtered: Filtered; ms: number } {
  const [last, setLast] = useState(filters);
  const usable = regexProblem(filters) === null ? filters : { ...filters, text: last.text, isRegex: last.isRegex };
  useEffect(() => {
    if (regexProblem(filters) === null) setLast(filters);
  }, [filters]);
  const { text, isRegex, labels, pairs, sources, side, length, distance } = usable;
  return useMemo(() => {
    const started = performance.now();
    const filtered = applyFilters(table, usable);
    return { filtered, ms: performance.now() - started };
  }, [table, text, isRegex, labels, pairs, sources, side, length, distance]);
}

/** The value, once it has stayed the same for a while. */
function useSettled<T extends object>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, Object.values(value));
  return settled;
}

const columnsOf = (t: DataTexts): Column<Row>[] => [
  {
    id: 'side',
    title: t.side,
    width: '4.5rem',
    cell: ({ side }) => <span class={`side side-${side}`}>{t[side]}</span>,
  },
  {
    id: 'label',
    title: t.relation,
    width: '12rem',
    cell: ({ label }) => (
      <span class="data-label">
        <RelationName name={label} quiet />
      </span>
    ),
  },
  {
    id: 'sentence',
    title: t.sentence,
    width: 'minmax(16rem, 1fr)',
    cell: (row) => <MarkedSentence {...row} roles={t} cut />,
  },
  {
    id: 'types',
    title: t.types,
    width: '6.5rem',
    cell: ({ subject, object }) => `${subject.type ?? '–'}→${object.type ?? '–'}`,
  },
  { id: 'length', title: t.chars, width: '4.5rem', numeric: true, cell: ({ length }) => length },
];

/** A row on a phone: what it is, and the sentence below. */
const cardOf = (t: DataTexts): Column<Row>[] => [
  {
    id: 'card',
    title: t.sentence,
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <div class="data-card">
        <div>
          <span class={`side side-${row.side}`}>{t[row.side]}</span>{' '}
          <span class="data-label">
            <RelationName name={row.label} quiet />
          </span>
        </div>
        <div>
          <MarkedSentence {...row} roles={t} cut />
        </div>
      </div>
    ),
  },
];

/** The guids of the filtered rows, one a line. */
function saveGuids({ columns }: RowTable, { rows }: Filtered): void {
  const text = Array.from(rows, (row) => `${columns.guid[row]}\n`).join('');
  saveAs(`${columns.name}-guids.txt`, 'text/plain', text);
}
