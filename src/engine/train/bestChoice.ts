import type { BestMetric } from '../../base/core/settings.ts';
import { type LogEntry, type Validation, type ValidationEntry, validationsOf } from '../runs/trainingLog.ts';

/** Whether validation `a` beats `b`: by the metric, between equals by the lower loss. Without rows the later one does. */
export function isBetter(a: Validation, b: Validation, metric: BestMetric): boolean {
  if (a.n === 0) return true;
  const [scoreA, scoreB] = [scoreOf(a, metric), scoreOf(b, metric)];
  return scoreA > scoreB || (scoreA === scoreB && scoreOf(a, 'loss') > scoreOf(b, 'loss'));
}

/** The higher the better. */
const scoreOf = (validation: Validation, metric: BestMetric): number =>
  metric === 'loss' ? -(validation.loss ?? Infinity) : (validation[metric] ?? -Infinity);

/** The steps of the `count` best validations so far; of equal ones the earlier. */
export function bestSteps(log: readonly LogEntry[], metric: BestMetric, count: number): number[] {
  const ranked: ValidationEntry[] = [];
  for (const entry of validationsOf(log)) {
    const at = ranked.findIndex(({ validation }) => isBetter(entry.validation, validation, metric));
    ranked.splice(at < 0 ? ranked.length : at, 0, entry);
  }
  return ranked.slice(0, count).map(({ step }) => step);
}

/** Early stopping: whether the last `patience` validations were all no better than the best one, as in transformers. */
export const isExhausted = (log: readonly LogEntry[], best: ValidationEntry | null, patience: number | null): boolean =>
  patience !== null && best !== null && validationsOf(log).filter(({ step }) => step > best.step).length >= patience;
