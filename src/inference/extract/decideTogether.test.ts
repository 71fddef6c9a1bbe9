import { expect, test } from 'vitest';
import type { AnnotatedDocument, Entity } from '../../base/core/types.ts';
import { type DecidedBy, decideTogether } from './decideTogether.ts';
import { fitTextSetting } from './fitTextSetting.ts';
import type { ScoredPair } from './pairScorer.ts';

const labelSet = {
  labels: ['no_relation', 'per:employee_of', 'org:top_members/employees', 'per:date_of_birth', 'per:spouse'],
  noRelation: 'no_relation',
};
const [NONE, EMPLOYEE, MEMBER, BIRTH, SPOUSE] = [0, 1, 2, 3, 4] as const;
const setting: DecidedBy = {
  ...{ documents: 1, pairs: 1, temperature: 1, bias: {}, confidence: { slope: 1, offset: 0 } },
  thresholds: { default: 0.5, per_relation: {} },
  rules: { types: true, directions: true, counts: true },
  relations: {
    'per:employee_of': { types: ['PER>ORG'], inverse: 'org:top_members/employees', max_objects: null },
    'org:top_members/employees': { types: ['ORG>PER'], inverse: 'per:employee_of', max_objects: null },
    'per:date_of_birth': { types: ['PER>DAT'], inverse: null, max_objects: 1 },
    'per:spouse': { types: ['PER>PER'], inverse: 'per:spouse', max_objects: 1 },
  },
};
const entity = (word: string, type: string | null): Entity => ({ word, start: 0, end: 0, type });
const ENTITIES = [entity('한별', 'PER'), entity('미르', 'ORG'), entity('1990년', 'DAT'), entity('2001년', 'DAT')];
/** A pair with a logit for one label, the others at 0. */
const scored = (subject: number, object: number, label: number, logit: number): ScoredPair => ({
  ...{ subject, object, shortened: false },
  logits: labelSet.labels.map((_, id) => (id === label ? logit : 0)),
});
const decide = (pairs: readonly ScoredPair[], changes: Partial<DecidedBy> = {}, threshold: number | null = null) =>
  decideTogether(labelSet, { ...setting, ...changes })(ENTITIES, pairs, { threshold }).map(
    ({ relation, decision, confidence }) => ({ relation, decision, confidence: Number(confidence.toFixed(3)) }),
  );

test('both directions decide together: a sure one carries the other', () => {
  const pairs = [scored(0, 1, EMPLOYEE, 3), scored(1, 0, NONE, 1)];
  // Two worlds are left, none and both: e^0 · e^1 against e^3 · e^0.
  const p = Number((Math.exp(3) / (Math.exp(3) + Math.exp(1))).toFixed(3));
  expect(decide(pairs)).toEqual([
    { relation: 'per:employee_of', decision: 'relation', confidence: p },
    { relation: 'org:top_members/employees', decision: 'relation', confidence: p },
  ]);
  expect(decide(pairs, { rules: { types: true, directions: false, counts: true } })[1]).toMatchObject({
    relation: 'no_relation',
    decision: 'no_relation',
  });
});

test('directions that contradict each other assert nothing', () => {
  const [forth, back] = decide([scored(0, 1, EMPLOYEE, 3), scored(1, 0, NONE, 5)]);
  expect([forth!.decision, back!.decision]).toEqual(['no_relation', 'no_relation']);
});

test('a relation that the types cannot have is ruled out, however sure', () => {
  expect(decide([scored(0, 1, SPOUSE, 9)])[0]!.relation).not.toBe('per:spouse');
  expect(decide([scored(0, 1, SPOUSE, 9)], { rules: { ...setting.rules, types: false } })[0]).toMatchObject({
    relation: 'per:spouse',
    decision: 'relation',
  });
});

test('of more objects than a subject can have, the surest is asserted and the other one is uncertain', () => {
  const pairs = [scored(0, 2, BIRTH, 4), scored(0, 3, BIRTH, 6)];
  expect(decide(pairs)).toMatchObject([
    { decision: 'uncertain', relation: 'per:date_of_birth' },
    { decision: 'relation', relation: 'per:date_of_birth' },
  ]);
  const uncounted = decide(pairs, { rules: { ...setting.rules, counts: false } });
  expect(uncounted.map(({ decision }) => decision)).toEqual(['relation', 'relation']);
});

test('a threshold asked for wins over the setting’s', () => {
  const pairs = [scored(0, 2, BIRTH, 1)];
  expect(decide(pairs)[0]!.decision).toBe('relation');
  expect(decide(pairs, {}, 0.9)[0]!.decision).toBe('uncertain');
});

/** Documents whose pair says its relation by a noisy logit, one in five of them of the wrong sign. */
const documents = Array.from({ length: 60 }, (_, id) => {
  const holds = id % 3 === 0;
  const strength = (id % 5 === 0 ? -1 : 1) * (holds ? 2 : -2) + ((id * 7) % 11) / 10;
  const document: AnnotatedDocument = {
    ...{ id: `d${id}`, text: '한별 미르', source: null, unsure: [] },
    entities: ENTITIES.slice(0, 2),
    relations: holds
      ? [
          { subject: 0, relation: 'per:employee_of', object: 1 },
          { subject: 1, relation: 'org:top_members/employees', object: 0 },
        ]
      : [],
  };
  return { document, pairs: [scored(0, 1, EMPLOYEE, strength), scored(1, 0, MEMBER, strength / 2)] };
});

test('fits a setting whose confidence is right as often as it says, the same for the same seed', () => {
  const fitted = fitTextSetting({ labelSet, documents, seed: 3 });
  expect(fitted.documents).toBe(60);
  expect(fitted.measured.f1).toBeGreaterThan(0.7);
  expect(fitted.measured.ece).toBeLessThan(0.15);
  const recalls = fitted.curve.map(({ recall }) => recall);
  expect(recalls).toEqual([...recalls].sort((a, b) => b - a));
  expect(fitTextSetting({ labelSet, documents, seed: 3 })).toEqual(fitted);
});
