import { expect, test } from 'vitest';
import type { TextSetting } from '../../engine/runs/textSetting.ts';
import { aimedThreshold, parseAim } from './aim.ts';

const curve = [
  { threshold: 0.2, precision: 0.5, recall: 0.8 },
  { threshold: 0.5, precision: 0.8, recall: 0.6 },
  { threshold: 0.7, precision: 0.85, recall: 0.4 },
  { threshold: 0.9, precision: null, recall: 0 },
];
const aimed = (words: string) => aimedThreshold('m', whole, parseAim(words));
const figures = { precision: 0.6, recall: 0.7, f1: 0.65, relation_free: 0.1, ece: 0.05 };
const whole: TextSetting = {
  ...{ documents: 9, pairs: 90, temperature: 1, bias: {}, confidence: { slope: 1, offset: 0 }, folds: 5 },
  ...{ thresholds: { default: 0.3, per_relation: {} }, relations: {}, measured: figures, ablation: {} },
  rules: { types: true, directions: true, counts: true },
  curve: [...curve],
};

test('takes the threshold that reaches the aim at the least cost', () => {
  expect(aimed('precision=0.8')).toEqual(curve[1]);
  expect(aimed('precision=0.82')).toEqual(curve[2]);
  expect(aimed('recall=0.55')).toEqual(curve[1]);
});

test('says what is possible where no threshold reaches it', () => {
  expect(() => aimed('precision=0.9')).toThrow('No threshold gives the model m a precision of 0.9: the most is 0.85.');
  expect(() => aimedThreshold('m', null, parseAim('recall=0.5'))).toThrow('not calibrated for the pairs of a text');
});

test.each(['0.9', 'precision=1.2', 'recall=0', 'f1=0.5'])('refuses %s', (words) => {
  expect(() => parseAim(words)).toThrow('--aim is');
});
