import { useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { settingRows } from './settings.ts';
import { runTexts } from './texts.ts';

/** The settings of the runs side by side; those that differ stand out. */
export function SettingsTable({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const planned = runs.filter(({ plan }) => plan !== null);
  if (planned.length === 0) return null;
  const rows = settingRows(planned);
  const filters = onlyDifferent && planned.length > 1;
  const shown = filters ? rows.filter(({ differs }) => differs) : rows;
  return (
    <section class="panel">
      <div class="run-head">
        <h2>{t.settings}</h2>
        {planned.length > 1 && (
          <label>
            <input
              type="checkbox"
              checked={onlyDifferent}
              onChange={({ currentTarget }) => setOnlyDifferent(currentTarget.checked)}
            />
            {t.onlyDifferent}
          </label>
        )}
      </div>
      {shown.length === 0 ? (
        <p class="muted">{t.allSame}</p>
      ) : (
        <div class="scroll-x" role="region" aria-label={t.settings} tabIndex={0}>
          <table class="run-settings">
            <thead>
              <tr>
                <th scope="col">{t.setting}</th>
                {planned.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, values, differs }) => (
                <tr key={name} class={differs ? 'differs' : undefined}>
                  <th scope="row">
                    <code>{name}</code>
                    {differs && <span class="sr-only"> {t.differs}</span>}
                  </th>
                  {values.map((value, i) => (
                    <td key={planned[i]!.name}>{value ?? <span class="muted">{t.auto}</span>}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
