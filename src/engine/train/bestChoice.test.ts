import { expect, test } from 'vitest';
import { BEST_METRICS } from '../../base/core/settings.ts';
import type { LogEntry, Validation } from '../runs/trainingLog.ts';
import { bestSteps, isBetter, isExhausted } from './bestChoice.ts';

const validation = (changes: Partial<Validation>): Validation => ({
  ...{ n: 9, accuracy: 0.5, macro_f1: 0.5, micro_f1: 0.5, auprc: 0.5, loss: 1 },
  ...changes,
});

/** A log of validations ten steps apart, with training steps between them. */
const logOf = (...validations: Partial<Validation>[]): LogEntry[] =>
  validations.flatMap((changes, i): LogEntry[] => [
    { step: 10 * i + 10, epoch: i + 1, loss: 1, lr: 1e-3, norm: 1 },
    { step: 10 * i + 10, epoch: i + 1, validation: validation(changes) },
  ]);

test.each(BEST_METRICS)('%s decides, and between equals the lower loss', (metric) => {
  const better = metric === 'loss' ? 0.9 : 0.6;
  expect(isBetter(validation({ [metric]: better }), validation({}), metric)).toBe(true);
  expect(isBetter(validation({}), validation({ [metric]: better }), metric)).toBe(false);
  expect(isBetter(validation({}), validation({}), metric)).toBe(false);
  expect(isBetter(validation({ loss: 0.9 }), validation({}), metric)).toBe(true);
});

test('a missing figure is the worst, and without rows the later validation wins', () => {
  expect(isBetter(validation({ auprc: 0 }), validation({ auprc: null }), 'auprc')).toBe(true);
  expect(isBetter(validation({ loss: 99 }), validation({ loss: null }), 'loss')).toBe(true);
  expect(isBetter(validation({ n: 0, macro_f1: 0 }), validation({ n: 0, macro_f1: 0 }), 'macro_f1')).toBe(true);
});

test('the best steps come best first, of equal ones the earlier', () => {
  const log = logOf({ macro_f1: 0.3 }, { macro_f1: 0.6 }, { macro_f1: 0.6 }, { macro_f1: 0.7 });
  expect(bestSteps(log, 'macro_f1', 3)).toEqual([40, 20, 30]);
  expect(bestSteps(log, 'macro_f1', 0)).toEqual([]);
});

test('patience counts validations since the best one', () => {
  const log = logOf({}, { macro_f1: 0.6 }, {}, {});
  const best = { step: 20, epoch: 2, validation: validation({ macro_f1: 0.6 }) };
  expect([1, 2, 3, null].map((patience) => isExhausted(log, best, patience))).toEqual([true, true, false, false]);
  expect(isExhausted([], null, 1)).toBe(false);
});
