import { mean } from '../core/averages.ts';
import type { Metrics } from '../core/types.ts';
import { labelIds, labelText } from './ablation/labelText.ts';
import { type CountedEntity, type EntityAnswers, typeCounts } from './entityMetrics.ts';
import { f1 } from './metrics.ts';

/** By sentence and type: entities that are there, that were found, and that were found right. */
export interface CodedEntities {
  /** sentences · types */
  readonly there: Int32Array;
  readonly found: Int32Array;
  readonly right: Int32Array;
}

/** Counts above this would be no sentence's. */
const MOST = 10_000;

/** How many entities of each type each sentence has, as a text of one character a count. */
export const entityGoldText = (gold: EntityAnswers['gold'], types: readonly string[]): string =>
  labelText(Int32Array.from(countsBySentence({ gold, found: gold.map((): CountedEntity[] => []) }, types, 0)));

/** How many were found of each type in each sentence, then how many of them right. */
export const entityAnswerText = (answers: EntityAnswers, types: readonly string[]): string =>
  [1, 2].map((which) => labelText(Int32Array.from(countsBySentence(answers, types, which)))).join('');

function countsBySentence(answers: EntityAnswers, types: readonly string[], which: number): number[] {
  const byType = types.map((type) => typeCounts(answers, type));
  return answers.gold.flatMap((_, sentence) => byType.map((counts) => counts[sentence]![which]!));
}

/** Such texts as counts; null where they do not belong to each other. */
export function codedEntities(gold: string, answers: string, types: number): CodedEntities | null {
  const [there, given] = [labelIds(gold, MOST), labelIds(answers, MOST)];
  if (there === null || given === null || there.length % types > 0 || given.length !== 2 * there.length) return null;
  return { there, found: given.subarray(0, there.length), right: given.subarray(there.length) };
}

/**
 * Figures over sentences, each as often as it was drawn: `micro_f1` is the F1 of all entities, `macro_f1` the mean of the
 * types', `accuracy` the share of entities that were found right.
 */
export function entityMetrics({ there, found, right }: CodedEntities, types: number, weights: Uint32Array): Metrics {
  const sums = Array.from({ length: types }, () => [0, 0, 0] as [number, number, number]);
  let n = 0;
  for (const [sentence, weight] of weights.entries()) {
    if (weight === 0) continue;
    n += weight;
    for (const [type, sum] of sums.entries()) {
      const at = sentence * types + type;
      sum[0] += weight * there[at]!;
      sum[1] += weight * found[at]!;
      sum[2] += weight * right[at]!;
    }
  }
  const [all, predicted, correct] = [0, 1, 2].map((which) => sums.reduce((total, sum) => total + sum[which]!, 0));
  return {
    n,
    accuracy: all === 0 ? 0 : correct! / all!,
    macro_f1: mean(sums.map(([gold, given, same]) => f1(same, gold, given))),
    micro_f1: f1(correct!, all!, predicted!),
    auprc: null,
  };
}
