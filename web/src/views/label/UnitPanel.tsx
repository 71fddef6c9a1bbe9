import { probability } from '../../../../src/base/core/format.ts';
import type { LabelProject } from '../../../../src/inference/predict/api/labelSchema.ts';
import { labelTexts } from './texts.ts';
import { type Choice, isChosen, isDecided, isSymmetric, type Unit } from './units.ts';

interface UnitPanelProps {
  readonly units: readonly Unit[];
  readonly active: number;
  readonly project: LabelProject;
  readonly suggestion: Choice | null;
  readonly choices: readonly Choice[];
  readonly titleOf: (relation: string) => string;
  readonly onActive: (unit: number) => void;
  readonly onChoose: (choice: Choice) => void;
  readonly onHover: (relation: string | null) => void;
}

/** The pairs of the sentence, and the answers to the one at hand, each with its key. */
export function UnitPanel({
  units,
  active,
  project,
  suggestion,
  choices,
  titleOf,
  onActive,
  onChoose,
  onHover,
}: UnitPanelProps) {
  const t = labelTexts();
  const unit = units[active];
  if (!unit) return null;
  const { no_relation } = project;
  const none: Choice = { relation: no_relation, isBack: false, probability: null };
  const isSuggested = (choice: Choice) =>
    suggestion !== null && suggestion.relation === choice.relation && suggestion.isBack === choice.isBack;
  const wordsOf = ({ relation, isBack }: Choice) => {
    const definition = project.relations.find(({ name }) => name === relation);
    if (!definition) return titleOf(relation);
    const [from, to] = isBack ? [unit.b.word, unit.a.word] : [unit.a.word, unit.b.word];
    return `${from} ${isSymmetric(definition) ? '↔' : '→'} ${to}: ${titleOf(relation)}`;
  };
  const isGiven = ({ relation, isBack }: Choice) => (isBack ? unit.given.back : unit.given.forth) === relation;
  return (
    <div class="label-units">
      <p class="sr-only" role="status">
        {`${t.pair(active + 1, units.length)}: ${unit.a.word}, ${unit.b.word}. ${suggestion ? `${t.suggested}: ${wordsOf(suggestion)}` : t.noSuggestion}`}
      </p>
      <div>
        <h2>{t.pairs}</h2>
        <ol class="label-pairs">
          {units.map((each, i) => (
            <li key={each.key}>
              <button
                type="button"
                class="quiet small"
                aria-current={i === active ? 'true' : undefined}
                onClick={() => onActive(i)}
              >
                <span aria-hidden="true">{isDecided(each) ? '✓' : '·'}</span>{' '}
                <span lang="ko">
                  {each.a.word} – {each.b.word}
                </span>
                {isDecided(each) && <small class="muted">{saidOf(each, no_relation, titleOf)}</small>}
              </button>
            </li>
          ))}
        </ol>
      </div>
      <div>
        <h2>
          {t.choices} <small class="muted" lang="ko">{`${unit.a.word} – ${unit.b.word}`}</small>
        </h2>
        {suggestion === null && <p class="muted">{t.noSuggestion}</p>}
        <ol class="label-choices">
          {[...choices, none].map((choice, i) => (
            <li key={`${choice.relation} ${choice.isBack}`}>
              <button
                type="button"
                class="quiet"
                aria-pressed={isChosen(unit, choice, no_relation)}
                onClick={() => onChoose(choice)}
                onMouseEnter={() => onHover(choice.relation === no_relation ? null : choice.relation)}
                onMouseLeave={() => onHover(null)}
                onFocus={() => onHover(choice.relation === no_relation ? null : choice.relation)}
                onBlur={() => onHover(null)}
              >
                <kbd>{i < choices.length ? i + 1 : 0}</kbd>
                <span lang="ko">{wordsOf(choice)}</span>
                {isSuggested(choice) && <span class="label-chip">{t.suggested}</span>}
                {isGiven(choice) && <span class="label-chip">{t.data}</span>}
                {choice.probability !== null && <small class="muted">{probability(choice.probability)}</small>}
              </button>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function saidOf({ a, b, decided }: Unit, noRelation: string, titleOf: (relation: string) => string): string {
  const { forth, back } = decided;
  const parts = [
    ...(forth !== null && forth !== noRelation ? [`${a.word} → ${b.word}: ${titleOf(forth)}`] : []),
    ...(back !== null && back !== noRelation && back !== forth ? [`${b.word} → ${a.word}: ${titleOf(back)}`] : []),
  ];
  return parts.length === 0 ? titleOf(noRelation) : parts.join(', ');
}
