import { PAIR_CHOICES, type PairsOption } from '../../../../src/base/data/convert.ts';
import type { Format } from '../../../../src/base/data/formats/format.ts';
import { READING_NAMES, type ReadingName } from '../../../../src/base/data/formats/readings.ts';
import { FORMATS } from '../../../../src/base/data/formats/table.ts';
import type { Wish } from './conversion.ts';
import { convertTexts } from './texts.ts';

export interface WishesProps {
  readonly wish: Wish;
  readonly onChange: (change: Partial<Wish>) => void;
}

const HOLDS = ['rows', 'documents'] as const;

/** What to write, and what the content of the files does not say. */
export function Wishes({ wish, onChange }: WishesProps) {
  const t = convertTexts();
  const ending = ({ write }: Format) => (write?.extension === '' ? t.folder : write?.extension);
  const { to, from, offsets, pairs, noRelation, skipsBadRows } = wish;
  const target = FORMATS.find(({ id }) => id === to);
  return (
    <div class="convert-wishes">
      <label>
        {t.to}
        <select value={to} onChange={({ currentTarget }) => onChange({ to: currentTarget.value })}>
          {HOLDS.map((holds) => (
            <optgroup key={holds} label={t[holds]}>
              {FORMATS.filter(({ write }) => write?.holds === holds).map((format) => (
                <option key={format.id} value={format.id}>
                  {format.name} ({format.id}, {ending(format)})
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      {target?.write?.holds === 'rows' && (
        <label>
          {t.pairs}
          <select
            value={pairs}
            onChange={({ currentTarget }) => onChange({ pairs: currentTarget.value as PairsOption })}
          >
            {PAIR_CHOICES.map((choice) => (
              <option key={choice} value={choice}>
                {t[`pairs_${choice}`]}
              </option>
            ))}
          </select>
        </label>
      )}
      <details>
        <summary>{t.more}</summary>
        <div class="convert-choices">
          <label>
            {t.from}
            <select
              value={from ?? ''}
              onChange={({ currentTarget }) =>
                onChange({ from: currentTarget.value === '' ? null : currentTarget.value })
              }
            >
              <option value="">{t.found}</option>
              {FORMATS.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t.offsets}
            <select
              value={offsets ?? ''}
              onChange={({ currentTarget: { value } }) =>
                onChange({ offsets: value === '' ? null : (value as ReadingName) })
              }
            >
              <option value="">{t.checked}</option>
              {READING_NAMES.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t.noRelation}
            <input
              type="text"
              value={noRelation}
              placeholder={t.noRelationAuto}
              maxLength={200}
              onChange={({ currentTarget }) => onChange({ noRelation: currentTarget.value.trim() })}
            />
          </label>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={skipsBadRows}
            onChange={({ currentTarget }) => onChange({ skipsBadRows: currentTarget.checked })}
          />
          {t.skip}
        </label>
      </details>
    </div>
  );
}
