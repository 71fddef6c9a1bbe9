import { describe, expect, test } from 'vitest';
import { GOLD, LABEL_SET, someRun, techniqueOf } from '../../../../test/support/ablation.ts';
import { holm } from '../significance.ts';
import { labelIds, labelText } from './labelText.ts';
import { type AblationRun, BASELINE } from './results.ts';
import { summarizeAblation, verdictOf } from './summarize.ts';

const SEEDS = [1, 2, 3];

const summarize = (techniques: readonly string[], runs: readonly AblationRun[], seeds = SEEDS) =>
  summarizeAblation({
    ...{ baseline: techniqueOf(BASELINE), techniques: techniques.map(techniqueOf), seeds, runs },
    ...{ labelSet: LABEL_SET, gold: labelText(GOLD), seed: 42, resamples: 500 },
  });

const threeRuns = (technique: string, skills: readonly number[], minutes = 10) =>
  skills.map((skill, i) => someRun(technique, SEEDS[i]!, skill, minutes));

const baseline = threeRuns(BASELINE, [0.5, 0.51, 0.49]);

describe('verdicts', () => {
  test('clearly better is a gain, clearly worse a loss, and nearly the same no difference', () => {
    const runs = [
      ...baseline,
      ...threeRuns('better', [0.7, 0.71, 0.69], 15),
      ...threeRuns('worse', [0.3, 0.31, 0.29]),
      ...threeRuns('same', [0.51, 0.5, 0.5]),
    ];
    const { techniques } = summarize(['better', 'worse', 'same'], runs);
    expect(techniques.map(({ verdict }) => verdict)).toEqual(['gain', 'loss', 'no difference']);
    const [better] = techniques;
    const { difference, low, high } = better!.against!.macro_f1;
    expect(difference).toBeCloseTo(better!.mean.macro_f1! - 0.5, 1);
    expect([low < difference, difference < high, low > 0]).toEqual([true, true, true]);
    expect(better!.against!.auprc).toBeCloseTo(0.2, 9);
    expect(better).toMatchObject({ minutes: 15, cost: 1.5, finished: SEEDS, missing: [], failed: [] });
  });

  test('a lead of one lucky seed is no gain, though its mean lies above the baseline', () => {
    const { techniques } = summarize(['lucky'], [...baseline, ...threeRuns('lucky', [0.7, 0.49, 0.48])]);
    expect(techniques[0]!.against!.macro_f1.difference).toBeGreaterThan(0.04);
    expect(techniques[0]!.verdict).toBe('no difference');
  });

  test('without all seeds there is a difference but no verdict; a failed run says why', () => {
    const { seed, technique, settings, digest, korex, minutes } = someRun('broken', 2, 0.5);
    const failed = { seed, technique, settings, digest, korex, minutes, status: 'failed', reason: 'NaN' } as const;
    const runs = [...baseline, someRun('half', 1, 0.7), someRun('broken', 1, 0.7), failed, someRun('broken', 3, 0.7)];
    const { techniques, baseline: base } = summarize(['half', 'broken', 'untried'], runs);
    expect(techniques.map(({ verdict, corrected_p: p }) => [verdict, p])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(techniques[0]).toMatchObject({ finished: [1], missing: [2, 3] });
    expect(techniques[0]!.deviation.macro_f1).toBeNull();
    expect(techniques[1]).toMatchObject({ finished: [1, 3], missing: [], failed: [{ seed: 2, reason: 'NaN' }] });
    expect(techniques[2]).toMatchObject({ finished: [], missing: SEEDS, against: null, minutes: null, cost: null });
    expect(base).toMatchObject({ against: null, verdict: null, cost: 1 });
  });

  test('the correction counts techniques that are not trained yet, so that verdicts do not weaken later', () => {
    const runs = [...baseline, ...threeRuns('a', [0.57, 0.58, 0.56])];
    const p = (names: string[]) => summarize(names, runs).techniques[0]!.corrected_p!;
    expect(p(['a', 'b', 'c', 'd'])).toBeCloseTo(4 * p(['a']), 9);
  });

  test('the verdict follows the corrected p and the sign', () => {
    expect([verdictOf(0.1, 0.049), verdictOf(-0.1, 0.049), verdictOf(0.1, 0.05)]).toEqual([
      'gain',
      'loss',
      'no difference',
    ]);
  });
});

test('runs come in one by one: what was resampled before is not needed again, and gives the same', () => {
  const runs = [...baseline, ...threeRuns('a', [0.6, 0.6, 0.6])];
  const resampled = new Map();
  const with3 = { baseline: techniqueOf(BASELINE), techniques: [techniqueOf('a')], seeds: SEEDS, seed: 42 };
  const rest = { labelSet: LABEL_SET, gold: labelText(GOLD), resamples: 500, resampled };
  for (let count = 0; count < runs.length; count++)
    summarizeAblation({ ...with3, ...rest, runs: runs.slice(0, count) });
  expect(resampled.size).toBe(5);
  expect(summarizeAblation({ ...with3, ...rest, runs })).toEqual(summarize(['a'], runs));
});

test('answers to other rows are refused', () => {
  const other = { ...someRun('a', 1, 0.5), predicted: '0123' };
  expect(() => summarize(['a'], [...baseline, other])).toThrow('a, seed 1');
});

test('label ids and their texts are each other’s inverse, also beyond ASCII', () => {
  const ids = Int32Array.from([0, 1, 29, 44, 78, 79, 300]);
  expect(labelIds(JSON.parse(JSON.stringify(labelText(ids))) as string, 301)).toEqual(ids);
  expect(labelText(Int32Array.from([0, 1, 29]))).toBe('01M');
  expect(labelIds('01M', 29)).toBeNull();
  expect(labelIds(' ', 30)).toBeNull();
});

test('Holm’s correction, worked by hand', () => {
  // 0.01·3, max(0.03, 0.02·2), max(0.04, 0.04·1)
  expect(holm([0.04, 0.01, 0.02])).toEqual([0.04, 0.03, 0.04]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([0.01], 10)).toEqual([0.1]);
  expect(holm([])).toEqual([]);
});
