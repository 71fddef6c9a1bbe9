import type { Localized } from '../../../src/base/core/types.ts';
import { EMPTY_INQUIRY, type Inquiry } from './address.ts';

export interface Example extends Inquiry {
  /** What it is about, in few words. */
  readonly name: Localized;
}

const example = (
  name: Localized,
  sentence: string,
  ...entities: (readonly [word: string, type: string])[]
): Example => ({
  ...EMPTY_INQUIRY,
  name,
  sentence,
  marks: entities.map(([word, type]) => ({
    start: sentence.indexOf(word),
    end: sentence.indexOf(word) + word.length,
    type,
  })),
});

/** Invented sentences with their entities, in the order of the sentence. The page opens with the first. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  example(
    { ko: '회사', en: 'Company' },
    '가온전자는 서지우 대표가 2011년에 설립한 반도체 회사로, 본사는 수원에 있다.',
    ['가온전자', 'ORG'],
    ['서지우', 'PER'],
    ['2011년', 'DAT'],
    ['수원', 'LOC'],
  ),
  example(
    { ko: '밴드', en: 'Band' },
    '밴드 푸른돛의 기타리스트 강이안은 새 음반에서 작곡까지 맡았다.',
    ['푸른돛', 'ORG'],
    ['강이안', 'PER'],
  ),
  example(
    { ko: '출생', en: 'Birth' },
    '피아니스트 한유리는 전주에서 태어나 열 살에 첫 독주회를 열었다.',
    ['한유리', 'PER'],
    ['전주', 'LOC'],
  ),
  example(
    { ko: '결혼', en: 'Marriage' },
    '배우 민서준과 작가 오하린은 3년 열애 끝에 지난가을 결혼했다.',
    ['민서준', 'PER'],
    ['오하린', 'PER'],
  ),
  example(
    { ko: '관계 없음', en: 'No relation' },
    '해오름대학교 도윤서 교수는 나루기후연구소의 제안을 정중히 거절했다.',
    ['도윤서', 'PER'],
    ['나루기후연구소', 'ORG'],
  ),
  example(
    { ko: '인원', en: 'Members' },
    '누리달 축제위원회는 올해 자원봉사자 320명과 함께 일한다.',
    ['누리달 축제위원회', 'ORG'],
    ['320명', 'NOH'],
  ),
];
