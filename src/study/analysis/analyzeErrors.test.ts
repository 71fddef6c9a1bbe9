import { expect, test } from 'vitest';
import { analysisInput, PREDICTIONS, TEST, TRAIN, toyModel } from '../../../test/support/analysisRows.ts';
import { analyzeErrors } from './analyzeErrors.ts';
import { ERROR_CLASSES } from './kinds.ts';
import { analysisSchema } from './schema.ts';

test('every error has exactly one class, and every list names rows that are there', async () => {
  const analysis = analysisSchema.parse(await analyzeErrors(analysisInput()));
  expect(analysis.errors).toBe(9);
  expect(analysis.metrics.accuracy).toBeCloseTo(59 / 68, 12);
  expect(analysis.taxonomy.map(({ class: name }) => name)).toEqual(ERROR_CLASSES);
  expect(Object.fromEntries(analysis.taxonomy.map((row) => [row.class, row.count]))).toEqual({
    ...{ strong_disagreement: 1, type_inconsistent: 1, wrong_direction: 2, missed: 2, invented: 1, rare_label: 1 },
    ...{ sibling: 1, other: 0 },
  });
  expect(analysis.taxonomy.reduce((sum, { count }) => sum + count, 0)).toBe(analysis.errors);
  expect(analysis.error_list).toHaveLength(9);
  for (const { class: name, count } of analysis.taxonomy)
    expect(analysis.error_list.filter((row) => row.class === name)).toHaveLength(count);
  const known = new Set(analysis.cases.map(({ guid }) => guid));
  const { taxonomy, confusions, overconfident, disagreements, contradictions, shortcuts } = analysis;
  const lists = [...taxonomy, ...confusions.pairs, ...confusions.missed_labels, ...confusions.invented_labels];
  const named = [...lists, overconfident, disagreements, contradictions, shortcuts!].flatMap(({ cases }) => cases);
  expect(new Set(named)).toEqual(known);
});

test('confusions: direction, what is missed, what is invented', async () => {
  const { confusions } = await analyzeErrors(analysisInput());
  expect(confusions).toMatchObject({ named: 4, missed: 2, invented: 3 });
  expect(confusions.pairs[0]).toMatchObject({
    ...{ gold: 'org:members', predicted: 'org:member_of', count: 2, share: 0.2, reverse_count: 0 },
    cases: ['test-58', 'test-59'],
  });
  expect(confusions.invented_labels[0]).toMatchObject({ label: 'per:title', count: 2 });
});

test('over-confident errors, disagreements and how reliable such answers are, shortcuts and neighbours', async () => {
  const analysis = await analyzeErrors(analysisInput());
  expect(analysis.overconfident).toMatchObject({ count: 1, share_of_confident: 1, cases: ['test-63'] });
  expect(analysis.disagreements.reliability).toEqual({ from: 0.8, answers: 1, right: 0 });
  expect(analysis.disagreements.rows).toMatchObject([{ guid: 'test-63', gold: 'no_relation', suggested: 'per:title' }]);
  // The toy says no_relation to everything: right for the 30 rows that have none.
  expect(analysis.shortcuts).toMatchObject({ right: 59, right_with_entities_only: 30, sampled: false });
  expect(analysis.neighbours).toMatchObject({ encoded: TRAIN.length, errors: 9, carry: { gold: 9 } });
  expect(analysis.rare!.relations.map(({ label }) => label)).toEqual(['per:religion']);
});

test('rows that ask the same and disagree are disputed, on whichever side the other one is', async () => {
  const twin = { ...TEST[61]!, guid: 'twin', label: 'per:religion' };
  const { contradictions, taxonomy } = await analyzeErrors(analysisInput({ train: [...TRAIN, twin] }));
  expect(contradictions.mixed_groups).toBeGreaterThan(0);
  expect(contradictions.cases).toContain('test-61');
  expect(taxonomy[0]!.count).toBeGreaterThan(1);
});

test('the temperature changes the confidence, not the answers', async () => {
  const plain = await analyzeErrors(analysisInput());
  const warm = await analyzeErrors(analysisInput({ temperature: 2 }));
  expect(warm.metrics).toEqual(plain.metrics);
  expect(warm.calibration.ece_before).toBe(plain.calibration.ece);
  expect(warm.calibration.ece).not.toBe(plain.calibration.ece);
  expect(warm.overconfident.count).toBe(0);
});

test('what cannot be made is named and left out', async () => {
  const bare = await analyzeErrors(analysisInput({ model: null, train: [] }));
  expect(bare).toMatchObject({ shortcuts: null, neighbours: null, rare: null, training: null });
  expect(bare.left_out).toEqual([
    ...['shortcuts', 'neighbours'].map((part) => ({ part, reason: 'no_model' })),
    ...['novelty', 'frequency', 'rare', 'types'].map((part) => ({ part, reason: 'no_training_rows' })),
  ]);
  const typePairs = [{ subject: 'PER', object: 'POH', relations: ['per:title', 'per:religion'] }];
  const withPairs = await analyzeErrors(analysisInput({ model: toyModel, train: [], typePairs }));
  expect(withPairs.left_out.map(({ part }) => part)).toEqual(['neighbours', 'novelty', 'frequency', 'rare']);
  // org:members between PER and POH is ruled out by what the calibration kept.
  expect(withPairs.taxonomy[1]!.count).toBe(1);
  const without = PREDICTIONS.map((prediction) => ({ ...prediction, probabilities: null }));
  await expect(analyzeErrors(analysisInput({ predictions: without }))).rejects.toThrow('has no probabilities');
});
