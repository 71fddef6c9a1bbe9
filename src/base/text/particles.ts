/**
 * Korean particles whose form depends on how the word before them ends when read aloud (its final consonant, 받침):
 * 이순신과, 조선은, 서울로. Forms after the 한글 맞춤법 and the National Institute of Korean Language's 표준국어대사전.
 */

/** ㄹ is separate because 으로 treats it like a vowel. */
export type Ending = 'vowel' | 'rieul' | 'consonant';

/** Text between a word and its particle: parentheses, which reading skips, and closing quotes and brackets. */
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

/** By the form in the text, e.g. `으로서` and `로서`. */
const FORMS: ReadonlyMap<string, Form> = new Map(
  ALTERNATIONS.flatMap((row) =>
    row.followed.flatMap((rest) => [row.consonant, row.vowel].map((form) => [form + rest, { ...row, rest }] as const)),
  ),
);

/** Particles with one form for all words, and what may follow them within the word; 씨 as well, which is a word of its own. */
const INVARIABLE = new RegExp(
  `^(${[
    '의|에|에서|에게|에게서|께|께서|도|만|뿐|까지|부터|처럼|보다|마다|조차|마저|밖에|인|씨',
    '(에|에서|에게|께서|만|까지|부터|보다)(의|는|은|도|을|이)',
    '에서(만|부터|까지)|뿐만|(씨|뿐)(의|는|가|를|와|도|에게|이)',
  ].join('|')})$`,
  'u',
);

/** The form of an alternation that follows a word. */
function formAfter(ending: Ending, { consonant, vowel }: Pick<Alternation, 'consonant' | 'vowel'>): string {
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

/**
 * The form of a particle that follows a word in a sentence for people, given by its forms, e.g. `이/가`. Where the reading
 * of a word is not certain, a final e is taken to be silent, as most English words have it (baseline이, large가); what
 * remains open gets both forms, as texts write them: `이(가)`.
 *
 * @example particleAfter('0.93', '으로/로') // '으로'
 */
export function particleAfter(word: string, forms: `${string}/${string}`): string {
  const [consonant, vowel] = forms.split('/') as [string, string];
  const ending = endingOf(word) ?? silentEnding(word);
  return ending === null ? `${consonant}(${vowel})` : formAfter(ending, { consonant, vowel });
}

function silentEnding(word: string): Ending | null {
  const before = /([A-Za-z])e$/.exec(word)?.[1]?.toLowerCase();
  if (before === undefined) return null;
  return before === 'n' || before === 'm' ? 'consonant' : before === 'l' ? 'rieul' : 'vowel';
}

const TAIL = new RegExp(`^(${CLOSERS}*)([가-힣]*)`, 'u');

/** Where `fitTail` looks for the particle in the text behind a word, in UTF-16 units, the end exclusive. */
export function particlePlace(tail: string): { readonly start: number; readonly end: number } {
  const [reach = '', closers = ''] = TAIL.exec(tail) ?? [];
  return { start: closers.length, end: reach.length };
}

/**
 * The text behind a word after the word is replaced by another: the particle at its beginning in the form that the new word
 * takes. Only what ends where the word ends is a particle (조선이 건국, not 조선이사회).
 *
 * Null where the word cannot be replaced: the syllables behind the old one are no known particle, so that both are one
 * compound; its particle does not go with the old word; or the new word's reading is not known and matters.
 *
 * @example fitTail('이 세웠다', '세종', '이도') // '가 세웠다'
 */
export function fitTail(tail: string, oldWord: string, newWord: string): string | null {
  const [reach = '', closers = '', syllables = ''] = TAIL.exec(tail) ?? [];
  // A letter or digit glued on, or a second form as in 은(는).
  if (/^[\p{L}\p{N}]/u.test(tail.slice(reach.length)) || (syllables && tail[reach.length] === '(')) return null;
  if (syllables === '' || INVARIABLE.test(syllables)) return tail;
  const form = FORMS.get(syllables);
  if (!form) return null;
  if (form.keeps && syllables.startsWith(form.consonant)) return tail;
  const [before, after] = [endingOf(oldWord), endingOf(newWord)];
  if (after === null || (before !== null && formAfter(before, form) + form.rest !== syllables)) return null;
  return closers + formAfter(after, form) + form.rest + tail.slice(reach.length);
}

/** Particles written with both forms, as texts write them where the word before is not known yet. */
const BOTH_FORMS: Readonly<Record<string, `${string}/${string}`>> = {
  '은(는)': '은/는',
  '이(가)': '이/가',
  '을(를)': '을/를',
  '과(와)': '과/와',
  '(으)로': '으로/로',
};
const BOTH = /(?:은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로)(?![가-힣])/gu;

/**
 * A message with one form of each particle that it writes with both, where the word before it tells which. Messages are
 * written around names that only their reader knows: `${path}을(를)`.
 *
 * @example settleParticles('"한빛전자"이(가) 없다') // '"한빛전자"가 없다'
 */
export const settleParticles = (text: string): string =>
  text.replace(BOTH, (both, at: number) => {
    const form = particleAfter(text.slice(Math.max(0, at - 100), at), BOTH_FORMS[both]!);
    return form.includes('(') ? both : form;
  });
