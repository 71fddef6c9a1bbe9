import { expect, test } from 'vitest';
import { KLUE_LABELS } from '../../../../src/base/data/relations.ts';
import { relationWithGuide } from '../../../../src/study/labelling/projectConfig.ts';
import { searchRelations } from './searchRelations.ts';
import { choicesOf, decisionsOf, isChosen, MOST_CHOICES, nextOpen, suggestionOf, unitsOf } from './units.ts';

const NONE = 'no_relation';
const PROJECT = { relations: KLUE_LABELS.filter((label) => label !== NONE).map(relationWithGuide), no_relation: NONE };
const A = { start: 0, end: 3 };
const B = { start: 12, end: 14 };
const entities = [
  { ...A, type: 'ORG', word: '한빛전자', by: 'model' as const },
  { ...B, type: 'PER', word: '서지우', by: 'model' as const },
];
const top = (values: Record<string, number>) =>
  Object.entries(values).map(([relation, probability]) => ({ relation, probability }));
const task = (forth: Record<string, number>, back: Record<string, number>) => ({
  entities,
  pairs: [
    { subject: B, object: A, top: top(back) },
    { subject: A, object: B, top: top(forth) },
  ],
  decisions: [],
  given: [],
});
const unitOf = (...args: Parameters<typeof task>) => unitsOf(task(...args))[0]!;

test('both directions of two entities are one unit; one answer says both', () => {
  const unit = unitOf({ 'org:top_members/employees': 0.9, [NONE]: 0.1 }, { 'per:employee_of': 0.7, [NONE]: 0.3 });
  expect(suggestionOf(unit, PROJECT)).toEqual({
    relation: 'org:top_members/employees',
    isBack: false,
    probability: 0.8,
  });
  expect(decisionsOf(unit, { relation: 'per:employee_of', isBack: true, probability: null }, PROJECT)).toEqual([
    { subject: B, object: A, relation: 'per:employee_of' },
    { subject: A, object: B, relation: 'org:top_members/employees' },
  ]);
  expect(decisionsOf(unit, { relation: 'org:founded_by', isBack: false, probability: null }, PROJECT)).toEqual([
    { subject: A, object: B, relation: 'org:founded_by' },
    { subject: B, object: A, relation: NONE },
  ]);
});

test('where the model is surer of none, none is proposed; where the data says something, that; where nobody does, nothing', () => {
  expect(suggestionOf(unitOf({ [NONE]: 0.8, 'org:founded_by': 0.2 }, { [NONE]: 0.9 }), PROJECT)).toMatchObject({
    relation: NONE,
  });
  const given = unitsOf({
    ...task({ [NONE]: 1 }, {}),
    given: [{ subject: A, object: B, relation: 'org:founded_by' }],
  })[0]!;
  expect(suggestionOf(given, PROJECT)).toMatchObject({ relation: 'org:founded_by' });
  expect(choicesOf(given, PROJECT)[0]).toMatchObject({ relation: 'org:founded_by' });
  expect(suggestionOf(unitOf({}, {}), PROJECT)).toBeNull();
});

test('choices are those that the types allow', () => {
  const choices = choicesOf(unitOf({}, {}), PROJECT);
  expect(choices.map(({ relation }) => relation)).toContain('org:founded_by');
  expect(choices.map(({ relation }) => relation)).not.toContain('per:spouse');
  expect(
    choices.every(({ relation, isBack }) =>
      PROJECT.relations.find(({ name }) => name === relation)!.types!.includes(isBack ? 'PER>ORG' : 'ORG>PER'),
    ),
  ).toBe(true);
});

test('what was said is seen, and the next open one is found', () => {
  const said = unitsOf({
    ...task({}, {}),
    decisions: decisionsOf(
      unitOf({}, {}),
      { relation: 'org:founded_by', isBack: false, probability: null },
      PROJECT,
    ).map((decision) => ({ ...decision, by: 'me', at: '' })),
  });
  expect(isChosen(said[0]!, { relation: 'org:founded_by', isBack: false, probability: null }, NONE)).toBe(true);
  expect(isChosen(said[0]!, { relation: NONE, isBack: false, probability: null }, NONE)).toBe(false);
  expect(nextOpen(said, 0)).toBe(-1);
  expect(nextOpen([...said, unitOf({}, {})], 0)).toBe(1);
});

/** As the search lists them for a pair of these types. */
const fittingFirst = (types: string) =>
  PROJECT.relations.toSorted((a, b) => Number(b.types!.includes(types)) - Number(a.types!.includes(types)));
const shortest = (name: string): string | undefined => {
  const relation = PROJECT.relations.find((each) => each.name === name)!;
  const letters = [
    ...new Set(
      [relation.title.ko, relation.title.en, name]
        .join('')
        .toLowerCase()
        .replace(/[^a-z가-힣]/g, ''),
    ),
  ];
  const consonant = [...'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍㅎ'];
  const queries = [
    ...letters,
    ...consonant,
    ...['', ...letters].flatMap((a) => letters.map((b) => a + b)),
    ...consonant.flatMap((a) => consonant.map((b) => a + b)),
  ];
  return queries
    .sort((a, b) => a.length - b.length)
    .find(
      (query) =>
        /^[a-zㄱ-ㅎ]{1,2}$/.test(query) && searchRelations(fittingFirst(relation.types![0]!), query)[0]?.name === name,
    );
};

test('a right suggestion takes one key, a wrong one at most four: of those with a digit one, of all others four', () => {
  // Enter confirms; a digit chooses; else "/", at most two letters, Enter.
  expect(MOST_CHOICES).toBe(9);
  for (const { name } of PROJECT.relations) expect(shortest(name), name).toBeDefined();
});

test('relations are found in Korean, by consonants, in English and by label', () => {
  const first = (query: string) => searchRelations(PROJECT.relations, query)[0]?.name;
  expect([
    first('배우자'),
    first('ㅂㅇㅈ'),
    first('spouse'),
    first('per:sp'),
    first('설립자'),
    first('founder'),
  ]).toEqual([...['per:spouse', 'per:spouse', 'per:spouse', 'per:spouse'], ...['org:founded_by', 'org:founded_by']]);
  expect(searchRelations(PROJECT.relations, 'zzz')).toEqual([]);
});
