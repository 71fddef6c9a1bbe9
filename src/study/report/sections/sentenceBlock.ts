import type { Language } from '../../../base/core/types.ts';
import { entityTypeName, relationDescription, relationName } from '../../../base/data/relations.ts';
import { utf16Index } from '../../../base/text/codePoints.ts';
import { code } from '../markdown.ts';

/** A sentence with its entities; starts in code points. */
export interface ShownSentence {
  readonly sentence: string;
  readonly subject: ShownEntity;
  readonly object: ShownEntity;
}

interface ShownEntity {
  readonly word: string;
  readonly type: string | null;
  readonly start: number;
}

/** Names of the roles between 【】, by which the HTML report colours the entities. */
export const ROLE_NAMES: Readonly<Record<Language, Readonly<Record<'subject' | 'object', string>>>> = {
  ko: { subject: '주체', object: '객체' },
  en: { subject: 'subject', object: 'object' },
};

/** The sentence with 【subject·type: word】 and the object alike. */
export function markedSentence({ sentence, subject, object }: ShownSentence, lang: Language): string {
  const roles = ROLE_NAMES[lang];
  return [
    { role: roles.subject, ...subject },
    { role: roles.object, ...object },
  ]
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { role, word, type, start }) => {
      const at = utf16Index(text, start);
      const name = type === null ? role : `${role}·${entityTypeName(type, lang)}`;
      return `${text.slice(0, at)}【${name}: ${word}】${text.slice(at + word.length)}`;
    }, sentence);
}

/**
 * A label in a table or sentence: in Korean its short name comes first, 자녀(`per:children`), and takes the particle; in
 * English the label is readable as it is. A label that is not KLUE's has no other name.
 */
export function relationText(label: string, lang: Language, quote = code): string {
  const name = relationName(label, lang);
  return lang === 'en' || name === label ? quote(label) : `${name}(${quote(label)})`;
}

/** `relationText`, in English with the label's meaning, less what follows a colon. */
export function described(label: string, lang: Language, quote = code): string {
  const description = relationDescription(label, lang);
  return lang === 'ko' || description === label
    ? relationText(label, lang, quote)
    : `${quote(label)} (${description.replace(/:.*/, '')})`;
}

export const plain = (text: string): string => text;
