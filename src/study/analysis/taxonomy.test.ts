import { expect, test } from 'vitest';
import { madeAnalyzed, TRAIN } from '../../../test/support/analysisRows.ts';
import { errorClassOf, isOpposite, type TaxonomyContext } from './taxonomy.ts';
import { RARE_BELOW, trainingFacts } from './trainingFacts.ts';

const training = trainingFacts(TRAIN)!;
const context: TaxonomyContext = {
  noRelation: 'no_relation',
  isDisputed: ({ confidence }) => confidence > 0.95,
  isKnown: ({ example }, label) => training.knowsRelation(example, label),
  isRare: (label) => training.shareOf(label) < RARE_BELOW,
};
const ORGS = ['ORG', 'ORG'] as const;

test.each([
  ['strong_disagreement', { label: 'per:title' }, 'no_relation', 0.96],
  ['type_inconsistent', { label: 'no_relation' }, 'org:members', 0.6],
  ['wrong_direction', { label: 'org:members', types: ORGS }, 'org:member_of', 0.6],
  ['missed', { label: 'per:religion' }, 'no_relation', 0.6],
  ['invented', { label: 'no_relation' }, 'per:title', 0.6],
  ['rare_label', { label: 'per:religion' }, 'per:title', 0.6],
  ['sibling', { label: 'per:origin' }, 'per:title', 0.6],
  ['other', { label: 'org:members' }, 'per:title', 0.6],
] as const)('%s', (expected, made, predicted, confidence) => {
  expect(errorClassOf(madeAnalyzed(made, predicted, confidence), context)).toBe(expected);
});

test('without “no relation” nothing is missed or invented, and types that were never seen rule nothing out', () => {
  const open = { ...context, noRelation: null };
  expect(errorClassOf(madeAnalyzed({ label: 'per:title' }, 'no_relation'), open)).toBe('other');
  expect(errorClassOf(madeAnalyzed({ label: 'per:title', types: ['LOC', 'LOC'] }, 'per:origin'), open)).toBe('sibling');
  expect(errorClassOf(madeAnalyzed({ label: 'per:title', types: [null, null] }, 'per:origin'), open)).toBe('sibling');
});

test('what holds both ways has no wrong direction', () => {
  expect(isOpposite('per:parents', 'per:children')).toBe(true);
  expect(isOpposite('per:employee_of', 'org:top_members/employees')).toBe(true);
  expect(isOpposite('per:spouse', 'per:spouse')).toBe(false);
  expect(isOpposite('per:title', 'per:origin')).toBe(false);
});
