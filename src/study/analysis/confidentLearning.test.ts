import { expect, test } from 'vitest';
import { LABEL_SET, madeAnalyzed } from '../../../test/support/analysisRows.ts';
import { findDisagreements, labelThresholds, reliabilityFrom } from './confidentLearning.ts';

const title = (confidence: number) => madeAnalyzed({ label: 'per:title' }, 'per:title', confidence, confidence);
const asTitle = (confidence: number, gold = 0.01) =>
  madeAnalyzed({ guid: `${confidence}`, label: 'no_relation' }, 'per:title', confidence, gold);

test('a label’s threshold is the mean confidence in it of the rows that have it', () => {
  const rows = [title(0.9), title(0.7), asTitle(0.6, 0.2)];
  const thresholds = labelThresholds(rows, LABEL_SET);
  expect(thresholds.map(({ label }) => label)).toEqual(['no_relation', 'per:title']);
  expect(thresholds[1]!.threshold).toBeCloseTo(0.8, 9);
});

test('the model strongly disagrees where the answer reaches its threshold, is confident, leaves little for the label and fits the types', () => {
  const rows = [title(0.9), title(0.92), asTitle(0.95), asTitle(0.9), asTitle(0.85, 0.12), asTitle(0.97)];
  const guids = (isKnown: (label: string) => boolean) =>
    findDisagreements(rows, LABEL_SET, (_, label) => isKnown(label)).map(({ row }) => row.example.guid);
  // The threshold of per:title is 0.91, so 0.9 is not enough.
  expect(guids(() => true)).toEqual(['0.97', '0.95']);
  expect(guids((label) => label !== 'per:title')).toEqual([]);
  expect(findDisagreements([title(0.5), asTitle(0.7)], LABEL_SET, () => true)).toEqual([]);
  const leaving = (gold: number) => findDisagreements([title(0.82), asTitle(0.85, gold)], LABEL_SET, () => true);
  expect([leaving(0.09), leaving(0.12)].map(({ length }) => length)).toEqual([1, 0]);
});

test('answers from a confidence on are counted, and those of them that are right', () => {
  const rows = [title(0.9), title(0.79), asTitle(0.95), asTitle(0.5)];
  expect(reliabilityFrom(rows, 0.8)).toEqual({ from: 0.8, answers: 2, right: 1 });
});
