import { grouped } from '../../../src/base/core/format.ts';
import type { Problem } from '../../../src/base/data/checkRow.ts';
import { language } from '../i18n/language.ts';
import { componentTexts } from './texts.ts';

export interface BadRowsProps {
  readonly title: string;
  readonly rows: readonly { readonly number: number; readonly problems: readonly Problem[] }[];
}

const SHOWN = 50;

/** Rows that were left out, with the reasons. */
export function BadRows({ title, rows }: BadRowsProps) {
  const t = componentTexts();
  const lang = language.value;
  if (rows.length === 0) return null;
  return (
    <details class="panel" open>
      <summary>{title}</summary>
      <div class="scroll-x bad-rows-list" tabIndex={0} role="region" aria-label={title}>
        <table class="stacking bad-rows">
          <thead>
            <tr>
              <th scope="col">{t.rowNumber}</th>
              <th scope="col">{t.field}</th>
              <th scope="col">{t.reason}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).flatMap(({ number, problems }) =>
              problems.map(({ field, found, expected }) => (
                <tr key={`${number}${field}`}>
                  <td>{number}</td>
                  <td>
                    <code>{field}</code>
                  </td>
                  <td>{found[lang] === '' ? expected[lang] : t.found(found[lang], expected[lang])}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN && <p class="muted small-print">{t.badMore(grouped(rows.length - SHOWN))}</p>}
    </details>
  );
}
