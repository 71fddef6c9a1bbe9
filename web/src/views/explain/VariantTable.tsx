import { signedPoints } from '../../../../src/base/core/format.ts';
import { entityTypeName } from '../../../../src/base/data/relations.ts';
import type { Explained, Explanation, VariantAnswer } from '../../../../src/inference/predict/explain.ts';
import { ProbabilityBar } from '../../components/ProbabilityBar.tsx';
import { shortName } from '../../components/relations.ts';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { markingTexts } from '../../marking/texts.ts';
import { explainTexts } from './texts.ts';

/** What the model says of the sentence as it is, and of the sentence changed. */
export function VariantTable({ explanation }: { explanation: Explanation }) {
  const t = explainTexts();
  const { original, plan, variants } = explanation;
  const named = variants.filter(({ variant }) => variant.type === null);
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={t.variants}>
      <table class="variants stacking">
        <thead>
          <tr>
            <th scope="col">{t.variant}</th>
            <th scope="col">{t.given}</th>
            <th scope="col">{t.says}</th>
            <th scope="col">
              {t.sameRelation} <small class="muted">{shortName(original.relation, language.value)}</small>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t.original}</th>
            <td>
              <MarkedText {...plan.original} />
            </td>
            <td>
              <RelationName name={original.relation} />
            </td>
            <td>
              <ProbabilityBar value={original.confidence} />
            </td>
          </tr>
          {named.map(({ variant, answer, probability }) => (
            <tr key={variant.kind}>
              <th scope="row">{t[variant.kind as 'masked' | 'entities_only' | 'types_swapped' | 'roles_swapped']}</th>
              <td>
                <MarkedText {...variant.input} />
              </td>
              <td>
                <Answer answer={answer} original={original.relation} />
              </td>
              <td>
                <ProbabilityBar
                  value={probability}
                  mark={original.confidence}
                  muted={answer.relation !== original.relation}
                />
                <span class="muted small-line">
                  {t.change} {t.points(signedPoints(probability - original.confidence))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A sentence with subject and object in the colours of their types. */
function MarkedText({ sentence, subject, object }: Explained) {
  const t = markingTexts();
  const [first, second] = subject.start <= object.start ? [subject, object] : [object, subject];
  const entity = (part: Explained['subject']) => (
    <span class="tag" data-type={part.type ?? ''} title={part === subject ? t.subject : t.object}>
      {sentence.slice(part.start, part.end)}
    </span>
  );
  return (
    <span lang="ko" class="marked-text">
      {sentence.slice(0, first.start)}
      {entity(first)}
      {sentence.slice(first.end, second.start)}
      {entity(second)}
      {sentence.slice(second.end)}
    </span>
  );
}

function Answer({ answer, original }: { answer: VariantAnswer['answer']; original: string }) {
  const isSame = answer.relation === original;
  return (
    <span class={isSame ? 'answer-same' : 'answer-other'}>
      <RelationName name={answer.relation} quiet />
    </span>
  );
}

/** The answer for each other type of the subject and of the object. */
export function TypeTable({ explanation }: { explanation: Explanation }) {
  const t = explainTexts();
  const lang = language.value;
  const { original, variants } = explanation;
  const rows = variants.filter(({ variant }) => variant.type !== null);
  if (rows.length === 0) return <p class="muted">{t.noTypes}</p>;
  return (
    <ul class="type-grid">
      {rows.map(({ variant, answer, probability }) => {
        const name = `${variant.type} ${entityTypeName(variant.type!, lang)}`;
        return (
          <li key={`${variant.kind}${variant.type}`}>
            <span class="type-change">
              {variant.kind === 'subject_type' ? t.subject_type(name) : t.object_type(name)}
            </span>
            <Answer answer={answer} original={original.relation} />
            <ProbabilityBar
              value={probability}
              mark={original.confidence}
              muted={answer.relation !== original.relation}
            />
          </li>
        );
      })}
    </ul>
  );
}
