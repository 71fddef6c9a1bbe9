/**
 * Target distributions (rows, labels), one row per label id, as `torch.nn.functional.cross_entropy(weight=w,
 * label_smoothing=ε)` has them, mean and all: ((1 - ε) · [c = label] + ε / K) · w[c], divided by the sum of w[label] over
 * the rows; K counts all labels. Without smoothing and with equal weights that is the plain mean.
 *
 * @param smoothing ε: label smoothing (Szegedy et al., 2016, arXiv:1512.00567, section 7)
 */
export function targetsOf(labelIds: readonly number[], weights: readonly number[], smoothing = 0): Float32Array {
  const labels = weights.length;
  const targets = new Float32Array(labelIds.length * labels);
  const total = labelIds.reduce((sum, id) => sum + weights[id]!, 0);
  for (const [row, id] of labelIds.entries()) {
    if (smoothing > 0)
      for (let c = 0; c < labels; c++) targets[row * labels + c] = ((smoothing / labels) * weights[c]!) / total;
    targets[row * labels + id]! += ((1 - smoothing) * weights[id]!) / total;
  }
  return targets;
}
