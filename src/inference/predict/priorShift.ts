import type { Priors } from './postprocessing.ts';

const MAX_STEPS = 1_000;
const TOLERANCE = 1e-8;

/**
 * Class priors of unlabelled rows by expectation–maximisation (Saerens et al., 2002, "Adjusting the outputs of a
 * classifier to new a priori probabilities", equation 2.9): shift the probabilities to the priors, take their mean as the
 * new priors, until nothing changes. Labels that training never had stay at 0.
 *
 * @param probabilities (rows, labels) as the model gives them under its training priors
 */
export function estimatePriors(
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
  training: Priors,
): Priors {
  const trained = labels.map((label) => training[label] ?? 0);
  let priors = trained;
  for (let step = 0; step < MAX_STEPS && probabilities.length > 0; step++) {
    const ratios = priors.map((prior, id) => (trained[id]! > 0 ? prior / trained[id]! : 0));
    const sums = new Array<number>(labels.length).fill(0);
    for (const row of probabilities) {
      const total = row.reduce((sum, p, id) => sum + p * ratios[id]!, 0);
      if (total > 0) for (const [id, p] of row.entries()) sums[id]! += (p * ratios[id]!) / total;
    }
    const mass = sums.reduce((sum, value) => sum + value, 0);
    const next = sums.map((sum) => sum / mass);
    const change = Math.max(...next.map((prior, id) => Math.abs(prior - priors[id]!)));
    priors = next;
    if (change < TOLERANCE) break;
  }
  return Object.fromEntries(labels.map((label, id) => [label, priors[id]!]));
}
