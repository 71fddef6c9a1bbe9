import { useState } from 'preact/hooks';
import { CopyButton } from '../../components/CopyButton.tsx';
import type { Snippet } from './snippets.ts';
import { tryTexts } from './texts.ts';

/** Code in tabs, each to copy. */
export function Snippets({ snippets }: { snippets: readonly Snippet[] }) {
  const t = tryTexts();
  const [chosen, setChosen] = useState(0);
  const current = snippets[Math.min(chosen, snippets.length - 1)]!;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (chosen + step + snippets.length) % snippets.length;
    setChosen(next);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <details class="panel snippets">
      <summary>{t.request}</summary>
      <div class="snippet-head">
        <div role="tablist" aria-label={t.request} onKeyDown={onKeyDown} class="actions">
          {snippets.map(({ name }, i) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`snippet-tab-${i}`}
              aria-controls="snippet"
              aria-selected={name === current.name}
              tabIndex={name === current.name ? 0 : -1}
              class="quiet small"
              onClick={() => setChosen(i)}
            >
              {name}
            </button>
          ))}
        </div>
        <CopyButton text={current.code} />
      </div>
      <pre id="snippet" role="tabpanel" aria-labelledby={`snippet-tab-${snippets.indexOf(current)}`} tabIndex={0}>
        <code>{current.code}</code>
      </pre>
    </details>
  );
}
