/** log softmax(logits / T)[label], in double precision. */
export function logProbability(logits: ArrayLike<number>, label: number, temperature: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) largest = Math.max(largest, logits[id]! / temperature);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! / temperature - largest);
  return logits[label]! / temperature - largest - Math.log(sum);
}

/** Mean negative log-likelihood of the labels at a temperature. */
export function meanNll(
  logits: readonly ArrayLike<number>[],
  labelIds: readonly number[],
  temperature: number,
): number {
  const total = labelIds.reduce((sum, label, row) => sum - logProbability(logits[row]!, label, temperature), 0);
  return total / labelIds.length;
}

/** Temperatures looked at; a fit at an end says that the rows cannot tell. */
const RANGE = [0.05, 20] as const;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const TOLERANCE = 1e-6;

/**
 * The temperature that minimises the negative log-likelihood (temperature scaling, Guo et al., 2017, arXiv:1706.04599),
 * by golden-section search over log T: the likelihood is convex in 1/T, so it has one minimum.
 *
 * @param logits (rows, labels)
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], labelIds: readonly number[]): number {
  const loss = (log: number) => meanNll(logits, labelIds, Math.exp(log));
  let [low, high] = [Math.log(RANGE[0]), Math.log(RANGE[1])];
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  while (high - low > TOLERANCE) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}
