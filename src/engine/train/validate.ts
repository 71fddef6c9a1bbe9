import { computeMetrics } from '../../base/eval/metrics.ts';
import { predictionOf } from '../../base/eval/softmax.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import type { Validation } from '../runs/trainingLog.ts';
import type { ForwardPass } from '../runtime/forwardPass.ts';
import type { Objective } from './objective.ts';
import { objectiveLoss } from './objectiveLoss.ts';
import type { TrainingRow } from './trainingState.ts';

/** Metrics of a model on rows, and the loss that training minimises, without dropout. */
export async function validate(
  forward: ForwardPass,
  rows: readonly TrainingRow[],
  { task: { labelSet } }: Pick<RelationModel, 'task'>,
  { batchSize, objective }: { readonly batchSize: number; readonly objective: Objective },
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
  return { ...metrics, loss: objectiveLoss(logits, labelIds, objective) };
}
