import { grouped } from '../../../../src/base/core/format.ts';
import { language } from '../../i18n/language.ts';
import type { BadRow } from './runBatch.ts';
import { batchTexts } from './texts.ts';

const SHOWN = 50;

/** Rows that got no answer, with the reasons. */
export function BadRows({ rows }: { rows: readonly BadRow[] }) {
  const t = batchTexts();
  const lang = language.value;
  if (rows.length === 0) return null;
  return (
    <details class="panel" open>
      <summary>{t.badRows(rows.length)}</summary>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={t.badRows(rows.length)}>
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
