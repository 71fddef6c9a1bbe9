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

/** How a word ends when read aloud; ㄹ stands apart because 으로 treats it like a vowel. */
export type Ending = 'vowel' | 'rieul' | 'consonant';

/** Digits are read in Sino-Korean (영 일 이 삼 사 오 육 칠 팔 구); a final 0 may be 십, 백, 천 …, consonants all. */
const DIGIT_ENDINGS: readonly Ending[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
];

/** Capitals are spelt out (엘, 엠, 엔, 알; the others end in a vowel); other words end as in transcription. */
const LETTER_ENDINGS: Readonly<Record<string, Ending>> = {
  L: 'rieul',
  R: 'rieul',
  M: 'consonant',
  N: 'consonant',
  l: 'rieul',
  m: 'consonant',
  n: 'consonant',
};

/**
 * The ending of a text, looking through closing quotes and a closing parenthesis: `홍길동(洪吉童)` ends as `홍길동`.
 * Throws for characters whose reading it does not know (Hanja, emoji).
 */
export function endingOf(text: string): Ending {
  const spoken = text.replace(/(\([^()]*\)|[\s’”'"》〉」』>])+$/u, '');
  const last = [...spoken].at(-1) ?? '';
  if (/[가-힣]/u.test(last)) {
    const final = (last.charCodeAt(0) - 0xac00) % 28;
    return final === 0 ? 'vowel' : final === 8 ? 'rieul' : 'consonant';
  }
  if (/[0-9]/.test(last)) return DIGIT_ENDINGS[Number(last)]!;
  if (/[A-Za-z]/.test(last)) return LETTER_ENDINGS[last] ?? 'vowel';
  throw new Error(`No reading known for "${last}" at the end of "${text}".`);
}

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
