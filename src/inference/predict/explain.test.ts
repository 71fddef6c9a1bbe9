import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveEntity } from './entities.ts';
import {
  type Explained,
  explanationOf,
  findingsOf,
  MASK,
  MAX_OCCLUSIONS,
  planExplanation,
  requestsOf,
} from './explain.ts';
import { API_SCHEMAS, type PredictRequest, type Relation } from './schema.ts';

const TYPES = ['PER', 'ORG', 'LOC'];
const SENTENCE = '밴드 푸른돛의 기타리스트 강이안은 쉰다.';
const entity = (word: string, type: string | null) => ({
  start: SENTENCE.indexOf(word),
  end: SENTENCE.indexOf(word) + word.length,
  type,
});
const BAND: Explained = { sentence: SENTENCE, subject: entity('푸른돛', 'ORG'), object: entity('강이안', 'PER') };

/** Sentences with two entities that do not overlap, also of characters outside the BMP and with entities side by side. */
const explained = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('가', '나', '은', ' ', '.', '𠀋', '😀', 'a', '\n'), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('가', '나', '𠀋', ' '), minLength: 1, maxLength: 4 }),
    fc.string({ unit: fc.constantFrom('가', '나', '은', ' ', '😀'), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('다', '라', '😀'), minLength: 1, maxLength: 4 }),
    fc.string({ unit: fc.constantFrom('가', '는', ' ', '.', '𠀋'), maxLength: 12 }),
    fc.boolean(),
  )
  .map(([before, first, between, second, behind, isTurned]): Explained => {
    const a = { start: before.length, end: before.length + first.length, type: 'ORG' };
    const start = a.end + between.length;
    const b = { start, end: start + second.length, type: 'PER' };
    const sentence = before + first + between + second + behind;
    return isTurned ? { sentence, subject: b, object: a } : { sentence, subject: a, object: b };
  });

const wordIn = ({ sentence, subject, object }: PredictRequest) =>
  [subject, object].map(({ start, end }) => sentence.slice(start, end));

test('every request is valid and its offsets point at whole entities, in UTF-16 and in code points', () => {
  fc.assert(
    fc.property(explained, (original) => {
      const plan = planExplanation(original, TYPES);
      const [subject, object] = wordIn(requestsOf(plan)[0]!);
      for (const [i, request] of requestsOf(plan).entries()) {
        const kind = i === 0 || i > plan.variants.length ? 'text' : plan.variants[i - 1]!.kind;
        expect(API_SCHEMAS.PredictRequest.safeParse(request).error).toBeUndefined();
        const expected =
          kind === 'masked' ? [MASK, MASK] : kind === 'roles_swapped' ? [object, subject] : [subject, object];
        expect(wordIn(request)).toEqual(expected);
        const asKlue = [request.subject, request.object].map((input) => {
          const { word, start, end } = resolveEntity(input, request.sentence, '');
          return [word, [...request.sentence].slice(start, end + 1).join('')];
        });
        expect(asKlue).toEqual(expected.map((word) => [word, word]));
      }
    }),
  );
});

test('occlusion leaves out each word once, never a character of an entity', () => {
  fc.assert(
    fc.property(explained, (original) => {
      const { occlusions } = planExplanation(original, []);
      const covered = new Set(occlusions.flatMap(({ start, end }) => range(start, end)));
      const inEntities = new Set([original.subject, original.object].flatMap(({ start, end }) => range(start, end)));
      for (const at of range(0, original.sentence.length))
        expect(covered.has(at)).toBe(!inEntities.has(at) && /\S/.test(original.sentence[at]!));
      expect(covered.size).toBe(occlusions.reduce((sum, { start, end }) => sum + end - start, 0));
    }),
  );
});

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

