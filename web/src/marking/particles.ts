/**
 * Particles and forms of the copula that a word click leaves out of an entity. `after`: what must stand before one; the
 * form of many depends on whether the syllable before it ends in a consonant (받침), which keeps 작가 and 국가 whole.
 */
const PARTICLES: readonly (readonly [form: string, after: 'consonant' | 'vowel' | 'any'])[] = [
  ['이었다', 'consonant'],
  ['이라는', 'consonant'],
  ['이라고', 'consonant'],
  ['으로서', 'consonant'],
  ['으로써', 'consonant'],
  ['에게서', 'any'],
  ['에서', 'any'],
  ['에게', 'any'],
  ['께서', 'any'],
  ['한테', 'any'],
  ['부터', 'any'],
  ['까지', 'any'],
  ['보다', 'any'],
  ['처럼', 'any'],
  ['하고', 'any'],
  ['이자', 'any'],
  ['이다', 'any'],
  ['이며', 'consonant'],
  ['이나', 'consonant'],
  ['이랑', 'consonant'],
  ['으로', 'consonant'],
  ['였다', 'vowel'],
  ['라는', 'vowel'],
  ['라고', 'vowel'],
  ['로서', 'vowel'],
  ['로써', 'vowel'],
  ['은', 'consonant'],
  ['는', 'vowel'],
  ['이', 'consonant'],
  ['가', 'vowel'],
  ['을', 'consonant'],
  ['를', 'vowel'],
  ['과', 'consonant'],
  ['와', 'vowel'],
  ['로', 'vowel'],
  ['랑', 'vowel'],
  ['며', 'vowel'],
  ['의', 'any'],
  ['에', 'any'],
  ['께', 'any'],
];

/** Words of their own that end like a particle. */
const WHOLE = /(주의|회의|학과|강의|논의|협의|합의)$/;

const HANGUL = /[가-힣]$/;
const SYLLABLES = 28;
const RIEUL = 8;

/**
 * The length of a word without a particle at its end (UTF-16 units): 비틀즈의 → 3, 국가 → 2. One-syllable words keep a
 * one-syllable ending, since 화가 is rather a painter than a subject.
 */
export function lengthWithoutParticle(word: string): number {
  if (WHOLE.test(word)) return word.length;
  for (const [form, after] of PARTICLES) {
    if (!word.endsWith(form)) continue;
    const rest = word.slice(0, -form.length);
    if (rest.length < 1 || (HANGUL.test(rest) && rest.length + form.length < 3)) continue;
    if (after === 'any' || fits(rest, form, after)) return rest.length;
  }
  return word.length;
}

/** Digits, Latin letters and closing quotes are read in many ways, so any form may follow them. */
function fits(rest: string, form: string, after: 'consonant' | 'vowel'): boolean {
  if (!HANGUL.test(rest)) return true;
  const final = (rest.charCodeAt(rest.length - 1) - 0xac00) % SYLLABLES;
  // 로 follows ㄹ as it follows a vowel: 서울로.
  const isVowel = final === 0 || (final === RIEUL && form.includes('로'));
  return (after === 'vowel') === isVowel;
}
