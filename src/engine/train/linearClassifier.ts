import type { DeviceName } from '../../base/core/settings.ts';
import type { Value } from '../nn/graph/value.ts';
import { buildLinearTraining } from '../nn/model.ts';
import { gradientName } from '../nn/trainingGraph.ts';
import { openSession } from '../runtime/session.ts';
import { denseGradient } from './gradient.ts';
import { targetsOf } from './objective.ts';
import { createOptimizer } from './optimizer.ts';

/** Full-batch steps; the weights of the best-scored are kept. */
const STEPS = 400;
const SCORE_EVERY = 20;
const LR = 0.01;
const WEIGHT_DECAY = 0.01;

export interface LinearClassifier {
  /** Logits (labels) per row of features. */
  answer(features: readonly Float32Array[]): Float32Array[];
  /** Steps after which the kept weights were reached. */
  readonly steps: number;
}

/**
 * Softmax regression on fixed features (rows, width), standardised by the training rows, by full-batch AdamW from zero
 * weights: the loss is convex, so nothing is random.
 *
 * @param score of an intermediate classifier, on validation rows: the best one is returned
 */
export async function trainLinearClassifier(
  { features, labelIds }: { readonly features: readonly Float32Array[]; readonly labelIds: readonly number[] },
  labels: number,
  options: {
    readonly device: DeviceName;
    readonly threads: number | null;
    score(answer: LinearClassifier['answer']): number;
  },
): Promise<LinearClassifier> {
  const width = features[0]!.length;
  const standardize = standardizer(features);
  const inputs: Value = { data: flatten(features.map(standardize)), dims: [features.length, width] };
  const targets: Value = {
    data: targetsOf(labelIds, new Array<number>(labels).fill(1)),
    dims: [features.length, labels],
  };
  const weights = new Map([
    ['weight', new Float32Array(labels * width)],
    ['bias', new Float32Array(labels)],
  ]);
  const [weight, bias] = [...weights.values()] as [Float32Array, Float32Array];
  const parameters: Record<string, Value> = {
    weight: { data: weight, dims: [labels, width] },
    bias: { data: bias, dims: [labels] },
  };
  const optimizer = createOptimizer(weights);
  const session = await openSession(buildLinearTraining(width, labels), options);
  let best = { score: Number.NEGATIVE_INFINITY, steps: 0, weight, bias };
  for (let step = 1; step <= STEPS; step++) {
    const results = await session.run(
      { features: inputs, targets, ...parameters },
      [...weights.keys()].map(gradientName),
    );
    const gradients = new Map([...weights.keys()].map((name) => [name, denseGradient(results[gradientName(name)]!)]));
    optimizer.step(gradients, { lr: LR, weightDecay: WEIGHT_DECAY, clip: 0 });
    if (step % SCORE_EVERY !== 0) continue;
    const score = options.score((rows) => rows.map((row) => linear(standardize(row), weight, bias)));
    if (score > best.score) best = { score, steps: step, weight: weight.slice(), bias: bias.slice() };
  }
  await session.release();
  return {
    answer: (rows) => rows.map((row) => linear(standardize(row), best.weight, best.bias)),
    steps: best.steps,
  };
}

function linear(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  return bias.map((b, label) => {
    let sum = b;
    for (let i = 0; i < x.length; i++) sum += x[i]! * weight[label * x.length + i]!;
    return sum;
  });
}

/** Subtracts the mean and divides by the standard deviation of each column, as scikit-learn's `StandardScaler`. */
function standardizer(rows: readonly Float32Array[]): (row: Float32Array) => Float32Array {
  const width = rows[0]!.length;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) mean[i]! += row[i]! / rows.length;
  for (const row of rows) for (let i = 0; i < width; i++) square[i]! += (row[i]! - mean[i]!) ** 2 / rows.length;
  const scale = square.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 1));
  return (row) => row.map((value, i) => (value - mean[i]!) * scale[i]!);
}

function flatten(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]!.length;
  const flat = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) flat.set(row, index * width);
  return flat;
}
