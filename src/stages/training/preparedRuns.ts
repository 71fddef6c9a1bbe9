import type { LossName } from '../../core/settings.ts';
import type { TaskSpec } from '../../nn/modelTask.ts';
import { taskOf } from '../../predict/classifier.ts';
import { markerTokens } from '../../text/markers.ts';
import { trialNote, tryDevice } from '../../train/deviceTrial.ts';
import { checkMemory, machineMemory, trainingMemory } from '../../train/memoryEstimate.ts';
import type { TrainingPlan } from '../../train/plan.ts';
import { checkPlan } from '../../train/planChecks.ts';
import { labelsOf } from '../../train/trainingLoop.ts';
import { deriveMaxLength } from '../eda/maxLength.ts';
import { type EncoderView, openEncoderView } from '../encoderView.ts';
import type { StageContext } from '../stage.ts';
import { madeCounts, madeRows, type PreparedRows, prepareRows } from './preparedRows.ts';
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
  /** Expected peak memory in bytes. */
  readonly memory: number;
}

/** Errors: `usage` for settings that do not go with the encoder, the rows or each other. */
export async function prepareRuns(context: StageContext): Promise<PreparedRuns> {
  const { settings, dataset, reporter } = context;
  const view = await openEncoderView(settings, dataset);
  const maxLength = settings.maxLength === 'auto' ? lengthFor(view, context) : settings.maxLength;
  const task = taskOf(settings, dataset, maxLength);
  const inputs = view.inputs(maxLength);
  const rows = prepareRows(context, { inputs });
  const losses = settings.name === null ? STUDY_RUNS : { [settings.name]: settings.loss };
  const plans = Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => [name, runPlan(settings, task, loss, rows)]),
  );
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
  const memory = Math.max(
    ...Object.values(plans).map((plan) => memoryOf(plan, view, inputs.tokenizer.size, task, rows)),
  );
  if (settings.device === 'cpu') checkMemory(memory, machineMemory(), reporter);
  else await tellDevice(context, Object.values(plans)[0]!, view, task);
  return { view, task, rows, plans, memory };
}

/** e.g. `450 rows made from 900 training rows: entity 300, swap 150`. */
function augmentationNote(rows: PreparedRows): string {
  const made = madeRows(rows);
  const counts = Object.entries(madeCounts(made)).map(([technique, count]) => `${technique} ${count}`);
  return `${made.length} rows made from ${rows.given} training rows: ${counts.join(', ')}.`;
}

/** The study's runs differ in their class weights alone, which the graph does not know: one trial stands for all. */
async function tellDevice(
  { settings: { device }, reporter }: StageContext,
  plan: TrainingPlan,
  { config }: EncoderView,
  { labelSet }: TaskSpec,
): Promise<void> {
  const note = trialNote(device, await tryDevice(plan, config, labelSet.labels.length, device));
  if (note !== null) reporter.info(note);
}

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
 * The longest input, as stage 01 derives it. Computed here anew: a named run may have another marker than stage 01, whose
 * files it must not change.
 */
function lengthFor(view: EncoderView, { dataset }: StageContext): number {
  const inputs = view.inputs(Number.POSITIVE_INFINITY);
  const lengths = dataset.train.map((row) => inputs.encode(row).ids.length);
  return deriveMaxLength(lengths, view.positions).value;
}
