import { relationText } from '../../components/tags.tsx';
import type { Counts } from './counts.ts';
import { type Filters, type Range, regexProblem, toggled } from './filters.ts';
import { Picker } from './Picker.tsx';
import type { RowTable } from './rowTable.ts';
import { dataTexts } from './texts.ts';

interface FilterBarProps {
  readonly table: RowTable;
  readonly counts: Counts;
  readonly filters: Filters;
  readonly onChange: (changes: Partial<Filters>) => void;
}

export function FilterBar({ table, counts, filters, onChange }: FilterBarProps) {
  const t = dataTexts();
  const problem = regexProblem(filters);
  const rows = ({ train, test }: { train: number; test: number }) => train + test;
  const choices = (names: readonly string[], by: Counts['labels']) =>
    names.map((name, i) => ({ name, title: relationText(name), count: rows(by[i]!) }));
  return (
    <section class="panel data-filters" aria-label={t.filters}>
      <div class="data-search">
        <label>
          {t.search}
          <input
            type="search"
            value={filters.text}
            placeholder={t.searchHint}
            aria-invalid={problem !== null ? true : undefined}
            aria-describedby={problem !== null ? 'regex-problem' : undefined}
            onInput={({ currentTarget }) => onChange({ text: currentTarget.value })}
          />
        </label>
        <label class="data-regex">
          <input
            type="checkbox"
            checked={filters.isRegex}
            onChange={({ currentTarget }) => onChange({ isRegex: currentTarget.checked })}
          />
          {t.regex}
        </label>
      </div>
      {problem !== null && (
        <p id="regex-problem" class="notice notice-warn" role="status">
          {t.badRegex(problem)}
        </p>
      )}
      <div class="data-choices">
        <Picker
          title={t.relation}
          choices={choices(table.columns.labels, counts.labels)}
          chosen={filters.labels}
          onToggle={(name) => onChange({ labels: toggled(filters.labels, name) })}
        />
        <Picker
          title={t.pair}
          choices={choices(
            table.pairs.map(({ name }) => name),
            counts.pairs,
          )}
          chosen={filters.pairs}
          onToggle={(name) => onChange({ pairs: toggled(filters.pairs, name) })}
        />
        {table.columns.sources.length > 0 && (
          <Picker
            title={t.source}
            choices={choices(table.columns.sources, counts.sources)}
            chosen={filters.sources}
            onToggle={(name) => onChange({ sources: toggled(filters.sources, name) })}
          />
        )}
        <div class="data-sides" role="group" aria-label={t.side}>
          {([null, 'train', 'test'] as const).map((side) => (
            <button
              key={side}
              type="button"
              class="quiet"
              aria-pressed={filters.side === side}
              onClick={() => onChange({ side })}
            >
              {side === null ? t.both : t[side]}
            </button>
          ))}
        </div>
        <RangeFields title={t.length} range={filters.length} onChange={(length) => onChange({ length })} />
        <RangeFields title={t.distance} range={filters.distance} onChange={(distance) => onChange({ distance })} />
      </div>
    </section>
  );
}

function RangeFields(props: { title: string; range: Range; onChange: (range: Range) => void }) {
  const { title, range, onChange } = props;
  const t = dataTexts();
  const field = (end: 'min' | 'max', label: string) => (
    <input
      type="number"
      inputMode="numeric"
      min={0}
      max={99999}
      aria-label={`${title}: ${label}`}
      placeholder={label}
      value={range[end] ?? ''}
      onInput={({ currentTarget: { value, validity } }) => {
        if (validity.valid) onChange({ ...range, [end]: value === '' ? null : Math.floor(Number(value)) });
      }}
    />
  );
  return (
    <fieldset class="data-range">
      <legend>{title}</legend>
      {field('min', t.from)}
      <span aria-hidden="true">–</span>
      {field('max', t.to)}
    </fieldset>
  );
}
