import type { Decision } from '../../../src/inference/predict/schema.ts';
import { language } from '../i18n/language.ts';
import { shortName } from './relations.ts';
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

/** A relation by its short name and, where that is another, its label, which breaks where its parts meet. */
export function RelationName({ name, quiet = false }: { name: string; quiet?: boolean }) {
  const short = shortName(name, language.value);
  const label = name.split(/(?<=[:/_])/).map((part, i) => (
    <>
      {i > 0 && <wbr />}
      {part}
    </>
  ));
  const Name = quiet ? 'span' : 'strong';
  if (short === name) return <Name class="relation-name">{label}</Name>;
  return (
    <span class="relation-name">
      <Name>{short}</Name> <small class="muted">{label}</small>
    </span>
  );
}

/** The same as plain text, for the choices of a list. */
export function relationText(name: string): string {
  const short = shortName(name, language.value);
  return short === name ? name : `${short} (${name})`;
}
