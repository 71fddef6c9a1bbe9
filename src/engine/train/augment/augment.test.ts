import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AUGMENTATION_NAMES, type AugmentationName } from '../../../base/core/settings.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';
import { overlap, spanText } from '../../../base/data/span.ts';
import { endingOf } from '../../../base/text/particles.ts';
import { augment } from './augment.ts';
import { augmentationOf, augmentationsOf } from './rows.ts';

const NO_SENTENCES = new Set<string>();

/** A row of parts, the entities as `[word, type]`. */
function row(
  guid: string,
  label: string,
  parts: readonly (string | readonly ['subject' | 'object', string, string])[],
): LabelledExample {
  let sentence = '';
  const entities = {} as Record<'subject' | 'object', Entity>;
  for (const part of parts) {
    if (typeof part === 'string') sentence += part;
    else {
      const [role, word, type] = part;
      const start = Array.from(sentence).length;
      entities[role] = { word, start, end: start + Array.from(word).length - 1, type };
      sentence += word;
    }
  }
  return { guid, sentence, ...entities, label, source: 'test' };
}

const ROWS = [
  row('r1', 'per:spouse', [['subject', '가람', 'PER'], '은 어제 ', ['object', '나루', 'PER'], '와 몰래 결혼했다.']),
  row('r2', 'per:spouse', ['😀 배우 ', ['object', '누리', 'PER'], '가 ', ['subject', '이도현', 'PER'], '의 아내다.']),
  row('r3', 'per:parents', [['subject', '다솜', 'PER'], '은 ', ['object', '한결', 'PER'], '의 막내 딸로 자랐다.']),
  row('r4', 'per:children', [['subject', '보람', 'PER'], '이 아들 ', ['object', '새벽', 'PER'], '을 늦게 낳았다.']),
  row('r5', 'org:founded', [['subject', '가온', 'ORG'], '은 ', ['object', '1990년', 'DAT'], '에 문을 크게 열었다.']),
  row('r6', 'org:founded', [['subject', '미르', 'ORG'], '는 ', ['object', '2001년', 'DAT'], '에 처음 문을 열었다.']),
];

/** Rows of several relations with rivals, lists and enough others to join. */
const MORE = [
  row('m1', 'per:place_of_birth', [
    ['subject', '가람', 'PER'],
    '은 ',
    ['object', '서울', 'LOC'],
    '에서 나 부산에서 자랐다.',
  ]),
  row('m2', 'per:origin', [['subject', '누리', 'PER'], '는 ', ['object', '부산', 'LOC'], ' 사람이다.']),
  row('m3', 'per:employee_of', [
    ['subject', '다솜', 'PER'],
    '(',
    ['object', '가온', 'ORG'],
    '), 보람(미르), 새벽(누리)이 뛴다.',
  ]),
  row('m4', 'per:employee_of', [['subject', '한결', 'PER'], '은 ', ['object', '하늘', 'ORG'], '에서 일한다.']),
  row('m5', 'per:employee_of', [['subject', '여울', 'PER'], '은 ', ['object', '바다', 'ORG'], '에서 일한다.']),
];

const made = (techniques: readonly AugmentationName[], share = 3, rows = ROWS, seed = 7) =>
  augment(rows, { techniques, share, seed, apart: NO_SENTENCES, noRelation: 'no_relation' });

/** Offsets point at the words, which do not overlap; checked in code points. */
function expectSound({ sentence, subject, object }: LabelledExample): void {
  for (const { word, start, end } of [subject, object]) expect(spanText(sentence, start, end)).toBe(word);
  expect(overlap(subject, object)).toBe(false);
}

test('a list of techniques is a set in the order of the table', () => {
  expect(augmentationsOf('swap,entity')).toEqual(['entity', 'swap']);
  expect(augmentationsOf(null)).toEqual([]);
});

test('rows are marked, differ from each other and from those given, and follow from the seed', () => {
  const given = [...ROWS, ...MORE];
  const rows = made(AUGMENTATION_NAMES, 4, given);
  expect(rows).toHaveLength(44);
  expect(new Set(rows.map(({ guid }) => guid)).size).toBe(rows.length);
  const contents = [...given, ...rows].map(({ sentence, subject, object }) =>
    [sentence, subject.word, object.word].join(),
  );
  expect(new Set(contents).size).toBe(contents.length);
  for (const made of rows) {
    expectSound(made);
    const technique = augmentationOf(made)!;
    expect(made.guid).toMatch(new RegExp(`^[rm]\\d~${technique}-\\d+$`));
  }
  expect(new Set(rows.map(augmentationOf)).size).toBe(AUGMENTATION_NAMES.length);
  expect(made(AUGMENTATION_NAMES, 4, given)).toEqual(rows);
  expect(made(AUGMENTATION_NAMES, 4, given, 8)).not.toEqual(rows);
  expect(given.map(augmentationOf).every((technique) => technique === null)).toBe(true);
});

