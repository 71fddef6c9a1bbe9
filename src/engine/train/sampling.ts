import { randomStream, shuffled } from '../../base/core/random.ts';
import type { SamplingName } from '../../base/core/settings.ts';
import type { TrainingPlan } from '../runs/plan.ts';

/** From the rows of each label to how many of them an epoch has, on average. */
type Shares = (counts: readonly number[]) => number[];

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** As many rows as there are, divided among the labels by some measure of their sizes. */
const divided =
  (measure: (count: number) => number): Shares =>
  (counts) => {
    const measures = counts.map(measure);
    const rows = sumOf(counts);
    return measures.map((value) => (rows * value) / sumOf(measures));
  };

/** The middle count; of two middle ones the lower. */
const lowerMedian = (counts: readonly number[]): number =>
  [...counts].sort((a, b) => a - b)[Math.floor((counts.length - 1) / 2)]!;

const SHARES: { readonly [Name in Exclude<SamplingName, 'none'>]: Shares } = {
  // Every label has as many rows as the largest.
  over: (counts) => counts.map(() => Math.max(...counts)),
  // No label has more rows than the median label; the smallest one's count would leave next to nothing.
  under: (counts) => counts.map((count) => Math.min(count, lowerMedian(counts))),
  // "Class-balanced" and "square-root" sampling: probabilities in proportion to count⁰ and count^½ (Mahajan et al., 2018,
  // arXiv:1805.00932; Kang et al., 2020, arXiv:1910.09217, equation 1).
  balanced: divided(() => 1),
  sqrt: divided(Math.sqrt),
};

/** The rows of each label, in the order in which the labels first occur. */
function groupsOf(labels: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [row, label] of labels.entries()) {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return groups;
}

/** The expected rows of each label in an epoch. */
export function labelShares(sampling: SamplingName, labels: readonly string[]): Map<string, number> {
  const groups = groupsOf(labels);
  const counts = [...groups.values()].map((rows) => rows.length);
  const shares = sampling === 'none' ? counts : SHARES[sampling](counts);
  return new Map([...groups.keys()].map((label, index) => [label, shares[index]!]));
}

/** The rows of an epoch, the same for each. @param labels of the training rows */
export const epochSize = (sampling: SamplingName, labels: readonly string[]): number =>
  sampling === 'none' ? labels.length : Math.round(sumOf([...labelShares(sampling, labels).values()]));

/**
 * The rows of an epoch, as indices: how often each label occurs is its share, rounded so that all add up to `epochSize`
 * (systematic sampling: at random, but never off by a whole row), and a label's rows occur equally often but for those that
 * the remainder draws. No label vanishes. The same arguments give the same rows.
 */
export function epochRows(sampling: SamplingName, labels: readonly string[], seed: number, epoch: number): number[] {
  if (sampling === 'none') return labels.map((_, row) => row);
  const size = epochSize(sampling, labels);
  const shares = labelShares(sampling, labels);
  const offset = randomStream(seed, 'sampling', epoch).uniform(0);
  const chosen: number[] = [];
  let [share, filled, seen] = [0, 0, 0];
  for (const [label, rows] of groupsOf(labels)) {
    share += shares.get(label)!;
    seen++;
    // Sums of fractions are off in their last digits, which must not cost a row.
    const until = seen === shares.size ? size : Math.min(size, Math.floor(share + offset));
    const count = until - filled;
    const order = shuffled(rows, randomStream(seed, 'sampling', epoch, label));
    for (let i = 0; i < count; i++) chosen.push(order[i % order.length]!);
    filled = until;
  }
  return chosen;
}

type StepPlan = Pick<TrainingPlan, 'batchSize' | 'accumulate' | 'epochs' | 'sampling'>;

/** The optimizer steps of a training on rows with these labels. */
export function stepCount({ batchSize, accumulate, epochs, sampling }: StepPlan, labels: readonly string[]) {
  const perEpoch = Math.ceil(Math.ceil(epochSize(sampling, labels) / batchSize) / accumulate);
  return { perEpoch, steps: perEpoch * epochs };
}
