import type { Metrics, Prediction } from '../../../base/core/types.ts';
import { computeMetrics } from '../../../base/eval/metrics.ts';
import { predictionOf } from '../../../base/eval/softmax.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { trainLinearClassifier } from '../../../engine/train/linearClassifier.ts';
import type { TrainingRow } from '../../../engine/train/trainingState.ts';
import { type Classifier, openClassifier } from '../../../inference/predict/classifier.ts';
import type { StageContext } from '../stage.ts';
import { evaluateRun } from './evaluateRun.ts';
import { type PreparedRows, rowFacts } from './rows.ts';

/** What fine-tuning is compared with: the encoder under an untrained head, and frozen under a linear classifier. */
export async function referenceRuns(
  context: StageContext,
  model: RelationModel,
  rows: PreparedRows,
): Promise<Record<string, Metrics>> {
  const { settings, dataset } = context;
  const classifier = await openClassifier(model, settings);
  const predictions = await classifier.predict(dataset.test, { batchSize: settings.evalBatchSize });
  const untrained = await evaluateRun(context, 'untrained', predictions, null, { trained_rows: 0 });
  const { predictions: answers, validation, facts } = await frozenRun(context, classifier, rows);
  await classifier.release();
  const frozenFacts = { ...rowFacts(rows), ...facts };
  const frozen = await evaluateRun(context, 'frozen', answers, validation, frozenFacts);
  return { untrained: untrained.metrics, frozen: frozen.metrics };
}

/**
 * The frozen encoder with a linear classifier: the states that the head would read, fixed, standardised, under softmax
 * regression. What fine-tuning adds to it is what an embedding model with a separate classifier lacks.
 */
async function frozenRun(
  context: StageContext,
  untrained: Classifier,
  rows: PreparedRows,
): Promise<{ predictions: Prediction[]; validation: Metrics; facts: Record<string, unknown> }> {
  const { dataset, settings, reporter, signal } = context;
  const { labelSet } = dataset;
  const { inputs } = untrained.model;
  const test = dataset.test.map((example) => inputs.encode(example));
  const all = [...rows.train, ...rows.validation].map(({ encoded }) => encoded).concat(test);
  const bar = reporter.progress('frozen states', all.length, 'rows');
  const states = await untrained
    .states(all, { batchSize: settings.evalBatchSize, signal, onProgress: (done) => bar.update(done) })
    .finally(() => bar.end());
  const cut = [rows.train.length, rows.train.length + rows.validation.length] as const;
  const labelled = (part: readonly TrainingRow[], features: readonly Float32Array[]) => ({
    features,
    labelIds: part.map(({ example }) => labelSet.labels.indexOf(example.label)),
  });
  const metricsOf = (part: readonly TrainingRow[], logits: readonly ArrayLike<number>[]) =>
    computeMetrics(
      part.map(({ example }) => example.label),
      part.map(({ example }, row) => predictionOf(example.guid, logits[row]!, labelSet.labels)),
      labelSet,
    );
  const classifier = await trainLinearClassifier(
    labelled(rows.train, states.slice(0, cut[0])),
    labelSet.labels.length,
    {
      device: settings.device,
      threads: settings.threads,
      score: (answer) => metricsOf(rows.validation, answer(states.slice(...cut))).macro_f1,
    },
  );
  const logits = classifier.answer(states.slice(cut[1]));
  return {
    predictions: dataset.test.map(({ guid }, row) => predictionOf(guid, logits[row]!, labelSet.labels)),
    validation: metricsOf(rows.validation, classifier.answer(states.slice(...cut))),
    facts: { steps: classifier.steps },
  };
}