describe('entity', () => {
  test('a word of the same role, type and label, its particle put right', () => {
    const rows = made(['entity'], 1, ROWS.slice(4));
    expect(rows.length).toBeGreaterThan(0);
    for (const { sentence, subject } of rows) {
      const particle = endingOf(subject.word) === 'vowel' ? '는' : '은';
      expect(sentence.startsWith(`${subject.word}${particle} `)).toBe(true);
      expect(['가온', '미르']).toContain(subject.word);
    }
  });

  test('not where the word stands twice, and no word that is there already', () => {
    const twice = row('a', 'x', [['subject', '가람', 'PER'], '은 가람이다. ', ['object', '나루', 'PER'], '도 있다.']);
    const other = row('b', 'x', [['subject', '보람', 'PER'], '은 ', ['object', '가람', 'PER'], '이다.']);
    for (const { guid, subject, object } of made(['entity'], 5, [twice, other])) {
      if (guid.startsWith('a~')) expect(subject.word).toBe('가람');
      if (guid.startsWith('b~')) expect([subject.word, object.word]).not.toEqual(['가람', '가람']);
    }
  });

  test('the other entity may stand in parentheses before the particle', () => {
    const rows = [
      row('a', 'x', [['subject', '가온', 'ORG'], '(대표 ', ['object', '나루', 'PER'], ')은 크다.']),
      row('b', 'x', [['subject', '미르', 'ORG'], '의 ', ['object', '한결', 'PER'], '도 크다.']),
    ];
    const sentences = made(['entity'], 5, rows).map((variant) => {
      expectSound(variant);
      return variant.sentence;
    });
    expect(sentences).toContain('미르(대표 나루)는 크다.');
    expect(sentences).toContain('가온(대표 한결)은 크다.');
  });

  test('syllables of the other entity are no particle', () => {
    const glued = row('a', 'x', [['subject', '가람', 'PER'], ['object', '은', 'POH'], ' 좋다.']);
    const other = row('b', 'x', [['subject', '나루', 'PER'], ' ', ['object', '금', 'POH'], '은 좋다.']);
    for (const made of augment([glued, other], {
      techniques: ['entity'],
      share: 5,
      seed: 1,
      apart: NO_SENTENCES,
      noRelation: 'no_relation',
    }))
      expectSound(made);
  });
});

describe('inverse', () => {
  test('symmetric relations keep their label, others take their inverse, the rest have none', () => {
    const rows = made(['inverse']);
    expect(rows.map(({ guid, label }) => [guid.split('~')[0], label]).sort()).toEqual([
      ['r1', 'per:spouse'],
      ['r2', 'per:spouse'],
      ['r3', 'per:children'],
      ['r4', 'per:parents'],
    ]);
    for (const { guid, sentence, subject, object } of rows) {
      const from = ROWS.find((each) => guid.startsWith(each.guid))!;
      expect([sentence, subject, object]).toEqual([from.sentence, from.object, from.subject]);
    }
  });

  test('not between types that the inverse is never seen with', () => {
    const place = row('a', 'org:member_of', [
      ['subject', '가온', 'ORG'],
      '은 ',
      ['object', '서울', 'LOC'],
      '에 속한다.',
    ]);
    const members = row('b', 'org:members', [['subject', '미르', 'ORG'], '는 ', ['object', '누리', 'ORG'], '를 둔다.']);
    expect(made(['inverse'], 2, [place, members])).toEqual([]);
  });

  test('a row that contradicts one given is dropped', () => {
    const [first] = ROWS;
    const swapped = { ...first!, guid: 'other', subject: first!.object, object: first!.subject, label: 'no_relation' };
    expect(made(['inverse'], 1, [first!, swapped])).toEqual([]);
  });
});

