import { createHash } from 'node:crypto';
import type { Prediction } from '../../../base/core/types.ts';
import { computeMetrics } from '../../../base/eval/metrics.ts';
import { perClassMetrics } from '../../../base/eval/perClass.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import type { ChecklistItem } from '../../../engine/runs/checklist.ts';
import type { Evaluation } from '../../../engine/runs/evaluation.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { RUN_FILES } from '../../../engine/runs/runFolder.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import { trainingLoop } from '../../../engine/train/trainingLoop.ts';
import { savedModel, startingState } from '../../../engine/train/trainingState.ts';
import type { StageContext } from '../stage.ts';
import type { PreparedRows } from './rows.ts';

interface Evaluated {
  readonly context: StageContext;
  readonly rows: PreparedRows;
  readonly plan: TrainingPlan;
  readonly predictions: readonly Prediction[];
  readonly evaluation: Evaluation;
  start(): Promise<RelationModel>;
}

/** The study's five questions about an evaluation, answered from the run itself. */
export async function evaluationChecklist(evaluated: Evaluated): Promise<ChecklistItem[]> {
  return [
    leakage(evaluated),
    await reproducibility(evaluated),
    accuracyAgainstMacroF1(evaluated),
    classSpread(evaluated),
    errorSamples(evaluated),
  ];
}

/** Sentences on both sides: never between training and validation; those shared with the test rows are the data's own. */
function leakage({ context: { dataset }, rows, predictions }: Evaluated): ChecklistItem {
  const train = new Set(rows.train.map(({ example }) => example.sentence));
  const inValidation = rows.validation.filter(({ example }) => train.has(example.sentence)).length;
  const known = new Set([...train, ...rows.validation.map(({ example }) => example.sentence)]);
  const unseen = dataset.test
    .map((row, index) => ({ row, prediction: predictions[index]! }))
    .filter(({ row }) => !known.has(row.sentence));
  const shared = dataset.test.length - unseen.length;
  return {
    check: 'leakage',
    status: inValidation > 0 ? 'failed' : shared > 0 ? 'attention' : 'passed',
    evidence: {
      validation_rows_with_training_sentence: inValidation,
      test_rows_with_training_sentence: shared,
      metrics_without_these_test_rows: computeMetrics(
        unseen.map(({ row }) => row.label),
        unseen.map(({ prediction }) => prediction),
        dataset.labelSet,
      ),
    },
  };
}

/** Rows and batches of the two short runs. */
const SHORT_ROWS = 64;

/** Trains twice for an epoch on a few rows, and compares the digests of all weights. */
async function reproducibility({ context, rows, plan, start }: Evaluated): Promise<ChecklistItem> {
  const few = { train: rows.train.slice(0, SHORT_ROWS), validation: rows.validation.slice(0, SHORT_ROWS) };
  const short = { ...plan, epochs: 1 };
  const digests: string[] = [];
  let steps = 0;
  for (let run = 0; run < 2; run++) {
    const model = await start();
    const state = startingState(short, model);
    for await (const event of trainingLoop(TRAINING_TASKS.relation, short, state, few, context.settings)) {
      context.signal.throwIfAborted();
      steps = event.step;
    }
    const hash = createHash('sha256');
    for (const weight of savedModel(state).weights.values()) hash.update(weight);
    digests.push(hash.digest('hex'));
  }
  return {
    check: 'reproducibility',
    status: digests[0] === digests[1] ? 'passed' : 'failed',
    evidence: { seed: plan.seed, rows: few.train.length, steps, weight_digests: digests },
  };
}

function accuracyAgainstMacroF1({ context: { dataset }, evaluation }: Evaluated): ChecklistItem {
  const counts = new Map<string, number>();
  for (const { label } of dataset.test) counts.set(label, (counts.get(label) ?? 0) + 1);
  const majorityShare = Math.max(...counts.values()) / dataset.test.length;
  const { accuracy, macro_f1 } = evaluation.metrics;
  return {
    check: 'accuracy_vs_macro_f1',
    status: accuracy > majorityShare ? 'passed' : 'attention',
    evidence: { accuracy, macro_f1, gap: accuracy - macro_f1, most_frequent_test_label_share: majorityShare },
  };
}

function classSpread({ context: { dataset }, predictions }: Evaluated): ChecklistItem {
  const classes = perClassMetrics(
    dataset.test.map(({ label }) => label),
    predictions,
    dataset.labelSet,
  ).filter(({ support }) => support > 0);
  const ranked = [...classes].sort((a, b) => b.f1 - a.f1);
  const mean = classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length;
  const deviation = Math.sqrt(classes.reduce((sum, { f1 }) => sum + (f1 - mean) ** 2, 0) / classes.length);
  const never = classes.filter(({ f1 }) => f1 === 0).map(({ label }) => label);
  const brief = ({ label, f1, support }: (typeof ranked)[number]) => ({ label, f1, support });
  return {
    check: 'class_spread',
    status: never.length > 0 ? 'attention' : 'passed',
    evidence: {
      mean_f1: mean,
      deviation_f1: deviation,
      best: ranked.slice(0, 3).map(brief),
      worst: ranked.slice(-3).reverse().map(brief),
      labels_never_right: never,
    },
  };
}

function errorSamples({ context: { dataset }, predictions, evaluation }: Evaluated): ChecklistItem {
  const confident = predictions.filter(
    ({ predicted, probabilities }, row) => predicted !== dataset.test[row]!.label && Math.max(...probabilities!) >= 0.9,
  ).length;
  return {
    check: 'error_samples',
    status: 'passed',
    evidence: {
      errors: evaluation.errors,
      of: dataset.test.length,
      errors_with_confidence_from_0_9: confident,
      top_confusions: evaluation.top_confusions.slice(0, 5),
      file: RUN_FILES.errors,
    },
  };
}
