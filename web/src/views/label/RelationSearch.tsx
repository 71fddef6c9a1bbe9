import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { LabelProject } from '../../../../src/inference/predict/api/labelSchema.ts';
import { language } from '../../i18n/language.ts';
import { searchRelations } from './searchRelations.ts';
import { labelTexts } from './texts.ts';
import { type Choice, choicesOf, isSymmetric, type Unit } from './units.ts';

interface RelationSearchProps {
  readonly unit: Unit;
  readonly project: LabelProject;
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}

/** All relations of the project, found by some letters; those that the types allow come first. */
export function RelationSearch({ unit, project, onChoose, onClose }: RelationSearchProps) {
  const t = labelTexts();
  const lang = language.value;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => field.current?.focus(), []);
  const fitting = choicesOf(unit, project);
  const isFitting = (name: string) => fitting.some(({ relation }) => relation === name);
  const ordered = project.relations.toSorted((a, b) => Number(isFitting(b.name)) - Number(isFitting(a.name)));
  const found = searchRelations(ordered, query).flatMap((relation): Choice[] => {
    const own = fitting.filter(({ relation: name }) => name === relation.name);
    if (own.length > 0) return own;
    const directions = isSymmetric(relation) ? [false] : [false, true];
    return directions.map((isBack) => ({ relation: relation.name, isBack, probability: null }));
  });
  const shown = found.slice(0, 12);
  const active = Math.min(at, Math.max(0, shown.length - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    // A syllable that is being composed takes the key.
    if (event.isComposing) return;
    const keys: Readonly<Record<string, () => void>> = {
      Enter: () => shown[active] && onChoose(shown[active]),
      Escape: onClose,
      ArrowDown: () => setAt(Math.min(shown.length - 1, active + 1)),
      ArrowUp: () => setAt(Math.max(0, active - 1)),
    };
    const work = keys[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  };
  return (
    <div class="label-search">
      <label>
        {t.search}
        <input
          ref={field}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={shown.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          value={query}
          onInput={({ currentTarget }) => {
            setQuery(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <p class="muted small-print">{t.searchHelp}</p>
      {shown.length === 0 && <p role="status">{t.nothingFound}</p>}
      <div id={id} role="listbox" aria-label={t.choices} class="label-found">
        {shown.map((choice, i) => {
          const relation = project.relations.find(({ name }) => name === choice.relation)!;
          const [from, to] = choice.isBack ? [unit.b.word, unit.a.word] : [unit.a.word, unit.b.word];
          return (
            <div
              key={`${choice.relation} ${choice.isBack}`}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onClick={() => onChoose(choice)}
            >
              <strong>{relation.title[lang]}</strong> <small class="muted">{relation.name}</small>{' '}
              <span lang="ko">{`${from} ${isSymmetric(relation) ? '↔' : '→'} ${to}`}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
