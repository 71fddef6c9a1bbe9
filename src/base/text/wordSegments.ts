/**
 * Where words of running text may be cut before they are tokenized, so that an entity and what is written right behind it
 * (미국의, 16명을, 김씨는) never share a token: between scripts, at punctuation, and before the particles, endings and
 * titles that Korean writes together with a noun.
 */

/** A stretch of a text in UTF-16 units, end exclusive; `opens` where a word begins with it. */
export interface WordSegment {
  readonly start: number;
  readonly end: number;
  readonly opens: boolean;
}

const WORDS = /[^\s]+/gu;
/** Hangul, digits (with separators between them), Latin letters, Hanja; anything else is a run of its own. */
const RUNS = /[가-힣]+|\p{N}+(?:[.,]\p{N}+)*|[A-Za-zÀ-ɏ]+|\p{Script=Han}+|\P{L}|\p{L}/gu;
const HANGUL = /^[가-힣]/u;

const words = (text: string): string[] => text.trim().split(/\s+/);

/**
 * Particles, forms of the copula and what else ends a word that begins with a noun. One that ends in another of them is cut
 * once more (에서|는), so compounds are only listed where their parts are not.
 */
const ENDINGS = words(`
  은 는 이 가 을 를 의 에 와 과 도 만 로 으로 에서 에게 에게서 께 께서 한테 까지 부터 처럼 보다 마다 조차 마저 밖에 뿐 대로 같이 하고
  이나 나 이랑 랑 이라 라 이라고 라고 이라는 라는 이라며 라며 이라면 라면 이란 란 이며 며 이고 고 이자 이면 이다 다 이었다 였다 이었던 였던
  인 인데 이지만 지만 이어서 여서 이니 이든 든 이야 야 입니다 이에요 예요 이죠 죠 이네 네 이네요 네요 이었 였 인지 일 임 이라서 라서 이라도 라도
  로서 로써 으로서 으로써 이나마 커녕 치고 더러 보고 여 이여 아 요 서 써 엔 에선 에겐 로는 으론 론 란다 이랬다 랬다
  들 씨 님 군 양 측 쪽 식 형 명 등 내 당 여명 가량 정도 쯤 간 전 후 경 째 적 적인 적으로 상 하 별 용 급 권 산 발 행 제 대 중 차 호 때 때문 씩
  한 할 할지 했다 하는 해 하며 하고 하기 하면 하던 했던 합니다 했습니다 하자 하다 된 되 되는 됐다 된다 됐 되며 돼 시킨 시키 받은 받는
  입니 이었습니다 였습니다 이기 이었으 였으 이랍니다 이래 이구나 이로 이신 이셨
`);

const byLength = (list: readonly string[]): ReadonlyMap<number, ReadonlySet<string>> => {
  const lengths = new Map<number, Set<string>>();
  for (const ending of list) {
    const same = lengths.get(ending.length) ?? new Set<string>();
    lengths.set(ending.length, same.add(ending));
  }
  return lengths;
};
const BY_LENGTH = byLength(ENDINGS);
const LONGEST = Math.max(...BY_LENGTH.keys());

/** The lengths of the parts of a run of Hangul: its stem, and the endings behind it. @param stem the shortest that a stem may be */
function partsOf(run: string, stem: number): number[] {
  const parts: number[] = [];
  let rest = run.length;
  for (let found = true; found; ) {
    found = false;
    for (let length = Math.min(LONGEST, rest - stem); length > 0; length--)
      if (BY_LENGTH.get(length)?.has(run.slice(rest - length, rest))) {
        parts.unshift(length);
        rest -= length;
        found = true;
        break;
      }
  }
  return rest > 0 ? [rest, ...parts] : parts;
}

/** The segments of a text in order: all of it but its white space. */
export function wordSegments(text: string): WordSegment[] {
  const segments: WordSegment[] = [];
  for (const word of text.matchAll(WORDS)) {
    let opens = true;
    for (const run of word[0].matchAll(RUNS)) {
      let start = word.index + run.index;
      const lengths = HANGUL.test(run[0]) ? partsOf(run[0], opens ? 1 : 0) : [run[0].length];
      for (const length of lengths) {
        segments.push({ start, end: start + length, opens });
        start += length;
        opens = false;
      }
    }
  }
  return segments;
}