test('variants read as meant', () => {
  const { variants, occlusions } = planExplanation(BAND, TYPES);
  expect(variants.map(({ kind, type, input }) => [kind, type, input.sentence].filter(Boolean).join(' | '))).toEqual([
    'masked | 밴드 ○○의 기타리스트 ○○은 쉰다.',
    'entities_only | 푸른돛 강이안',
    `roles_swapped | ${SENTENCE}`,
    `types_swapped | ${SENTENCE}`,
    `subject_type | PER | ${SENTENCE}`,
    `subject_type | LOC | ${SENTENCE}`,
    `object_type | ORG | ${SENTENCE}`,
    `object_type | LOC | ${SENTENCE}`,
  ]);
  expect(occlusions.map(({ input }) => input.sentence)).toEqual([
    '푸른돛의 기타리스트 강이안은 쉰다.',
    '밴드 푸른돛 기타리스트 강이안은 쉰다.',
    '밴드 푸른돛의 강이안은 쉰다.',
    '밴드 푸른돛의 기타리스트 강이안 쉰다.',
    '밴드 푸른돛의 기타리스트 강이안은 ',
  ]);
});

test('types are left alone where the model reads none or an entity has none', () => {
  const untyped = { ...BAND, object: { ...BAND.object, type: null } };
  const kinds = (input: Explained, types: string[]) => planExplanation(input, types).variants.map(({ kind }) => kind);
  expect(kinds(BAND, [])).toEqual(['masked', 'entities_only', 'roles_swapped']);
  expect(kinds(untyped, TYPES)).toEqual(['masked', 'entities_only', 'roles_swapped']);
});

test('a long text costs no more than a bounded number of requests', () => {
  const long = `${'말 '.repeat(2000)}${SENTENCE}`;
  const moved = (part: Explained['subject']) => ({ ...part, start: part.start + 4000, end: part.end + 4000 });
  const { occlusions } = planExplanation(
    { sentence: long, subject: moved(BAND.subject), object: moved(BAND.object) },
    TYPES,
  );
  expect(occlusions.length).toBeLessThanOrEqual(MAX_OCCLUSIONS + 2);
});

/** A model that goes by the word 기타리스트 and nothing else. */
const byWord = ({ sentence, subject, object }: PredictRequest): Relation => {
  const p = sentence.includes('기타리스트') ? 0.9 : 0.2;
  const top = [
    { relation: 'org:members', probability: p },
    { relation: 'no_relation', probability: 1 - p },
  ].sort((a, b) => b.probability - a.probability);
  return {
    relation: top[0]!.relation,
    description: { ko: '', en: '' },
    confidence: top[0]!.probability,
    decision: 'relation',
    threshold: 0,
    no_relation_probability: 1 - p,
    top,
    subject: resolveEntity(subject, sentence, ''),
    object: resolveEntity(object, sentence, ''),
    shortened: false,
    model: 'test',
  };
};

test('findings tell a reader of words from a reader of names', () => {
  const plan = planExplanation(BAND, TYPES);
  const explanation = explanationOf(plan, requestsOf(plan).map(byWord));
  expect(
    explanation.words.map(({ start, end, drop }) => [SENTENCE.slice(start, end), Number(drop.toFixed(2))]),
  ).toEqual([
    ['밴드', 0],
    ['의', 0],
    ['기타리스트', 0.7],
    ['은', 0],
    ['쉰다.', 0],
  ]);
  expect(findingsOf(explanation)).toMatchObject([
    { kind: 'sentence_needed', relation: 'no_relation' },
    { kind: 'context_suffices' },
    { kind: 'types_ignored', of: 4 },
    { kind: 'direction_ignored' },
    { kind: 'key_word', flips: true },
  ]);
  const byNames = explanationOf(
    plan,
    requestsOf(plan).map((request) => byWord({ ...request, sentence: `${request.sentence} 기타리스트` })),
  );
  expect(findingsOf(byNames).map(({ kind }) => kind)).toEqual([
    'names_suffice',
    'context_suffices',
    'types_ignored',
    'direction_ignored',
    'no_key_word',
  ]);
});
