import { normalText } from '../../../base/data/normalForm.ts';

/** What of a name can be left out without naming another: particles, titles, legal forms; and which short forms go with a full name. */

/** Names that differ by spaces, letter case or the width of letters alone are the same. */
export const nameKey = (name: string): string =>
  normalText(name)
    .normalize('NFKC')
    .replace(/[\s·・]+/g, '')
    .toLowerCase();

const PARTICLES =
  '에게서는|으로부터|에게서|에서는|에서도|에서의|으로서|으로써|이라는|이라고|께서는|으로|에게|에서|까지|부터|처럼|보다|께서|라는|이나|이랑|이며|라며|라고|로서|은|는|이|가|을|를|의|에|와|과|도|만|로|랑|며';
const TITLES =
  '전 대통령|대통령|총재|행장|국회의원|시의원|국무총리|부총리|총리|대표이사|대표|명예회장|부회장|회장|부사장|사장|전무|상무|이사장|이사|본부장|부장|차장|과장|팀장|실장|국장|처장|청장|소장|원장|총장|학장|교장|의장|위원장|위원|장관|차관|의원|시장|도지사|지사|군수|구청장|검사|판사|변호사|교수|박사|선생님|선생|감독|코치|선수|작가|배우|가수|기자|앵커|아나운서|목사|신부|스님|추기경|교황|국왕|여왕|왕비|왕자|공주|대사|장군|대장|중장|소장|준장|대령|중령|소령|대위|경감|경위|여사|씨|님|군|양|옹';
const LEGAL_FORMS =
  /^(?:\((?:주|사|재|유|합)\)|[㈜㈔㈐]|주식회사|유한회사|재단법인|사단법인|학교법인|사회복지법인)\s*|\s*(?:\((?:주|사|재|유|합)\)|[㈜㈔㈐]|주식회사|유한회사)$|,?\s*(?:Inc|Ltd|Co|Corp|LLC|GmbH|PLC)\.?(?:,?\s*Ltd\.?)?$/giu;
const PARTICLE = new RegExp(`(?<=[\\p{L}\\p{N})])(?:${PARTICLES})$`, 'u');
const TITLE = new RegExp(`(?<=\\S)\\s*(?:${TITLES})$`, 'u');
const QUOTES = /^["'“”‘’「」『』《》〈〉]+|["'“”‘’「」『』《》〈〉]+$/g;

/** A name as others refer to it: without quotation marks around it. */
export const bareName = (word: string): string => normalText(word).trim().replace(QUOTES, '').trim();

/** The name without a title behind a space or a legal form; the name itself where it has neither. */
export function withoutTitle(word: string): string {
  const bare = bareName(word).replace(LEGAL_FORMS, '').trim();
  const title = TITLE.exec(bare);
  return title !== null && /\s/.test(title[0]) ? bare.slice(0, title.index) : bare || bareName(word);
}

/** The same name with particles, titles and legal forms taken off, one after the other, the fullest first. */
export function shorterForms(word: string): readonly string[] {
  const forms = new Set<string>();
  const add = (form: string) => {
    const bare = form.trim();
    if (bare === '' || bare === bareName(word) || forms.has(bare)) return;
    forms.add(bare);
    grow(bare);
  };
  const grow = (name: string) => {
    add(name.replace(LEGAL_FORMS, ''));
    add(name.replace(PARTICLE, ''));
    add(name.replace(TITLE, ''));
  };
  grow(bareName(word));
  return [...forms];
}

const SURNAMES = new Set(
  (
    '김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 전 홍 유 고 문 양 손 배 백 허 남 심 노 하 곽 성 차 주 우 구 라 나 진 지 엄 채 원 천 방 공 현 함 변 염 ' +
    '여 추 도 소 석 선 설 마 길 연 위 표 명 기 반 왕 금 옥 육 인 맹 제 모 탁 국 어 은 편 용 예 봉 경 사 부 가 복 태 목 형 피 두 감 호 제갈 남궁 황보 선우 독고 사공 서문 동방'
  ).split(/\s+/),
);

export const isSurname = (name: string): boolean => SURNAMES.has(name);

/** The surname of a Korean full name: two syllables where it is one of those, and at least one more for the given name. */
export function surnameOf(name: string): string | null {
  if (!/^[가-힣]{2,5}$/u.test(name)) return null;
  for (const length of [2, 1]) {
    const surname = name.slice(0, length);
    const given = name.length - length;
    if (SURNAMES.has(surname) && given >= 1 && given <= 3) return surname;
  }
  return null;
}

/** What a short form leaves out at the end, by type. */
const ENDINGS: Readonly<Record<string, RegExp>> = {
  ORG: /^(?:그룹|전자|자동차|건설|중공업|화학|생명|화재|증권|은행|카드|물산|상사|제약|바이오|통신|텔레콤|항공|홀딩스|컴퍼니|코퍼레이션|엔터테인먼트|소프트|게임즈|미디어|신문|일보|방송|대학교|학교|대학|연구소|연구원|재단|협회|연맹|위원회|축구단|구단|오케스트라|교향악단|FC|연합회|조합)$/u,
  LOC: /^(?:특별시|광역시|특별자치시|특별자치도|도|시|군|구|읍|면|동|공화국|왕국|제국|연방)$/u,
};

/** Whether a later mention is a short form of an earlier full name of the same type. */
export function isShortForm(short: string, full: string, type: string | null): boolean {
  if (short.length < 2 || short.length >= full.length) return false;
  if (type === 'PER') {
    const surname = surnameOf(full);
    if (surname !== null) return short === full.slice(surname.length);
    return full.split(/[\s·]+/).at(-1) === short;
  }
  if (type === null || !full.startsWith(short)) return false;
  const rest = full.slice(short.length);
  return ENDINGS[type]?.test(rest.trim()) ?? false;
}
