import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { settingRows } from './settings.ts';
import { runTexts } from './texts.ts';

interface SettingsTableProps {
  readonly runs: readonly ComparedRun[];
  /** Whether settings that are the same are shown, too. */
  readonly isAll: boolean;
  readonly onAll: (isAll: boolean) => void;
}

/** The settings of the runs side by side; those that differ stand out. */
export function SettingsTable({ runs, isAll, onAll }: SettingsTableProps) {
  const t = runTexts();
  const planned = runs.filter(({ plan }) => plan !== null);
  if (planned.length === 0) return null;
  const rows = settingRows(planned);
  const filters = !isAll && planned.length > 1;
  const shown = filters ? rows.filter(({ differs }) => differs) : rows;
  const controls = planned.length > 1 && (
    <label>
      <input type="checkbox" checked={!isAll} onChange={({ currentTarget }) => onAll(!currentTarget.checked)} />
      {t.onlyDifferent}
    </label>
  );
  return (
    <RunSection id="settings" title={t.settings} controls={controls}>
      {shown.length === 0 ? (
        <p class="muted">{t.allSame}</p>
      ) : (
        <div class="scroll-x" role="region" aria-label={t.settings} tabIndex={0}>
          <table class="run-settings run-cards">
            <thead>
              <tr>
                <th scope="col">{t.setting}</th>
                {planned.map(({ name, color }) => (
                  <th key={name} scope="col">
                    <RunName name={name} color={color} />
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
                    <td key={planned[i]!.name} data-label={planned[i]!.name}>
                      {value ?? <span class="muted">{t.auto}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </RunSection>
  );
}
