import { usageError } from '../../base/core/errors.ts';
import type { EntityInput } from '../../inference/predict/schema.ts';

/**
 * An entity as a command line names it: `WORD`, `WORD/TYPE`, and `#2` behind either for the second place of the word. What
 * stands in the sentence as a whole is a word, also with a slash or a number sign in it.
 *
 * @example entityArgument('비틀즈/ORG#2', sentence) // { word: '비틀즈', type: 'ORG', occurrence: 2 }
 * Errors: `usage` for an empty word.
 */
export function entityArgument(text: string, sentence: string): EntityInput {
  if (text !== '' && sentence.includes(text)) return { word: text };
  const [, front = text, place] = /^(.+)#([1-9]\d{0,5})$/s.exec(text) ?? [];
  const occurrence = place === undefined ? {} : { occurrence: Number(place) };
  if (sentence.includes(front) && front !== '') return { word: front, ...occurrence };
  const slash = front.lastIndexOf('/');
  const [word, type] = slash < 0 ? [front, null] : [front.slice(0, slash), front.slice(slash + 1)];
  if (word === '' || type === '')
    throw usageError(`"${text}" names no entity.`, 'Write WORD or WORD/TYPE, e.g. 비틀즈/ORG.');
  return { word, ...(type !== null && { type }), ...occurrence };
}
