/**
 * Korean particles whose form depends on how the word before them ends when read aloud (its final consonant, 받침):
 * 이순신과, 조선은, 서울로. Forms after the 한글 맞춤법 and the National Institute of Korean Language's 표준국어대사전.
 */

/** ㄹ stands apart because 으로 treats it like a vowel. */
export type Ending = 'vowel' | 'rieul' | 'consonant';

/** What may stand between a word and its particle: parentheses, which reading skips, and closing quotes and brackets. */
const CLOSERS = String.raw`(?:\([^()]*\)|[’”'"》〉」』>\]】])`;
const TRAILING_CLOSERS = new RegExp(String.raw`(?:${CLOSERS}|\s)+$`, 'u');

/** Digits are read in Sino-Korean (영 일 이 삼 사 오 육 칠 팔 구); a final 0 may be 십, 백, 천 …, consonants all. */
const DIGIT_ENDINGS = 'consonant rieul vowel consonant vowel vowel consonant rieul rieul vowel'.split(' ') as Ending[];

/**
 * A capital is spelt out (엘, 엠, 엔, 알; the names of the others end in a vowel). A small letter ends a foreign word,
 * of whose transcription some letters tell (l is ㄹ, s is 스); k, t and p may be 받침 or not, and e is often silent.
 */
const LETTER_ENDINGS: Readonly<Record<string, Ending>> = {
  ...Object.fromEntries([...'ABCDEFGHIJKOPQSTUVWXYZ'].map((letter) => [letter, 'vowel'])),
  ...{ L: 'rieul', R: 'rieul', M: 'consonant', N: 'consonant' },
  ...Object.fromEntries([...'aiouydfrsvwxz'].map((letter) => [letter, 'vowel'])),
  ...{ l: 'rieul', m: 'consonant', n: 'consonant' },
};

/**
 * How a text ends when read, looking through closing quotes and a parenthesis at its end: `홍길동(洪吉童)` ends as `홍길동`.
 * Null where the reading is not known (Hanja, symbols, small letters such as e).
 */
export function endingOf(text: string): Ending | null {
  const last = [...text.replace(TRAILING_CLOSERS, '')].at(-1) ?? '';
  if (/[가-힣]/u.test(last)) {
    const final = (last.charCodeAt(0) - 0xac00) % 28;
    return final === 0 ? 'vowel' : final === 8 ? 'rieul' : 'consonant';
  }
  if (/[0-9]/.test(last)) return DIGIT_ENDINGS[Number(last)]!;
  return Object.hasOwn(LETTER_ENDINGS, last) ? LETTER_ENDINGS[last]! : null;
}

/** Two forms of a particle, and what may follow it within the word. */
interface Alternation {
  readonly consonant: string;
  readonly vowel: string;
  readonly followed: readonly string[];
  /** The copula keeps its 이 after a vowel as well: 배우이다 beside 배우다. */
  readonly keeps?: true;
}

const alternation = (forms: string, followed = '', keeps?: true): Alternation => {
  const [consonant, vowel] = forms.split('/') as [string, string];
  return {
    consonant,
    vowel,
    followed: ['', ...followed.split(' ').filter((each) => each !== '')],
    ...(keeps && { keeps }),
  };
};

const ALTERNATIONS: readonly Alternation[] = [
  alternation('은/는'),
  alternation('이/가'),
  alternation('을/를'),
  alternation('과/와', '의 는 도 만'),
  alternation('으로/로', '는 도 만 의 서 서의 서는 서도 써 부터 부터의 부터는 까지'),
  alternation('이나/나', '마'),
  alternation('이랑/랑', '은'),
  alternation('이라/라', '는 고 고는 고도 며 면 도 서'),
  alternation('이란/란'),
  alternation('이며/며', '', true),
  alternation('이고/고', '', true),
  alternation('이면/면', '', true),
  alternation('이다/다', '', true),
  alternation('이었/였', '다 고 으며 으나 던 지만 기 는데', true),
];

interface Form extends Alternation {
  readonly rest: string;
}

/** By what stands in the text, e.g. `으로서` and `로서`. */
const FORMS: ReadonlyMap<string, Form> = new Map(
  ALTERNATIONS.flatMap((row) =>
    row.followed.flatMap((rest) => [row.consonant, row.vowel].map((form) => [form + rest, { ...row, rest }] as const)),
  ),
);

/** First syllables of all forms: a word's tail that begins otherwise (의, 에서, 만, 씨는) is the same after any word. */
const FIRST_SYLLABLES = new Set([...FORMS.keys()].map((form) => form[0]!));

/** The form of an alternation that follows a word. */
function formAfter(ending: Ending, { consonant, vowel }: Alternation): string {
  const asVowel = ending === 'vowel' || (ending === 'rieul' && consonant === '으로');
  return asVowel ? vowel : consonant;
}

/**
 * The word with 과 or 와; with `와(과)`, as texts write where they cannot tell, where its reading is not known.
 *
 * @example withAnd('이순신') // '이순신과'
 */
export function withAnd(word: string): string {
  const ending = endingOf(word);
  return word + (ending === null ? '와(과)' : formAfter(ending, FORMS.get('과')!));
}

const TAIL = new RegExp(`^(${CLOSERS}*)([가-힣]*)`, 'u');

/** How much of the text behind a word `fitTail` looks at, in UTF-16 units: closing brackets and the syllables glued on. */
export const tailLength = (tail: string): number => TAIL.exec(tail)![0].length;

/**
 * The text behind a word once another word stands in its place: the particle at its beginning in the form that the new
 * word takes. 이 or 가 count as particles only where the word ends behind them (조선이 건국, not 조선이라도 or 조선가수).
 *
 * Null where that cannot be told: the new word's reading is not known and matters, the particle does not go with the
 * old word, or syllables that are no known particle may begin with one and the words end differently.
 *
 * @example fitTail('이 세웠다', '이순신', '세종') // '이 세웠다'; for '이도' it is '가 세웠다'
 */
export function fitTail(tail: string, oldWord: string, newWord: string): string | null {
  const [reach, closers, syllables] = TAIL.exec(tail) as unknown as [string, string, string];
  if (syllables === '' || !FIRST_SYLLABLES.has(syllables[0]!)) return tail;
  const [before, after] = [endingOf(oldWord), endingOf(newWord)];
  const form = /^[\p{L}\p{N}(]/u.test(tail.slice(reach.length)) ? undefined : FORMS.get(syllables);
  if (!form) return before !== null && before === after ? tail : null;
  if (form.keeps && syllables.startsWith(form.consonant)) return tail;
  if (after === null || (before !== null && formAfter(before, form) + form.rest !== syllables)) return null;
  return closers + formAfter(after, form) + form.rest + tail.slice(reach.length);
}
