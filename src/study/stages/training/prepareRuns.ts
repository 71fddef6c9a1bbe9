import { join, resolve } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import type { LossName } from '../../../base/core/settings.ts';
import { checkTyped, markerTokens } from '../../../base/text/markers.ts';
import { checkUnknownTokens, sumCounts } from '../../../base/text/unknownTokens.ts';
import type { TaskSpec } from '../../../engine/nn/modelTask.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { bestFolder, runsFolder } from '../../../engine/runs/runFolder.ts';
import { trialNote, tryDevice } from '../../../engine/train/deviceTrial.ts';
import { checkMemory, machineMemory, pretrainMemory, trainingMemory } from '../../../engine/train/memoryEstimate.ts';
import { checkPlan } from '../../../engine/train/planChecks.ts';
import { labelsOf } from '../../../engine/train/trainingState.ts';
import { taskOf } from '../../../engine/train/untrainedModel.ts';
import { findTeachers, type Teacher, teachersDigest } from '../../../inference/predict/findModel.ts';
import { deriveMaxLength } from '../eda/maxLength.ts';
import { type EncoderView, openEncoderView, TEST_ROWS, TRAINING_ROWS } from '../encoderView.ts';
import type { StageContext } from '../stage.ts';
import { type Pretraining, preparePretraining } from './pretraining.ts';
import { madeCounts, madeRows, type PreparedRows, prepareRows } from './rows.ts';
import { runPlan } from './runPlan.ts';

/** The fine-tuned runs of the study; `weighted` is its improvement. */
export const STUDY_RUNS: Readonly<Record<string, LossName>> = { baseline: 'ce', weighted: 'weighted' };

/** All that is settled and checked before any weight is read. */
export interface PreparedRuns {
  readonly view: EncoderView;
  readonly task: TaskSpec;
  readonly rows: PreparedRows;
  /** By run name. */
  readonly plans: Readonly<Record<string, TrainingPlan>>;
  /** Of the encoder on the training sentences, before; null where there is none. */
  readonly pretraining: Pretraining | null;
  readonly teachers: readonly Teacher[];
  /** Expected peak memory in bytes. */
  readonly memory: number;
}

/**
 * Rows, then the plans of the runs, then everything that can be checked without reading a weight.
 *
 * Errors: `usage` for settings that do not go with the encoder, the rows or each other.
 */
export async function prepareRuns(context: StageContext): Promise<PreparedRuns> {
  const { settings, dataset, reporter } = context;
  if (settings.task !== 'relation')
    throw usageError(
      {
        en: `--task ${settings.task} is one of korex train alone, not of experiments or the stages around it.`,
        ko: `--task ${settings.task}: 실험이나 다른 단계가 아니라 korex train에서만 쓸 수 있다.`,
      },
      { en: 'Train it with `korex train --task entities`.', ko: '`korex train --task entities`로 학습한다.' },
    );

  // Rows, as the encoder reads them.
  const { view, task, inputs, rows } = await readRows(context);

  // Plans: the settings with no `auto` left.
  const losses = settings.name === null ? STUDY_RUNS : { [settings.name]: settings.loss };
  const teachers = await teachersOf(context, Object.keys(losses));
  const teacher = teachers.length > 0 ? teachersDigest(teachers) : null;
  const plans = Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => [name, runPlan(settings, task, loss, rows, teacher)]),
  );

  // Checks: each plan against encoder and rows.
  const facts = {
    config: view.config,
    trainLabels: labelsOf(rows.train),
    validationRows: rows.validation.length,
    augmentedRows: rows.train.length - rows.given,
  };
  for (const plan of Object.values(plans)) checkPlan(plan, facts);
  if (settings.augment !== null) reporter.info(augmentationNote(rows));
  if (settings.freezeLayers > 0 && markerTokens(task.marker, task.entityTypes).length > 0)
    reporter.warn(
      `The tokens of the marker "${task.marker}" are new to the encoder, and --freeze-layers leaves their embeddings random; --marker entity-punct and typed-punct need no new tokens.`,
    );

  // Pretraining of the encoder, where the plans ask for it.
  const [first] = Object.values(plans) as [TrainingPlan];
  const { taptEpochs: epochs, taptLr: lr, taptSeed: seed, encoderLayers: layers, dropout } = first;
  // Only the rows that were given: those made from them have no sentences of their own, and change with the training seed.
  const given = { ...rows, train: rows.train.slice(0, rows.given) };
  const source = { settings, task, inputs, rows: given, test: dataset.test };
  const pretraining =
    lr === null || seed === null ? null : await preparePretraining(source, { layers, epochs, lr, dropout, seed });

  // Checks of the machine: memory, or what the device makes of a step.
  const memory = Math.max(
    ...Object.values(plans).map((plan) => memoryOf(plan, view, inputs.tokenizer.size, task, rows)),
    pretraining ? pretrainingMemory(pretraining, view, inputs.tokenizer.size) : 0,
  );
  if (settings.device === 'cpu') checkMemory(memory, machineMemory(), reporter);
  else await checkGraph(context, first, view, task);
  return { view, task, rows, plans, pretraining, teachers, memory };
}

