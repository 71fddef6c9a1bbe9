import { type Mark, type Marking, wordOf } from './marking.ts';

/** Endings that tell KLUE's entity types apart often enough to save a click; the visitor sees the guess and may change it. */
const PATTERNS: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['DAT', /(\d+\s?년|\d+\s?월|\d+\s?일|\d+세기|년대|오늘|어제|내년|작년)$/u],
  ['NOH', /(\d[\d,.]*\s?(명|개|원|위|회|대|권|곳|점|마리|달러|퍼센트|%|kg|km|m)|\d[\d,.]*|[만억조]\s?(명|원|개))$/u],
  [
    'ORG',
    /(회사|대학교|대학|학교|병원|은행|전자|그룹|건설|제약|신문|일보|방송|협회|재단|연구소|연구원|위원회|당|부|청|FC|밴드|구단|교회|출판사|미술관|박물관|도서관|오케스트라|즈)$/u,
  ],
  [
    'LOC',
    /(특별시|광역시|[가-힣]시|[가-힣]도|[가-힣]군|[가-힣]구|[가-힣]동|[가-힣]읍|[가-힣]면|[가-힣]섬|강|산|역|한국|미국|영국|일본|중국|프랑스|독일|서울|부산|대구|인천|광주|대전|울산|제주)$/u,
  ],
  ['POH', /(대표|교수|감독|회장|사장|장관|의원|대통령|화가|작가|가수|배우|기자|기타리스트|피아니스트|소설가|시인)$/u],
];

/** A type that `types` has, by the entity's ending; null where nothing speaks for one. */
export function guessType(word: string, types: readonly string[]): string | null {
  const found = PATTERNS.find(([, pattern]) => pattern.test(word))?.[0];
  const guess = found ?? (/^[가-힣]{2,4}( [가-힣]{1,4})?$/u.test(word) ? 'PER' : null);
  return guess !== null && types.includes(guess) ? guess : null;
}

/** The marking with a type guessed for every entity that waits for one; none are guessed before the types are known. */
export function withGuesses(marking: Marking, types: readonly string[]): Marking {
  if (types.length === 0) return marking;
  const marks = marking.marks.map((mark): Mark => {
    if (mark.by !== 'guess' || mark.type !== null) return mark;
    const { start, end } = mark;
    const type = guessType(wordOf(marking, mark), types);
    return type === null ? { start, end, type } : { start, end, type, by: 'guess' };
  });
  return { ...marking, marks };
}
