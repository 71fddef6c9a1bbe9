import { computeMetrics } from '../../base/eval/metrics.ts';
import { predictionOf } from '../../base/eval/softmax.ts';
import { collate } from '../nn/batch.ts';
import { loadRelationModel, type RelationModel, saveRelationModel } from '../nn/relationModel.ts';
import type { Validation } from '../runs/trainingLog.ts';
import { type ForwardPass, openForwardPass } from '../runtime/forwardPass.ts';
import { augmentationOf } from './augment/rows.ts';
import { withTeachers } from './distillation.ts';
import { type Objective, objectiveLoss, objectiveOf, targetsOf } from './objective.ts';
import { labelsOf, type TrainingRow, weightsOf } from './trainingState.ts';
import type { TrainingTask } from './trainingTask.ts';

/** The relation of a marked pair: one of the label set's for each row. */
export const relationTask: TrainingTask<RelationModel, TrainingRow> = {
  load: (folder) => loadRelationModel(folder),
  save: (folder, model) => saveRelationModel(folder, model),
  groupsOf: labelsOf,
  givenOf: (rows) => rows.filter(({ example }) => augmentationOf(example) === null).length,
  describe: ({ macro_f1, micro_f1, accuracy }) =>
    `macro-F1 ${macro_f1.toFixed(3)}, micro-F1 ${micro_f1.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`,
  async open(plan, model, { train, validation }, options) {
    const { spec, task } = model;
    const labelIds = train.map(({ example }) => task.labelSet.labels.indexOf(example.label));
    const weights = weightsOf(train);
    const objective = objectiveOf(plan, labelIds, spec.labels, weights);
    const forward = await openForwardPass(spec, model.weights, 'changing', options);
    return {
      loss: objective,
      lengths: train.map(({ encoded }) => encoded.ids.length),
      isText: (row) => train[row]!.isText === true,
      batch(chosen) {
        const rows = chosen.map((row) => train[row]!);
        const ids = chosen.map((row) => labelIds[row]!);
        const own = chosen.map((row) => weights[row]!);
        const hard = targetsOf(ids, objective.classWeights, objective.labelSmoothing, own);
        const encoded = rows.map((row) => row.encoded);
        return { batch: collate(encoded, spec.config, spec.head), targets: withTeachers(hard, rows, plan) };
      },
      validate: () => validate(forward, validation, model, { batchSize: options.evalBatchSize, objective }),
      release: () => forward.release(),
    };
  },
};

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
