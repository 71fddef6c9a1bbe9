import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';
import { writeJson } from '../core/files.ts';
import type { LossName } from '../core/settings.ts';
import type { Metrics, Prediction } from '../core/types.ts';
import { type RunSummary, writeRunFiles } from '../eval/runFiles.ts';
import { openClassifier, taskOf, untrainedModel } from '../predict/classifier.ts';
import { latestProgress } from '../train/checkpoint.ts';
import { differences } from '../train/plan.ts';
import { trainRun } from '../train/trainRun.ts';
import { deriveMaxLength } from './eda/maxLength.ts';
import { openEncoderView } from './encoderView.ts';
import type { Stage, StageContext } from './stage.ts';
import { evaluationChecklist } from './training/checklist.ts';
import { frozenRun } from './training/frozenRun.ts';
import { prepareRows } from './training/preparedRows.ts';
import { TRAINING_FOLDER } from './training/runFolder.ts';
import { choiceOf, runPlan } from './training/runPlan.ts';
import { writeTrainingCurve } from './training/trainingFigure.ts';

/** The fine-tuned runs of the study; `weighted` is its improvement. */
const STUDY_RUNS: Readonly<Record<string, LossName>> = { baseline: 'ce', weighted: 'weighted' };

/** Stage 06: fine-tuning, and the two systems that show what it is worth (untrained head, frozen encoder). */
export const trainStage: Stage = {
  name: 'train',
  number: '06',
  folder: TRAINING_FOLDER,
  title: { ko: '학습과 평가', en: 'Training and evaluation' },
  needs: [],
  settings: [
    ...(['encoder', 'encoderLayers', 'seed', 'device', 'threads', 'marker', 'head', 'loss', 'maxLength'] as const),
    ...(['epochs', 'batchSize', 'lr', 'schedule', 'warmup', 'weightDecay', 'clip', 'dropout', 'accumulate'] as const),
    ...(['validation', 'checkpointEvery', 'keepCheckpoints', 'evalBatchSize', 'name'] as const),
  ],
  owns: ({ name }) => (name === null ? ['untrained', 'frozen', ...Object.keys(STUDY_RUNS)] : [name]),
  run: runStage,
};

async function runStage(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { settings, dataset } = context;
  const maxLength = settings.maxLength === 'auto' ? await derivedMaxLength(context) : settings.maxLength;
  const task = taskOf(settings, dataset, maxLength);
  const start = () => untrainedModel(settings, task);
  const model = await start();
  const rows = prepareRows(context, model);
  const runs: Record<string, LossName> = settings.name === null ? STUDY_RUNS : { [settings.name]: settings.loss };

  const results: Record<string, Metrics> = {};
  if (settings.name === null) {
    const untrained = await openClassifier(model, settings);
    const predictions = await untrained.predict(dataset.test, { batchSize: settings.evalBatchSize });
    const facts = { trained_rows: 0 };
    results.untrained = (await writeEvaluation(context, 'untrained', predictions, null, facts)).metrics;
    const frozen = await frozenRun(context, untrained, rows);
    const frozenFacts = { trained_rows: rows.train.length, ...frozen.facts };
    results.frozen = (
      await writeEvaluation(context, 'frozen', frozen.predictions, frozen.validation, frozenFacts)
    ).metrics;
    await untrained.release();
  }
  for (const [name, loss] of Object.entries(runs)) {
    const plan = runPlan(settings, task, loss, rows);
    const folder = join(context.out, TRAINING_FOLDER, name);
    if (settings.name !== null) await refuseToReplace(folder, plan, settings.force);
    context.reporter.info(
      `run ${name}: ${rows.train.length} rows, ${plan.epochs} epochs, batch size ${plan.batchSize}, lr ${plan.lr}, marker ${plan.marker}, head ${plan.head}, loss ${loss}`,
    );
    const trained = await trainRun({
      folder,
      plan,
      rows,
      options: settings,
      start,
      resume: settings.resume ? 'required' : settings.force ? 'never' : 'if-same',
      reporter: context.reporter,
      signal: context.signal,
    });
    await writeTrainingCurve(folder, trained.log);
    const classifier = await openClassifier(trained.model, settings);
    const bar = context.reporter.progress(`evaluate ${name}`, dataset.test.length, 'rows');
    const predictions = await classifier
      .predict(dataset.test, {
        batchSize: settings.evalBatchSize,
        signal: context.signal,
        onProgress: (done) => bar.update(done),
      })
      .finally(() => bar.end());
    await classifier.release();
    const facts = {
      trained_rows: rows.train.length,
      best_epoch: trained.best.epoch,
      best_step: trained.best.step,
      steps: trained.steps,
      plan,
      choice: choiceOf(settings),
    };
    const summary = await writeEvaluation(context, name, predictions, trained.best.validation, facts);
    const checklist = await evaluationChecklist({ context, rows, plan, start, predictions, summary });
    await writeJson(join(folder, 'evaluation_checklist.json'), checklist);
    results[name] = summary.metrics;
  }
  return { runs: results };
}

const writeEvaluation = (
  { out, dataset, settings }: StageContext,
  name: string,
  predictions: readonly Prediction[],
  validation: Metrics | null,
  facts: Readonly<Record<string, unknown>>,
): Promise<RunSummary> =>
  writeRunFiles(join(out, TRAINING_FOLDER, name), {
    examples: dataset.test,
    predictions,
    labelSet: dataset.labelSet,
    seed: settings.seed,
    validation,
    facts,
  });

/** As stage 01 derives it: the shortest that leaves 99.9 % of the training rows whole. */
async function derivedMaxLength({ settings, dataset }: StageContext): Promise<number> {
  const { marker } = taskOf(settings, dataset, 0);
  const view = await openEncoderView({ ...settings, marker }, dataset);
  const inputs = view.inputs(Number.POSITIVE_INFINITY);
  const lengths = dataset.train.map((row) => inputs.encode(row).ids.length);
  return deriveMaxLength(lengths, view.positions).value;
}

/** A run that the user named is the user's: it is not replaced by one with other settings. */
async function refuseToReplace(folder: string, plan: ReturnType<typeof runPlan>, force: boolean): Promise<void> {
  if (force || !existsSync(folder)) return;
  const latest = await latestProgress(folder);
  const changed = latest ? differences(plan, latest.progress.plan) : [];
  if (changed.length > 0)
    throw usageError(
      `${folder} holds a run with other settings (${changed.join(', ')}).`,
      'Choose another --name, or replace it with --force.',
    );
}
