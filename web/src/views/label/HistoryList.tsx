import { useState } from 'preact/hooks';
import type { LabelAction } from '../../../../src/inference/predict/api/labelSchema.ts';
import { readHistory } from '../../api/labelProject.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { language } from '../../i18n/language.ts';
import { type LabelTexts, labelTexts } from './texts.ts';

interface HistoryListProps {
  readonly sentence: number;
  readonly titleOf: (relation: string) => string;
}

/** Who did what to the sentence, also what was taken back. */
export function HistoryList({ sentence, titleOf }: HistoryListProps) {
  const t = labelTexts();
  const [isOpen, setOpen] = useState(false);
  const { value } = useLoaded(isOpen ? String(sentence) : null, (signal) => readHistory(sentence, signal));
  return (
    <details class="keys" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.history}</summary>
      <ol class="label-history">
        {value?.events.map(({ id, at, person, actions, undone }) => (
          <li key={id} class={undone ? 'label-undone' : undefined}>
            <strong>{person}</strong> <time dateTime={at}>{new Date(at).toLocaleString(language.value)}</time>{' '}
            {actions.length === 0 ? t.undo : actions.map((action) => wordsOf(action, t, titleOf)).join(' · ')}
            {undone && ` (${t.undone})`}
          </li>
        ))}
      </ol>
    </details>
  );
}

function wordsOf(action: LabelAction, t: LabelTexts, titleOf: (relation: string) => string): string {
  switch (action.kind) {
    case 'entities':
      return `${t.entities} (${action.entities.length})`;
    case 'decide':
      return action.decisions.map(({ relation }) => titleOf(relation)).join(', ');
    case 'comment':
      return `${t.comment}: ${action.text}`;
    case 'skip':
      return t.skipped;
    case 'done':
      return t.done;
    case 'clear':
    case 'reopen':
      return t.open;
  }
}
