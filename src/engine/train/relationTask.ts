import type { Metrics } from '../../base/core/types.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { predictionOf } from '../../base/eval/softmax.ts';
import { batchOf, padAnswers } from '../nn/packedBatch.ts';
import { loadRelationModel, type RelationModel, saveRelationModel } from '../nn/relationModel.ts';
import { type PackedAnswers, packRows, type SharedRows, unpackAnswers } from '../nn/sharedRows.ts';
import type { Validation } from '../runs/trainingLog.ts';
import { type ForwardPass, openForwardPass } from '../runtime/forwardPass.ts';
import { augmentationOf } from './augment/rows.ts';
import { withTeachers } from './distillation.ts';
import { type Objective, objectiveLoss, objectiveOf, targetsOf } from './objective.ts';
import { sentencePacking } from './sharedBatches.ts';
import { labelsOf, type TrainingRow, weightsOf } from './trainingState.ts';
import type { TrainingTask } from './trainingTask.ts';

const figures = ({ macro_f1, micro_f1, accuracy }: Metrics): string =>
  `macro-F1 ${macro_f1.toFixed(3)}, micro-F1 ${micro_f1.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`;

/** The relation of a marked pair: one of the label set's for each row. */
export const relationTask: TrainingTask<RelationModel, TrainingRow> = {
  load: (folder) => loadRelationModel(folder),
  save: (folder, model) => saveRelationModel(folder, model),
  groupsOf: labelsOf,
  givenOf: (rows) => rows.filter(({ example }) => augmentationOf(example) === null).length,
  describe: ({ shared, ...alone }) =>
    shared ? `${figures(alone)}; pairs sharing a pass: ${figures(shared)}` : figures(alone),
  async open(plan, model, { train, validation, shared }, options) {
    const { spec, task } = model;
    const labelIds = train.map(({ example }) => task.labelSet.labels.indexOf(example.label));
    const weights = weightsOf(train);
    const objective = objectiveOf(plan, labelIds, spec.labels, weights);
    const forward = await openForwardPass(spec, model.weights, 'changing', options);
    const lengths = train.map(({ encoded }) => encoded.ids.length);
    const packing = shared ? sentencePacking(shared.train, lengths, plan) : null;
    const single = (row: number): PackedAnswers => ({ row: train[row]!.encoded, answers: [row] });
    return {
      ...{ loss: objective, lengths, packing },
      isText: (row) => train[row]!.isText === true,
      batch(chosen, epoch) {
        const packed = packing?.pack(epoch, chosen, single) ?? chosen.map(single);
        const answered = packed.flatMap(({ answers }) => answers);
        const ids = answered.map((row) => labelIds[row]!);
        const own = answered.map((row) => weights[row]!);
        const hard = targetsOf(ids, objective.classWeights, objective.labelSmoothing, own);
        const targets = withTeachers(
          hard,
          answered.map((row) => train[row]!),
          plan,
        );
        const rows = packed.map(({ row }) => row);
        const batch = batchOf(rows, spec);
        return { batch, targets: padAnswers(targets, rows, batch.answers) };
      },
      async validate() {
        const rated = { batchSize: options.evalBatchSize, objective };
        // A model for both ways is judged by the one that it answers in where nobody asks for the other.
        const alone = await validate(forward, validation, model, rated);
        if (!shared) return alone;
        const sharing = await validate(forward, validation, model, { ...rated, shared: shared.validation });
        return { ...alone, shared: sharing };
      },
      release: () => forward.release(),
    };
  },
};

/** Metrics of a model on rows, and the loss that training minimises, without dropout. */
export async function validate(
  forward: ForwardPass,
  rows: readonly TrainingRow[],
  { task: { labelSet } }: Pick<RelationModel, 'task'>,
  {
    batchSize,
    objective,
    shared = [],
  }: { readonly batchSize: number; readonly objective: Objective; readonly shared?: readonly SharedRows[] },
): Promise<Validation> {
  const packed = packRows(rows.length, shared, (row) => rows[row]!.encoded);
  const answered = await forward.run(
    packed.map(({ row }) => row),
    { batchSize },
  );
  const logits = unpackAnswers(packed, answered.logits, rows.length);
  const predictions = rows.map(({ example }, row) => predictionOf(example.guid, logits[row]!, labelSet.labels));
  const metrics = computeMetrics(
    rows.map(({ example }) => example.label),
    predictions,
    labelSet,
  );
  const labelIds = rows.map(({ example }) => labelSet.labels.indexOf(example.label));
  return { ...metrics, loss: objectiveLoss(logits, labelIds, objective) };
}
