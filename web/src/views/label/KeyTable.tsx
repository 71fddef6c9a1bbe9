import { labelTexts } from './texts.ts';

/** The keys of the desk. */
export function KeyTable() {
  const t = labelTexts();
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['Enter'], t.keyConfirm],
    [['1', '…', '9'], t.keyChoose],
    [['0', 'N'], t.keyNone],
    [['/'], t.keySearch],
    [['↑', '↓'], t.keyMove],
    [['A'], t.keyAll],
    [['E'], t.keyEntities],
    [['S'], t.keySkip],
    [['U'], t.keyUndo],
    [['C'], t.keyComment],
  ];
  return (
    <details class="keys">
      <summary>{t.keys}</summary>
      <dl>
        {keys.map(([names, meaning]) => (
          <div key={meaning}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
