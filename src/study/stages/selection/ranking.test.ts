import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CRITERION_NAMES, DEFAULT_SETTINGS, withSettings } from '../../../base/core/settings.ts';
import { CANDIDATES, isTrainable } from './candidates.ts';
import { CRITERIA, normalised, parseWeights, type Weights } from './criteria.ts';
import { outcomeOf, rankCandidates, rankingSensitivity, rankingUnderAssumptions } from './ranking.ts';
import { reasonFor } from './reasons.ts';

const WORKLOAD = { tokens: 72, batch: 32, epochs: 3 };
const DEFAULT = parseWeights(DEFAULT_SETTINGS.selectionWeights);
const anyWeights = fc
  .tuple(...CRITERION_NAMES.map(() => fc.integer({ min: 0, max: 9 })))
  .filter((values) => values.some((value) => value > 0))
  .map((values) => Object.fromEntries(CRITERION_NAMES.map((name, i) => [name, values[i]!])) as Weights);

test('the order with the default weights', () => {
  const ranking = rankCandidates(CANDIDATES, DEFAULT, WORKLOAD);
  expect(ranking.map(({ rank, candidate, score }) => [rank, candidate.id, score.toFixed(3)])).toEqual([
    [1, 'klue/roberta-base', '0.801'],
    [2, 'klue/roberta-large', '0.790'],
    [3, 'klue/bert-base', '0.774'],
    [4, 'monologg/koelectra-base-v3-discriminator', '0.753'],
    [5, 'klue/roberta-small', '0.702'],
    [6, 'google-bert/bert-base-multilingual-cased', '0.668'],
    [7, 'FacebookAI/xlm-roberta-base', '0.667'],
    [8, 'bundled', '0.625'],
    [9, 'intfloat/multilingual-e5-small', '0.581'],
    [null, 'Qwen/Qwen3-8B', '0.313'],
    [null, 'Qwen/Qwen3-Embedding-8B', '0.252'],
  ]);
});

test('the choice does not depend on the length of the sentences', () => {
  for (const tokens of [24, 48, 96, 192, 384, 512])
    expect(outcomeOf(rankCandidates(CANDIDATES, DEFAULT, { ...WORKLOAD, tokens })).winner).toBe('klue/roberta-base');
});

test('what the choice depends on is listed: where another weight or scale puts another model first', () => {
  const flips = rankingSensitivity(CANDIDATES, DEFAULT, WORKLOAD).filter(
    ({ winner }) => winner !== 'klue/roberta-base',
  );
  expect(flips.map(({ criterion, factor, winner }) => `${criterion} × ${factor}: ${winner}`)).toEqual([
    'quality × 0: monologg/koelectra-base-v3-discriminator',
    'quality × 0.5: monologg/koelectra-base-v3-discriminator',
    'quality × 2: klue/roberta-large',
    'licence × 2: monologg/koelectra-base-v3-discriminator',
    'cost × 0: klue/roberta-large',
    'cost × 0.5: klue/roberta-large',
  ]);
  const assumed = rankingUnderAssumptions(CANDIDATES, DEFAULT, WORKLOAD);
  expect(assumed.map(({ assumption, winner }) => `${assumption}: ${winner}`)).toEqual([
    'same_epochs: klue/roberta-large',
    'micro_f1_only: klue/roberta-base',
    'strict_licence: monologg/koelectra-base-v3-discriminator',
  ]);
});

test('scores lie in [0, 1], and neither the order of the table nor a common factor changes the ranking', () => {
  fc.assert(
    fc.property(
      anyWeights,
      fc.shuffledSubarray([...CANDIDATES], { minLength: CANDIDATES.length }),
      (weights, table) => {
        const ranking = rankCandidates(CANDIDATES, normalised(weights), WORKLOAD);
        for (const { score, scores } of ranking)
          for (const value of [score, ...Object.values(scores)]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1 + 1e-12);
          }
        const scoresOf = (rows: typeof ranking) =>
          Object.fromEntries(rows.map(({ candidate, score }) => [candidate.id, score]));
        expect(scoresOf(rankCandidates(table, normalised(weights), WORKLOAD))).toEqual(scoresOf(ranking));
        const doubled = Object.fromEntries(CRITERION_NAMES.map((name) => [name, 2 * weights[name]])) as Weights;
        expect(rankCandidates(CANDIDATES, normalised(doubled), WORKLOAD).map(({ candidate }) => candidate.id)).toEqual(
          ranking.map(({ candidate }) => candidate.id),
        );
      },
    ),
  );
});

test('models that korex cannot train are never ranked, whatever counts', () => {
  fc.assert(
    fc.property(anyWeights, (weights) => {
      for (const { candidate, rank } of rankCandidates(CANDIDATES, normalised(weights), WORKLOAD))
        expect(rank === null).toBe(!isTrainable(candidate));
    }),
  );
});

test('with one criterion alone its scores are the ranking', () => {
  for (const name of CRITERION_NAMES) {
    const weights = parseWeights(CRITERION_NAMES.map((other) => `${other}=${other === name ? 3 : 0}`).join(','));
    for (const { score, scores } of rankCandidates(CANDIDATES, weights, WORKLOAD)) expect(score).toBe(scores[name]);
  }
});

test('candidates without a published score get nothing for quality', () => {
  const scores = CRITERIA.quality.scores(CANDIDATES, WORKLOAD);
  const unpublished = scores.filter((_, i) => CANDIDATES[i]!.published === null);
  expect(unpublished).toEqual([0, 0, 0, 0]);
  expect(Math.max(...scores)).toBe(1);
});

test('every candidate has a reason in both languages that names no missing figure', () => {
  const ranking = rankCandidates(CANDIDATES, DEFAULT, WORKLOAD);
  for (const row of ranking) {
    const { ko, en } = reasonFor(row, ranking, DEFAULT, WORKLOAD);
    expect(`${ko} ${en}`).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(ko).toMatch(/[가-힣]/);
    expect(en).not.toMatch(/[가-힣]/);
  }
});

test('weights are read from a setting and add up to 1', () => {
  expect(parseWeights('quality=2,cost=0')).toEqual({ quality: 0.5, licence: 0.25, fit: 0.25, cost: 0 });
  expect(() => parseWeights('quality=1,quality=2')).toThrow('names "quality" twice');
  expect(() => parseWeights('quality=0,licence=0,fit=0,cost=0')).toThrow('every criterion the weight 0');
  for (const wrong of ['', 'speed=1', 'quality=-1', 'quality', 'quality=1,'])
    expect(() => withSettings(DEFAULT_SETTINGS, { selectionWeights: wrong }, 'command line')).toThrow(
      'selectionWeights (--selection-weights)',
    );
});
