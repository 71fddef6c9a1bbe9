import { utf16Index } from '../../../src/base/text/codePoints.ts';

/** An entity of a row: code points, `end` inclusive. */
export interface MarkedEntity {
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

export interface MarkedSentenceProps {
  readonly sentence: string;
  readonly subject: MarkedEntity;
  readonly object: MarkedEntity;
  /** What the roles are called; they stand beside the entities where `named` is set and are read aloud otherwise. */
  readonly roles: { readonly subject: string; readonly object: string };
  readonly named?: boolean;
  /** Cuts the beginning off where the first entity stands far behind it, for a line in a table. */
  readonly cut?: boolean;
}

/** Characters that stay before the first entity of a sentence that was cut. */
const CONTEXT = 14;

/** A sentence with its two entities in the colours of their types. */
export function MarkedSentence({ sentence, subject, object, roles, named, cut }: MarkedSentenceProps) {
  const entities = [
    { ...subject, role: 'subject' as const },
    { ...object, role: 'object' as const },
  ].sort((a, b) => a.start - b.start);
  const first = utf16Index(sentence, entities[0]!.start);
  let at = cut && first > CONTEXT + 6 ? utf16Index(sentence, entities[0]!.start - CONTEXT) : 0;
  const isCut = at > 0;
  const parts = entities.map(({ start, end, type, role }) => {
    const [from, to] = [utf16Index(sentence, start), utf16Index(sentence, end + 1)];
    const before = sentence.slice(at, from);
    at = to;
    return { before, word: sentence.slice(from, to), type, role };
  });
  return (
    <span class="marked">
      {isCut && '…'}
      {parts.map(({ before, word, type, role }) => (
        <>
          {before}
          <mark class={`marked-entity marked-${role}`} data-type={type ?? ''}>
            {!named && <span class="sr-only">{`${roles[role]} `}</span>}
            {word}
            {named && (
              <span class="marked-role">
                {roles[role]}
                {type !== null && ` ${type}`}
              </span>
            )}
          </mark>
        </>
      ))}
      {sentence.slice(at)}
    </span>
  );
}
