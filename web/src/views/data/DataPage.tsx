import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { readDataSets, readFacts, readRows } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { replaceParams, route } from '../../state/router.ts';
import { Explorer } from './Explorer.tsx';
import { type Filters, fromParams, NO_FILTERS, toParams } from './filters.ts';
import { rowTable } from './rowTable.ts';
import { dataTexts } from './texts.ts';
import './data.css';

/** The Data view: one data set, its charts and its rows. */
export default function DataPage() {
  const t = dataTexts();
  const [asked] = useState(() => ({ set: route.value.params.get('set'), filters: fromParams(route.value.params) }));
  const sets = useLoaded('sets', readDataSets);
  const [chosen, setChosen] = useState(asked.set);
  const [filters, setFilters] = useState(asked.filters);
  const known = sets.value?.map(({ id }) => id) ?? [];
  const set = chosen !== null && known.includes(chosen) ? chosen : (known[0] ?? null);
  const rows = useLoaded(set, (signal) => readRows(set!, signal));
  const facts = useLoaded(set, (signal) => readFacts(set!, signal));
  const table = useMemo(() => rows.value && rowTable(rows.value), [rows.value]);
  const isCurrent = table !== null && table.columns.id === set;

  const change = useCallback((changes: Partial<Filters>) => setFilters((before) => ({ ...before, ...changes })), []);
  useAddress(set, filters, (params) => {
    setChosen(params.get('set'));
    setFilters(fromParams(params));
  });

  return (
    <>
      {sets.error !== null && <Failure error={sets.error} />}
      <div class="data-head">
        <label>
          {t.set}
          <select
            aria-label={t.sets}
            value={set ?? ''}
            onChange={({ currentTarget }) => {
              setChosen(currentTarget.value);
              setFilters(NO_FILTERS);
            }}
          >
            {sets.value?.map(({ id, name }) => (
              <option key={id} value={id}>
                {id === 'sample' ? `${name} (${t.sample})` : name}
              </option>
            ))}
          </select>
        </label>
        {isCurrent && (
          <p class="data-facts">
            <strong>{t.sides(table.columns.train_rows, table.count - table.columns.train_rows)}</strong>
            {table.columns.rejected > 0 && <span>{t.rejected(table.columns.rejected)}</span>}
            {facts.value !== null && facts.value.repetition.shared.rows > 0 && (
              <span>{t.shared(facts.value.repetition.shared.rows)}</span>
            )}
            {facts.value !== null && conflicting(facts.value.repetition.conflicts) > 0 && (
              <span>{t.conflicts(conflicting(facts.value.repetition.conflicts))}</span>
            )}
          </p>
        )}
      </div>
      {rows.error !== null && <Failure error={rows.error} />}
      {rows.isLoading && (
        <p class="muted" aria-busy="true">
          {t.reading}
        </p>
      )}
      {isCurrent && (
        <Explorer
          key={table.columns.digest}
          table={table}
          filters={filters}
          words={facts.value?.interpretations ?? null}
          onChange={change}
        />
      )}
    </>
  );
}

const conflicting = ({ train, test }: { train: { rows: number }; test: { rows: number } }) => train.rows + test.rows;

/** Keeps the address in step with what is looked at, a moment after the last change, and follows it where it leads elsewhere. */
function useAddress(set: string | null, filters: Filters, follow: (params: URLSearchParams) => void): void {
  const { params } = route.value;
  const known = useRef(params.toString());
  useEffect(() => {
    if (params.toString() === known.current) return;
    known.current = params.toString();
    follow(params);
  }, [params]);
  const isFirst = useRef(true);
  useEffect(() => {
    if (set === null) return;
    // The visit itself changes nothing: the address may be what somebody shared.
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => {
      const shown = toParams(set, filters);
      known.current = shown.toString();
      replaceParams(shown);
    }, 200);
    return () => clearTimeout(timer);
  }, [set, filters]);
}
