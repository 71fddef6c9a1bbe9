import type { Decision } from '../../../src/inference/predict/schema.ts';
import { componentTexts } from './texts.ts';

/** What an answer amounts to, in a word and a colour. */
export function DecisionTag({ decision }: { decision: Decision }) {
  return <span class={`tag-decision tag-${decision}`}>{componentTexts()[`decision_${decision}`]}</span>;
}

/** An entity in the colour of its type. */
export function EntityTag({ word, type }: { word: string; type: string | null }) {
  return (
    <span class="tag" data-type={type ?? ''} lang="ko">
      {word}
    </span>
  );
}

/** A relation's name that breaks where its parts meet, not within a word. */
export function RelationName({ name }: { name: string }) {
  return (
    <strong class="relation-name">
      {name.split(/(?<=[:/_])/).map((part, i) => (
        <>
          {i > 0 && <wbr />}
          {part}
        </>
      ))}
    </strong>
  );
}
