import { useState } from 'preact/hooks';
import type { ColumnName } from '../../../../src/base/core/settings.ts';
import type { ColumnMapping } from '../../../../src/base/data/formats/format.ts';
import type { Preview } from './preview.ts';
import { batchTexts } from './texts.ts';

export interface ColumnChooserProps {
  readonly preview: Preview;
  /** What was chosen before. */
  readonly chosen: ColumnMapping;
  readonly onUse: (columns: ColumnMapping) => void;
}

const NEEDED = ['sentence', 'subject', 'object'] as const;
const OTHERS = ['subject_type', 'object_type', 'label', 'guid'] as const;
const OFFSETS = ['subject_start', 'subject_end', 'object_start', 'object_end'] as const;

/** Which column of a file is what, chosen beside its first rows. */
export function ColumnChooser({ preview: { columns, rows, suggested }, chosen, onUse }: ColumnChooserProps) {
  const t = batchTexts();
  const [mapping, setMapping] = useState<ColumnMapping>({ ...suggested, ...chosen });
  const names = Object.values(mapping);
  const isTwice = names.some((name, i) => names.indexOf(name) !== i);
  const isReady = NEEDED.every((field) => mapping[field] !== undefined) && !isTwice;
  const choose = (field: ColumnName, name: string) => {
    const { [field]: _, ...others } = mapping;
    setMapping(name === '' ? others : { ...others, [field]: name });
  };
  const fieldOf = (name: string) =>
    Object.entries(mapping).find(([, column]) => column === name)?.[0] as ColumnName | undefined;
  const choice = (field: ColumnName, isNeeded: boolean) => (
    <label key={field}>
      {t[`column_${field}`]}
      <select
        value={mapping[field] ?? ''}
        required={isNeeded}
        aria-invalid={isNeeded && mapping[field] === undefined ? 'true' : undefined}
        onChange={({ currentTarget }) => choose(field, currentTarget.value)}
      >
        <option value="">{isNeeded ? t.chooseColumn : t.noColumn}</option>
        {columns.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form
      class="column-chooser"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onUse(mapping);
      }}
    >
      <p>{t.columnsLead}</p>
      <div class="column-choices">{NEEDED.map((field) => choice(field, true))}</div>
      <div class="column-choices">{OTHERS.map((field) => choice(field, false))}</div>
      <details open={OFFSETS.some((field) => mapping[field] !== undefined)}>
        <summary>{t.offsets}</summary>
        <p class="muted small-print">{t.offsetsHelp}</p>
        <div class="column-choices">{OFFSETS.map((field) => choice(field, false))}</div>
      </details>
      {isTwice && (
        <p class="notice notice-warn" role="alert">
          {t.columnTwice}
        </p>
      )}
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t.firstRows}>
        <table class="preview">
          <caption>{t.firstRows}</caption>
          <thead>
            <tr>
              {columns.map((name) => {
                const field = fieldOf(name);
                return (
                  <th key={name} scope="col" class={field && 'preview-used'}>
                    {name}
                    {field && <small class="preview-field">{t[`column_${field}`]}</small>}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {columns.map((name) => (
                  <td key={name} lang="ko" class={fieldOf(name) && 'preview-used'}>
                    {shown(row[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button type="submit" disabled={!isReady}>
        {t.useColumns}
      </button>
    </form>
  );
}

const MOST = 80;

function shown(cell: unknown): string {
  const text =
    cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