describe('rows without a relation', () => {
  const pairs = (technique: AugmentationName) =>
    made([technique], 5, MORE).map(({ sentence, subject, object, label }) => ({
      sentence,
      pair: `${subject.word}-${object.word}`,
      label,
    }));

  test('rival: another entity of the type that an only object has', () => {
    expect(pairs('rival')).toEqual([{ sentence: MORE[0]!.sentence, pair: '가람-부산', label: 'no_relation' }]);
  });

  test('list: partners crossed in the sentence’s own list, and in lists made of rows of one kind', () => {
    const rows = pairs('list');
    expect(rows).toContainEqual({ sentence: MORE[2]!.sentence, pair: '다솜-미르', label: 'no_relation' });
    const composed = rows.filter(({ sentence }) => sentence.includes('한결(하늘)') && sentence.includes('여울(바다)'));
    expect(composed.length).toBeGreaterThan(0);
    for (const { sentence, pair, label } of composed) {
      const [subject, object] = pair.split('-') as [string, string];
      expect(label).toBe(sentence.includes(`${subject}(${object})`) ? 'per:employee_of' : 'no_relation');
    }
  });

  test('join: a pair across two sentences has no relation, the row’s own pair keeps it', () => {
    for (const { sentence, pair, label } of pairs('join')) {
      const own = MORE.find((each) => pair === `${each.subject.word}-${each.object.word}`);
      expect(label).toBe(own?.label ?? 'no_relation');
      expect(MORE.filter((each) => sentence.includes(each.sentence))).toHaveLength(2);
    }
    expect(new Set(pairs('join').map(({ label }) => label)).size).toBeGreaterThan(1);
  });

  test('negate: a denied statement has no relation, a made one keeps it, with the particles of its words', () => {
    const rows = pairs('negate');
    expect(rows).toContainEqual({
      sentence: '한결은 하늘에 소속된 적이 없다.',
      pair: '한결-하늘',
      label: 'no_relation',
    });
    expect(rows).toContainEqual({ sentence: '누리는 부산 출신이다.', pair: '누리-부산', label: 'per:origin' });
  });

  test('none where the data have no label for it', () => {
    const options = { techniques: ['rival', 'list', 'join', 'negate'], share: 1, seed: 1 } as const;
    expect(augment(MORE, { ...options, apart: NO_SENTENCES, noRelation: null })).toEqual([]);
  });
});

test('no row has a sentence that is to stay apart', () => {
  const options = { techniques: ['inverse'], share: 1, seed: 1, noRelation: 'no_relation' } as const;
  const rows = augment(ROWS, { ...options, apart: new Set([ROWS[0]!.sentence]) });
  expect(rows.map(({ guid }) => guid.split('~')[0])).not.toContain('r1');
});

/** Sentences of words with entities in them, glued or not, of characters in and outside the BMP. */
const anyRows = fc.array(
  fc
    .tuple(
      fc.array(fc.stringMatching(/^[가-힣a-c1-3😀〈〉(),.]{1,5}$/u), { minLength: 6, maxLength: 6 }),
      fc.array(fc.constantFrom('', ' ', '  ', ' '), { minLength: 4, maxLength: 4 }),
      fc.constantFrom('은', '가', '으로 ', ' ', '(와) ', '이라는 '),
      fc.constantFrom('per:spouse', 'per:parents', 'per:children', 'no_relation'),
      fc.boolean(),
    )
    .map(([[a, b, c, d, e, f], [s, t, u, v], particle, label, swap]) =>
      row('', label, [
        `${a}${s}`,
        [swap ? 'object' : 'subject', b!, 'PER'],
        `${particle}${c}${t}${d} `,
        [swap ? 'subject' : 'object', e!, 'PER'],
        `${u}${f}${v}`,
      ]),
    ),
  { minLength: 2, maxLength: 6 },
);

test.each(AUGMENTATION_NAMES)(
  '%s: offsets of every row made point at its words; rows given stay as they are',
  (name) => {
    fc.assert(
      fc.property(anyRows, fc.nat(), (unnamed, seed) => {
        const rows = unnamed.map((each, index) => ({ ...each, guid: `g${index}` }));
        const before = structuredClone(rows);
        for (const variant of augment(rows, {
          techniques: [name],
          share: 2,
          seed,
          apart: NO_SENTENCES,
          noRelation: 'no_relation',
        })) {
          expectSound(variant);
          const from = rows.find(({ guid }) => variant.guid.startsWith(`${guid}~`))!;
          if (name === 'delete' || name === 'swap') expectOnlyFreeWordsChanged(from, variant, name);
          if (name === 'entity') expect(variant.label).toBe(from.label);
        }
        expect(rows).toEqual(before);
      }),
      { numRuns: 200 },
    );
  },
);

const sorted = (words: readonly string[]): string[] => [...words].sort();

/** Words that hold an entity stay in their order; the others are fewer, or the same in another order. */
function expectOnlyFreeWordsChanged(from: LabelledExample, to: LabelledExample, how: 'delete' | 'swap'): void {
  const parts = ({ sentence, subject, object }: LabelledExample) => {
    const words = [...sentence.matchAll(/\S+/gu)].map(({ 0: text, index }) => {
      const start = Array.from(sentence.slice(0, index)).length;
      const span = { start, end: start + Array.from(text).length - 1 };
      return { text, fixed: overlap(span, subject) || overlap(span, object) };
    });
    const textsOf = (fixed: boolean) => words.filter((word) => word.fixed === fixed).map(({ text }) => text);
    return { fixed: textsOf(true), free: textsOf(false) };
  };
  const [before, after] = [parts(from), parts(to)];
  expect(after.fixed).toEqual(before.fixed);
  if (how === 'swap') expect(sorted(after.free)).toEqual(sorted(before.free));
  else {
    expect(after.free.length).toBeLessThan(before.free.length);
    expect(after.free.length).toBeGreaterThan(0);
  }
}
