import { mean } from '../../base/core/averages.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { type Interval, percentileInterval, resamples } from '../../base/eval/bootstrap.ts';
import { type CodedRows, codeRows } from '../../base/eval/codedRows.ts';
import { countLabels, f1, onceEach } from '../../base/eval/metrics.ts';
import { fisherExact, holm, wilsonInterval } from '../../base/eval/significance.ts';
import type { AnalyzedRow } from './analyzedRow.ts';
import type { ErrorAnalysis, SliceFigures } from './schema.ts';
import type { Slice } from './slices.ts';

const LEVEL = 0.05;

/** Of some rows: accuracy, macro-F1 over the labels that have gold rows among them, micro-F1 over all but `no_relation`. */
export function figuresOf(rows: readonly AnalyzedRow[], labelSet: LabelSet): ErrorAnalysis['metrics'] {
  const coded = codedOf(rows, labelSet);
  const right = rows.filter(({ isRight }) => isRight).length;
  return { n: rows.length, accuracy: rows.length === 0 ? 0 : right / rows.length, ...f1Of(coded, onceEach(coded)) };
}

/**
 * Figures of every slice with 95 % intervals, and whether its accuracy differs from that of all other rows: Fisher's exact
 * test, corrected by Holm's method for the number of slices.
 */
export function sliceFigures(
  slices: readonly Slice[],
  all: readonly AnalyzedRow[],
  labelSet: LabelSet,
  seed: number,
): SliceFigures[] {
  const allRight = all.filter(({ isRight }) => isRight).length;
  const tests = slices.map(({ rows }) => {
    const right = rows.filter(({ isRight }) => isRight).length;
    const [others, otherRight] = [all.length - rows.length, allRight - right];
    return {
      right,
      difference: others === 0 ? null : right / rows.length - otherRight / others,
      p: fisherExact(right, rows.length, otherRight, others),
    };
  });
  const corrected = holm(tests.map(({ p }) => p));
  return slices.map(({ slicing, value, rows }, i) => {
    const { right, difference, p } = tests[i]!;
    const { accuracy, macro_f1, micro_f1 } = figuresOf(rows, labelSet);
    const intervals = f1Intervals(codedOf(rows, labelSet), seed);
    return {
      slicing,
      value,
      n: rows.length,
      accuracy,
      accuracy_interval: wilsonInterval(right, rows.length),
      macro_f1,
      macro_f1_interval: intervals.macro_f1,
      micro_f1,
      micro_f1_interval: intervals.micro_f1,
      difference,
      p,
      p_corrected: corrected[i]!,
      differs: corrected[i]! < LEVEL,
    };
  });
}

const codedOf = (rows: readonly AnalyzedRow[], labelSet: LabelSet): CodedRows =>
  codeRows(
    rows.map(({ example }) => example.label),
    rows.map(({ example, predicted }) => ({ guid: example.guid, predicted, probabilities: null })),
    labelSet,
  );

/** Where row i counts `weights[i]` times. Labels without gold rows are left out of the macro mean, not counted as 0. */
function f1Of(rows: CodedRows, weights: Uint32Array): { macro_f1: number; micro_f1: number } {
  const { gold, predicted, right } = countLabels(rows, weights);
  const { labels, noRelation } = rows.labelSet;
  const scores: number[] = [];
  const pooled = { gold: 0, predicted: 0, right: 0 };
  for (const [id, label] of labels.entries()) {
    if (gold[id]! > 0) scores.push(f1(right[id]!, gold[id]!, predicted[id]!));
    if (label === noRelation) continue;
    pooled.gold += gold[id]!;
    pooled.predicted += predicted[id]!;
    pooled.right += right[id]!;
  }
  return {
    macro_f1: scores.length === 0 ? 0 : mean(scores),
    micro_f1: f1(pooled.right, pooled.gold, pooled.predicted),
  };
}

const NO_SPREAD: Interval = [0, 1];

function f1Intervals(rows: CodedRows, seed: number): { macro_f1: Interval; micro_f1: Interval } {
  if (rows.gold.length === 0) return { macro_f1: NO_SPREAD, micro_f1: NO_SPREAD };
  const drawn = Array.from(resamples(rows.gold.length, { seed }), (weights) => f1Of(rows, weights));
  return {
    macro_f1: percentileInterval(
      drawn.map(({ macro_f1 }) => macro_f1),
      0.95,
    ),
    micro_f1: percentileInterval(
      drawn.map(({ micro_f1 }) => micro_f1),
      0.95,
    ),
  };
}
