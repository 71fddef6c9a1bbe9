import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JoinableMention, type Joiner, leaveApart, MentionJoiner } from './joinMentions.ts';
import { statedAliases } from './statedAliases.ts';

/** `한빛전자/ORG` … as mentions; what stands behind a name in the text follows `|`. */
const mentions = (...texts: string[]) =>
  texts.map((text) => {
    const [, word, type, behind] = /^(.+?)\/([A-Z]+)(?:\|(.*))?$/.exec(text)!;
    return { word: word!, type: type!, behind: behind ?? '' };
  });
function joined(all: readonly JoinableMention[], joiner: Joiner = new MentionJoiner()) {
  for (const mention of all) joiner.take(mention);
  return joiner.entities;
}
const groups = (...texts: string[]) =>
  joined(mentions(...texts)).map(({ name, mentions }) => `${name}: ${mentions.join(' ')}`);
const reasons = (...texts: string[]) =>
  joined(mentions(...texts)).flatMap(({ joins }) => joins.map(({ reason, evidence }) => [reason, evidence]));

test.each([
  // The same name, with particles, titles, legal forms, spaces and quotation marks.
  [['한빛전자/ORG', '한빛전자/ORG'], 'same_name', '한빛전자'],
  [['한빛전자/ORG', '한빛전자는/ORG'], 'same_name', '한빛전자는 → 한빛전자'],
  [['한빛전자/ORG', '(주)한빛전자/ORG'], 'same_name', '(주)한빛전자 → 한빛전자'],
  [['한빛전자 주식회사/ORG', '한빛전자/ORG'], 'same_name', '한빛전자'],
  [['한빛 전자/ORG', '한빛전자/ORG'], 'same_name', '한빛전자'],
  [['서지우/PER', '서지우 대표/PER'], 'same_name', '서지우 대표 → 서지우'],
  [['서지우/PER', '서지우씨/PER'], 'same_name', '서지우씨 → 서지우'],
  [['『바다의 노래』/POH', '바다의 노래/POH'], 'same_name', '바다의 노래'],
  // Surnames and short forms after the full name.
  [['서지우/PER', '서/PER'], 'surname', '서 → 서지우'],
  [['서지우/PER', '서 대표/PER'], 'surname', '서 대표 → 서지우'],
  [['남궁민수/PER', '남궁씨/PER'], 'surname', '남궁씨 → 남궁민수'],
  [['서지우/PER', '지우/PER'], 'short_form', '지우 → 서지우'],
  [['조앤 K. 롤링/PER', '롤링/PER'], 'short_form', '롤링 → 조앤 K. 롤링'],
  [['한빛전자/ORG', '한빛/ORG'], 'short_form', '한빛 → 한빛전자'],
  [['가온대학교/ORG', '가온대/ORG'], 'short_form', '가온대 → 가온대학교'],
  [['서울특별시/LOC', '서울/LOC'], 'short_form', '서울 → 서울특별시'],
  // Names that the text states.
  [['한국은행/ORG|(한은)은', '한은/ORG'], 'alias', '한국은행(한은)'],
  [['누리과학기술연구원/ORG|(이하 누리원)은', '누리원/ORG'], 'alias', '누리과학기술연구원(이하 누리원)'],
  [["가온물산/ORG| 이하 '갑'은", '갑/ORG'], 'alias', "가온물산 이하 '갑'"],
  [['국제통화기금/ORG|(IMF)이', 'IMF/ORG'], 'alias', '국제통화기금(IMF)'],
  [['나루/PER|(본명 이가온)는', '이가온/PER'], 'alias', '나루(본명 이가온)'],
  [['안중근/PER|(安重根, 1879년~1910년)은', '安重根/PER'], 'alias', '안중근(安重根, 1879년~1910년)'],
])('%j are one: %s, %s', (texts, reason, evidence) => {
  expect(reasons(...texts)).toEqual([[reason, evidence]]);
});

test.each([
  [['서지우/PER', '서지은/PER']],
  [['서/PER', '서지우/PER']],
  [['중국/LOC', '중국/ORG']],
  [['16명/NOH', '16명/NOH']],
  [['이수/PER', '이수는/ORG']],
  [['서지우/PER|(한빛전자)', '한빛전자/ORG']],
  [['파리/LOC|(프랑스)', '프랑스/LOC']],
  [['나루물산/ORG|(가온은행)', '가온은행/ORG']],
  [['가온/PER|(나루)', '나루/PER']],
])('%j are two', (texts) => {
  expect(groups(...texts)).toHaveLength(2);
});

test('two people of one surname leave a later surname by itself', () => {
  expect(groups('서지우/PER', '서하늘/PER', '서 대표/PER')).toEqual(['서지우: 0', '서하늘: 1', '서: 2']);
  expect(groups('서지우/PER', '서 대표/PER', '서하늘/PER')).toEqual(['서지우: 0 1', '서하늘: 2']);
});

test('joins go on from name to name, and a name is the one that came first in full', () => {
  expect(
    groups('한국은행/ORG|(한은)', '한은/ORG', '서지우/PER', '한은은/ORG', '서 총재/PER', '서지우 총재/PER'),
  ).toEqual(['한국은행: 0 1 3', '서지우: 2 4 5']);
});

test('what brackets state', () => {
  const of = (name: string, behind: string) => statedAliases(name, behind).map(({ alias }) => alias);
  expect(of('더불어민주당', '(민주당·더민주)은')).toEqual(['민주당', '더민주']);
  expect(of('세계보건기구', '(World Health Organization, WHO)')).toEqual(['World Health Organization', 'WHO']);
  expect(of('Apple Inc', '(애플)')).toEqual(['애플']);
  expect(of('한빛전자', '(대표 서지우)')).toEqual([]);
  expect(of('서지우', '(45·여)')).toEqual([]);
});

test('every mention is in exactly one entity, joined or not, and joins lead back', () => {
  const word = fc.constantFrom(
    '서지우',
    '서',
    '서 대표',
    '한빛전자',
    '한빛',
    '한빛전자는',
    '(주)한빛전자',
    '이',
    '',
    ' ',
  );
  const type = fc.constantFrom('PER', 'ORG', 'NOH', null);
  const behind = fc.constantFrom('', '(한빛)', " 이하 '서'", '(서)');
  fc.assert(
    fc.property(fc.array(fc.record({ word, type, behind }), { maxLength: 12 }), (all) => {
      const everyone = all.map((_, index) => index);
      for (const entities of [joined(all), joined(all, leaveApart())]) {
        expect(entities.flatMap((entity) => entity.mentions).toSorted((a, b) => a - b)).toEqual(everyone);
        for (const { mentions, joins, type } of entities) {
          expect(joins).toHaveLength(mentions.length - 1);
          for (const { mention, to } of joins) expect(mentions.includes(to) && to < mention).toBe(true);
          expect(mentions.every((mention) => all[mention]!.type === type)).toBe(true);
        }
      }
    }),
  );
});

test('says as it goes what a mention is of, and by which of its names it is called', () => {
  const joiner = new MentionJoiner();
  const all = mentions('한국은행/ORG|(한은)은', '한은/ORG', '서지우/PER', '한은은/ORG', '한국은행/ORG', '서 총재/PER');
  expect(all.map((mention) => joiner.take(mention))).toEqual([
    { entity: 0, name: 0 },
    { entity: 0, name: 1 },
    { entity: 1, name: 2 },
    { entity: 0, name: 1 },
    { entity: 0, name: 0 },
    { entity: 1, name: 5 },
  ]);
});
