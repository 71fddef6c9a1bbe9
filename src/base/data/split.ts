import { randomStream, shuffled } from '../core/random.ts';
import type { LabelledExample } from '../core/types.ts';
import { groupBy, tally } from './grouping.ts';

export interface Split {
  readonly train: readonly LabelledExample[];
  readonly validation: readonly LabelledExample[];
}

/**
 * Takes a validation set out of training rows, stratified by label and grouped by sentence: no sentence stands on both
 * sides, and each label gives `share` of its rows, rounded, as closely as whole sentences allow. A label keeps at least
 * one sentence in training, so where every label has but one, validation is empty. Both sides keep the order of the
 * rows; the same rows and seed give the same split.
 *
 * Greedy: sentences in random order, those with the rarest labels first (as in iterative stratification, Sechidis et
 * al., 2011), change sides wherever that brings the label counts closer to their targets, until none does.
 */
export function splitValidation(rows: readonly LabelledExample[], share: number, seed: number): Split {
  const inTrain = countLabels(rows);
  const excess = new Map([...targets(inTrain, share)].map(([label, target]) => [label, -target]));
  const groups = rarestFirst(groupBySentence(rows), inTrain, seed);
  const chosen = new Set<string>();
  const moveWherePays = ({ sentence, labels }: Group): boolean => {
    const sign = chosen.has(sentence) ? -1 : 1;
    const gain = labels.reduce(
      (sum, [label, count]) => sum + excess.get(label)! ** 2 - (excess.get(label)! + sign * count) ** 2,
      0,
    );
    if (gain <= 0 || labels.some(([label, count]) => inTrain.get(label) === sign * count)) return false;
    for (const [label, count] of labels) {
      excess.set(label, excess.get(label)! + sign * count);
      inTrain.set(label, inTrain.get(label)! - sign * count);
    }
    if (sign > 0) chosen.add(sentence);
    else chosen.delete(sentence);
    return true;
  };
  // Each move lowers the sum of the squared deviations by a whole number, so this ends.
  while (groups.filter(moveWherePays).length > 0);
  return {
    train: rows.filter((row) => !chosen.has(row.sentence)),
    validation: rows.filter((row) => chosen.has(row.sentence)),
  };
}

/** The rows of one sentence, as far as the split looks at them. */
interface Group {
  readonly sentence: string;
  readonly labels: readonly (readonly [label: string, count: number])[];
}

const groupBySentence = (rows: readonly LabelledExample[]): Group[] =>
  [...groupBy(rows, (row) => row.sentence)].map(([sentence, group]) => ({
    sentence,
    labels: [...countLabels(group)],
  }));

const countLabels = (rows: readonly LabelledExample[]): Map<string, number> => tally(rows.map(({ label }) => label));

/** Rows that each label should give; of very few rows the most frequent label gives one, so that there is a validation set. */
function targets(counts: ReadonlyMap<string, number>, share: number): Map<string, number> {
  const result = new Map([...counts].map(([label, count]) => [label, Math.round(share * count)]));
  if ([...result.values()].every((size) => size === 0)) {
    const [label] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0]);
    result.set(label, 1);
  }
  return result;
}

/** Shuffled, then by how frequent the rarest label of a sentence is. */
function rarestFirst(groups: readonly Group[], counts: ReadonlyMap<string, number>, seed: number): Group[] {
  const rarity = ({ labels }: Group) => Math.min(...labels.map(([label]) => counts.get(label)!));
  return shuffled(groups, randomStream(seed, 'splitValidation'))
    .map((group) => ({ group, rarity: rarity(group) }))
    .sort((a, b) => a.rarity - b.rarity)
    .map(({ group }) => group);
}
