import { type Ending, endingOf as knownEndingOf } from '../../src/base/text/particles.ts';

/**
 * Korean particles whose form depends on how the word before them ends (its final consonant, 받침).
 * Templates write both forms, e.g. `을/를`: the first follows a final consonant, the second a vowel.
 */
const PARTICLE_PAIRS = [
  ['으로', '로'],
  ['이라', '라'],
  ['이란', '란'],
  ['이었', '였'],
  ['이나', '나'],
  ['이랑', '랑'],
  ['은', '는'],
  ['이', '가'],
  ['을', '를'],
  ['과', '와'],
  ['아', '야'],
] as const;

const PARTICLE_MARK = new RegExp(`(${PARTICLE_PAIRS.map((pair) => pair.join('/')).join('|')})`);

/**
 * The ending of a text, looking through closing quotes and a closing parenthesis: `홍길동(洪吉童)` ends as `홍길동`.
 * Foreign words of which it is not certain end in a vowel, as most do in transcription. Throws for other characters whose
 * reading it does not know (Hanja, emoji).
 */
export function endingOf(text: string): Ending {
  const ending = knownEndingOf(text) ?? (/[A-Za-z]/.test(bare(text).slice(-1)) ? 'vowel' : null);
  if (ending === null) throw new Error(`No reading known at the end of "${text}".`);
  return ending;
}

/** Without closing quotes and parentheses. */
const bare = (text: string): string => text.replace(/(\([^()]*\)|[\s’”'"》〉」』>])+$/u, '');

/** The form of a pair such as `은/는` that follows `before`. */
export function particle(before: string, pair: string): string {
  const [afterConsonant, afterVowel] = pair.split('/') as [string, string];
  const ending = endingOf(before);
  if (afterConsonant === '으로' && ending === 'rieul') return afterVowel;
  return ending === 'vowel' ? afterVowel : afterConsonant;
}

/** Appends template text to a sentence in the making, choosing the form of each particle in it. */
export function appendText(sentence: string, text: string): string {
  return text.split(PARTICLE_MARK).reduce((out, part, i) => out + (i % 2 === 1 ? particle(out, part) : part), sentence);
}
