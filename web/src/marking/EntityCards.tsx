import { useEffect, useRef } from 'preact/hooks';
import { entityTypeName } from '../../../src/base/data/relations.ts';
import { language } from '../i18n/language.ts';
import { type Marking, moveEdge, removeMark, setRole, setType, swapRoles, wordOf } from './marking.ts';
import { markingTexts } from './texts.ts';

/** A marked word that was clicked: another object with every click. */
export interface PickedMark {
  readonly mark: number;
}

export interface EntityCardsProps {
  readonly marking: Marking;
  readonly onChange: (change: (now: Marking) => Marking) => void;
  readonly types: readonly string[];
  readonly needsTypes: boolean;
  /** Roles are chosen where a pair is looked at; with more entities all pairs are asked for. */
  readonly withRoles: boolean;
  /** The entity whose card gets the focus. */
  readonly picked?: PickedMark | null;
}

/** The marked entities, to adjust by buttons: edges, type, role. */
export function EntityCards({ marking, onChange, types, needsTypes, withRoles, picked = null }: EntityCardsProps) {
  const t = markingTexts();
  const lang = language.value;
  const { marks, subject, object } = marking;
  const cards = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (picked !== null) cards.current?.children[picked.mark]?.querySelector('select')?.focus();
  }, [picked]);
  if (marks.length === 0) return null;
  const edges = [
    ['start', -1, '‹', t.startLeft],
    ['start', 1, '›', t.startRight],
    ['end', -1, '‹', t.endLeft],
    ['end', 1, '›', t.endRight],
  ] as const;
  return (
    <section class="entities" aria-label={t.entities}>
      <ul class="cards" ref={cards}>
        {marks.map((mark, i) => {
          const word = wordOf(marking, mark);
          const edge = ([side, direction, arrow, label]: (typeof edges)[number]) => (
            <button
              type="button"
              class="edge"
              aria-label={`${word}: ${label}`}
              title={label}
              onClick={() => onChange((now) => moveEdge(now, i, side, direction))}
            >
              {arrow}
            </button>
          );
          return (
            <li key={`${mark.start}`} class="card" data-type={mark.type ?? ''}>
              <span class="card-word">
                {edge(edges[0])}
                {edge(edges[1])}
                <strong lang="ko">{word}</strong>
                {edge(edges[2])}
                {edge(edges[3])}
              </span>
              <select
                aria-label={t.typeOf(word)}
                aria-invalid={needsTypes && mark.type === null ? 'true' : undefined}
                value={mark.type ?? ''}
                onChange={({ currentTarget }) => {
                  const type = currentTarget.value || null;
                  onChange((now) => setType(now, i, type));
                }}
              >
                <option value="">{t.noType}</option>
                {types.map((type) => (
                  <option key={type} value={type}>
                    {type} {entityTypeName(type, lang) === type ? '' : entityTypeName(type, lang)}
                  </option>
                ))}
              </select>
              {mark.by !== undefined && mark.type !== null && (
                <button
                  type="button"
                  class="guess"
                  aria-label={t[`confirm_${mark.by}`](word)}
                  title={t[`confirm_${mark.by}`](word)}
                  onClick={() => onChange((now) => setType(now, i, mark.type))}
                >
                  {t[`by_${mark.by}`]}
                </button>
              )}
              {withRoles && marks.length > 1 && (
                <span class="roles">
                  <button
                    type="button"
                    class="quiet small"
                    aria-pressed={i === subject}
                    aria-label={t.makeSubject(word)}
                    onClick={() => onChange((now) => setRole(now, i, 'subject'))}
                  >
                    {t.subject}
                  </button>
                  <button
                    type="button"
                    class="quiet small"
                    aria-pressed={i === object}
                    aria-label={t.makeObject(word)}
                    onClick={() => onChange((now) => setRole(now, i, 'object'))}
                  >
                    {t.object}
                  </button>
                </span>
              )}
              <button
                type="button"
                class="edge remove"
                aria-label={t.removeOf(word)}
                title={t.remove}
                onClick={() => onChange((now) => removeMark(now, i))}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
      <div class="actions">
        {withRoles && marks.length > 1 && (
          <button type="button" class="quiet small" onClick={() => onChange(swapRoles)}>
            ⇄ {t.swap}
          </button>
        )}
        <button type="button" class="quiet small" onClick={() => onChange((now) => ({ ...now, marks: [] }))}>
          {t.clear}
        </button>
      </div>
      {needsTypes && marks.some(({ type }) => type === null) && <p class="notice notice-warn">{t.needType}</p>}
    </section>
  );
}
