import { computeMetrics } from '../eval/metrics.ts';
import { predictionOf } from '../eval/softmax.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import type { ForwardPass } from '../runtime/forwardPass.ts';
import type { Validation } from './trainingLog.ts';
import type { TrainingRow } from './trainingLoop.ts';

/** Metrics of a model on rows, and the mean of their cross-entropy, weighted by class as in training. */
export async function validate(
  forward: ForwardPass,
  rows: readonly TrainingRow[],
  { task: { labelSet } }: Pick<RelationModel, 'task'>,
  { batchSize, classWeights }: { readonly batchSize: number; readonly classWeights: readonly number[] },
): Promise<Validation> {
  const { logits } = await forward.run(
    rows.map(({ encoded }) => encoded),
    { batchSize },
  );
  const predictions = rows.map(({ example }, row) => predictionOf(example.guid, logits[row]!, labelSet.labels));
  const metrics = computeMetrics(
    rows.map(({ example }) => example.label),
    predictions,
    labelSet,
  );
  const labelIds = rows.map(({ example }) => labelSet.labels.indexOf(example.label));
  return { ...metrics, loss: meanLoss(logits, labelIds, classWeights) };
}

/** Σ w · -log softmax(logits)[label] / Σ w; null where the weights add up to nothing. */
function meanLoss(
  logits: readonly Float32Array[],
  labelIds: readonly number[],
  classWeights: readonly number[],
): number | null {
  let loss = 0;
  let total = 0;
  for (const [row, label] of labelIds.entries()) {
    const weight = classWeights[label]!;
    loss += weight * crossEntropy(logits[row]!, label);
    total += weight;
  }
  return total > 0 ? loss / total : null;
}

function crossEntropy(logits: Float32Array, label: number): number {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  return Math.log(sum) + largest - logits[label]!;
}
