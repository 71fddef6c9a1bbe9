import type { Judged } from '../../base/eval/reliability.ts';

/** An answer with the relation that it names. */
export interface Answered extends Judged {
  readonly relation: string;
}

/**
 * What "uncertain" costs beside a wrong answer (Chow, 1970, "On optimum recognition error and reject tradeoff"): half, so
 * that an answer is given where it is more likely right than wrong. With calibrated confidences that is a threshold of ½.
 */
export const UNCERTAIN_COST = 0.5;
/** Answers that a relation needs on the validation rows to have a threshold of its own. */
export const MIN_SUPPORT = 30;
const FOLDS = 5;
/** Coarse, so that little can be overfitted. */
const GRID = Array.from({ length: 20 }, (_, i) => i / 20);

/** Mean cost of a threshold: 1 for each wrong answer that is given, `UNCERTAIN_COST` for each that is not. */
export const chowRisk = (rows: readonly Judged[], threshold: number): number =>
  rows.reduce((sum, { confidence, isRight }) => sum + (confidence < threshold ? UNCERTAIN_COST : isRight ? 0 : 1), 0) /
  Math.max(1, rows.length);

/** The threshold of the grid with the lowest risk; of equal ones the one closest to ½. */
export function bestThreshold(rows: readonly Judged[]): number {
  let best = { threshold: UNCERTAIN_COST, risk: chowRisk(rows, UNCERTAIN_COST) };
  for (const threshold of GRID) {
    const risk = chowRisk(rows, threshold);
    const isCloser = Math.abs(threshold - UNCERTAIN_COST) < Math.abs(best.threshold - UNCERTAIN_COST);
    if (risk < best.risk - 1e-12 || (risk <= best.risk + 1e-12 && isCloser)) best = { threshold, risk };
  }
  return best.threshold;
}

/**
 * Thresholds from validation rows: one for all relations, and one of its own for a relation that has the support and gains
 * by it on rows that its threshold was not fitted on (five folds).
 */
export function fitThresholds(rows: readonly Answered[]): { default: number; per_relation: Record<string, number> } {
  const common = bestThreshold(rows);
  const own: Record<string, number> = {};
  for (const relation of [...new Set(rows.map((row) => row.relation))].sort()) {
    const members = rows.filter((row) => row.relation === relation);
    if (members.length < MIN_SUPPORT || crossRisk(members) >= chowRisk(members, common)) continue;
    own[relation] = bestThreshold(members);
  }
  return { default: common, per_relation: own };
}

/** Risk of rows at thresholds that were fitted without them. */
function crossRisk(rows: readonly Judged[]): number {
  let total = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = rows.filter((_, i) => i % FOLDS === fold);
    total += held.length * chowRisk(held, bestThreshold(rows.filter((_, i) => i % FOLDS !== fold)));
  }
  return total / rows.length;
}