/** The encoder without its weights, and the rows as it reads them. */
export async function readRows(context: StageContext) {
  const { settings, dataset, reporter } = context;
  const view = await openEncoderView(settings, dataset);
  checkTyped(dataset.train, view.marker);
  const maxLength = settings.maxLength === 'auto' ? lengthFor(view, context) : settings.maxLength;
  const task = taskOf(settings, dataset, maxLength);
  const inputs = view.inputs(maxLength);
  const rows = prepareRows(context, { inputs });
  const check = { isAllowed: settings.allowUnknownTokens, reporter };
  checkUnknownTokens(rows.counts, { ...check, where: TRAINING_ROWS });
  // Now, since their answers come when the training is over.
  checkUnknownTokens(sumCounts(dataset.test.map((row) => inputs.encode(row).counts)), { ...check, where: TEST_ROWS });
  return { view, task, inputs, rows };
}

/** e.g. `450 rows made from 900 training rows: entity 300, swap 150`. */
function augmentationNote(rows: PreparedRows): string {
  const made = madeRows(rows);
  const counts = Object.entries(madeCounts(made)).map(([technique, count]) => `${technique} ${count}`);
  return `${made.length} rows made from ${rows.given} training rows: ${counts.join(', ')}.`;
}

/** The study's runs differ in their class weights alone, which the graph does not know: one trial is enough for all. */
async function checkGraph(
  { settings: { device }, reporter }: StageContext,
  plan: TrainingPlan,
  { config }: EncoderView,
  { labelSet }: TaskSpec,
): Promise<void> {
  const note = trialNote(device, await tryDevice(plan, config, labelSet.labels.length, device));
  if (note !== null) reporter.info(note);
}

/** The teachers of the settings. Errors: `usage` where one is not there, or is a run that is to be trained. */
async function teachersOf({ settings, reporter, signal }: StageContext, runs: readonly string[]) {
  if (settings.teacher === null) return [];
  // Also where nothing is to be written there (a dry run).
  const folder = runsFolder(settings.out);
  const teachers = await findTeachers(settings.teacher, folder, { reporter, signal });
  const own = runs.find((run) =>
    teachers.some((teacher) => resolve(teacher.folder) === resolve(bestFolder(join(folder, run)))),
  );
  if (own !== undefined)
    throw usageError(
      { en: `The run ${own} cannot be its own teacher.`, ko: `학습 ${own}은(는) 자신의 교사가 될 수 없다.` },
      { en: 'Give the student another --name.', ko: '학생에게 다른 --name을 준다.' },
    );
  return teachers;
}

/** Expected peak memory of a pretraining in bytes. */
export const pretrainingMemory = (
  { plan, longest }: Pretraining,
  { config }: EncoderView,
  vocabulary: number,
): number =>
  pretrainMemory(plan.batchSize, {
    config: {
      ...config,
      vocab_size: Math.max(config.vocab_size, vocabulary),
      num_hidden_layers: plan.layers ?? config.num_hidden_layers,
    },
    longest,
  });

function memoryOf(
  plan: TrainingPlan,
  { config }: EncoderView,
  vocabulary: number,
  { labelSet }: TaskSpec,
  { train }: PreparedRows,
): number {
  return trainingMemory(plan, {
    config: {
      ...config,
      vocab_size: Math.max(config.vocab_size, vocabulary),
      num_hidden_layers: plan.encoderLayers ?? config.num_hidden_layers,
    },
    labels: labelSet.labels.length,
    longest: train.reduce((longest, { encoded }) => Math.max(longest, encoded.ids.length), 0),
  });
}

/**
 * The longest input, as stage 01 derives it. Not read from its files: a named run may have another marker than stage 01.
 */
function lengthFor(view: EncoderView, { dataset }: Pick<StageContext, 'dataset'>): number {
  const inputs = view.inputs(Number.POSITIVE_INFINITY);
  const lengths = dataset.train.map((row) => inputs.encode(row).ids.length);
  return deriveMaxLength(lengths, view.positions).value;
}
