import { expect, test } from 'vitest';
import { softmax } from '../../base/eval/softmax.ts';
import { distilledTargets, softened, withTeachers } from './distillation.ts';
import { targetsOf } from './objective.ts';

test('softened probabilities are those of logits over the temperature', () => {
  const logits = [2, -1, 0.5];
  for (const temperature of [1, 2, 5]) {
    const expected = softmax(logits.map((logit) => logit / temperature));
    for (const [i, p] of softened(softmax(logits), temperature).entries()) expect(p).toBeCloseTo(expected[i]!, 6);
  }
  // A probability of zero stays one.
  expect([...softened([1, 0], 2)]).toEqual([1, 0]);
});

test('a target is the label’s and the teachers’ by weight, and weighs what the row weighed', () => {
  const hard = targetsOf([0, 2], [3, 1, 1]);
  const soft = [
    [0.5, 0.25, 0.25],
    [0, 1, 0],
  ];
  // Rows weigh 3/4 and 1/4.
  const mixed = distilledTargets(hard, soft, 0.4);
  const expected = [0.75 * 0.8, 0.75 * 0.1, 0.75 * 0.1, 0, 0.25 * 0.4, 0.25 * 0.6];
  for (const [i, value] of mixed.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
  expect(distilledTargets(hard, soft, 1)[5]).toBe(0);
});

test('without teachers targets stay what they are, to the bit', () => {
  const hard = targetsOf([1], [1, 1]);
  expect(withTeachers(hard, [{}], { distillWeight: null })).toBe(hard);
});
