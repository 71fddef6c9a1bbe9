import { expect, test } from 'vitest';
import { entityFigures, entityReport, meanTypeF1 } from './entityMetrics.ts';

const entity = (start: number, end: number, type: string) => ({ start, end, type });
const answers = {
  gold: [[entity(0, 1, 'PER'), entity(4, 6, 'ORG')], [entity(2, 3, 'PER')], []],
  found: [[entity(0, 1, 'PER'), entity(4, 5, 'ORG')], [entity(2, 3, 'ORG')], [entity(0, 0, 'LOC')]],
};

// As seqeval 1.2.2 counts the same tags: precision 1/4, recall 1/3; PER 1 of 1 found and 1 of 2 there.
test('an entity is right where begin, end and type are, over all sentences', () => {
  expect(entityFigures(answers)).toMatchObject({ support: 3, predicted: 4, right: 1, precision: 1 / 4, recall: 1 / 3 });
  expect(entityFigures(answers).f1).toBeCloseTo(2 / 7);
  expect(entityFigures(answers, 'PER')).toMatchObject({ precision: 1, recall: 1 / 2 });
  expect(meanTypeF1(answers, ['PER', 'ORG', 'LOC'])).toBeCloseTo((2 / 3 + 0 + 0) / 3);
});

test('a report has places alone, types in the order asked for, and intervals around the figures', () => {
  const report = entityReport(answers, ['ORG', 'PER'], { seed: 1, resamples: 200 });
  expect(Object.keys(report.types)).toEqual(['ORG', 'PER']);
  expect(report.boundaries).toMatchObject({ right: 2, precision: 2 / 4, recall: 2 / 3 });
  // ORG: missed at its place; PER: one right, one found as ORG; nothing: an ORG invented, and a LOC, which is no type asked for.
  expect(report.confusion).toEqual([
    [0, 0, 1],
    [1, 1, 0],
    [1, 0, 0],
  ]);
  const [low, high] = report.all.intervals.f1;
  expect(low).toBeLessThanOrEqual(report.all.f1);
  expect(high).toBeGreaterThanOrEqual(report.all.f1);
  expect(entityReport(answers, ['ORG'], { seed: 1 })).toEqual(entityReport(answers, ['ORG'], { seed: 1 }));
});

test('nothing there and nothing found is no failure', () => {
  expect(entityReport({ gold: [[]], found: [[]] }, [], { seed: 1 }).all).toMatchObject({ f1: 0, support: 0 });
  expect(entityReport({ gold: [], found: [] }, [], { seed: 1 }).sentences).toBe(0);
});
