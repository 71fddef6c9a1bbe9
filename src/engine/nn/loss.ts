import type { Graph } from './graph/graph.ts';
import type { Tensor } from './graph/nodes.ts';
import { opsOf } from './graph/ops.ts';

/** The loss that a training graph minimises. */
export interface LossSpec {
  /** γ of focal loss; cross-entropy when null. */
  readonly focalGamma: number | null;
  /** Added to the logits (labels) in the loss alone; nothing when null. */
  readonly adjustment: Float32Array | null;
}

export const CROSS_ENTROPY: LossSpec = { focalGamma: null, adjustment: null };

/** Added to 1 - p, as a power below 1 has no derivative at p = 1. As large as the rounding of p itself. */
export const LEAST_REST = 1e-7;

/**
 * -Σ t · (1 - p)^γ · log p over rows and labels, with p = softmax(logits + adjustment), t the targets (b, labels), and
 * without γ the first factor 1: cross-entropy.
 *
 * With one label in a row this is focal loss (Lin et al., 2017, arXiv:1708.02002, equation 4) for several classes. Soft
 * targets weigh it label by label, as in Keras' `CategoricalFocalCrossentropy`; the gradient goes through both factors.
 */
export function lossOf(graph: Graph, logits: Tensor, targets: Tensor, { focalGamma, adjustment }: LossSpec): Tensor {
  const { add, sub, neg, mul, exp, relu, pow, logSoftmax, reduceSum } = opsOf(graph);
  const adjusted = adjustment ? add(logits, graph.initializer('adjustment', [adjustment.length], adjustment)) : logits;
  const log = logSoftmax(adjusted);
  const terms = mul(log, targets);
  if (focalGamma === null) return neg(reduceSum(terms, [0, 1]));
  // Rounding may leave 1 - p below zero, where there is no power.
  const rest = add(relu(sub(graph.scalar(1), exp(log))), graph.scalar(LEAST_REST));
  return neg(reduceSum(mul(terms, pow(rest, focalGamma)), [0, 1]));
}
