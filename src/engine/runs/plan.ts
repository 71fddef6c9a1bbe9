import { z } from 'zod';
import { sha256 } from '../../base/core/files.ts';
import {
  BEST_METRICS,
  HEAD_NAMES,
  LORA_TARGETS,
  LOSS_NAMES,
  MARKER_NAMES,
  SAMPLING_NAMES,
  SCHEDULE_NAMES,
  type SETTINGS,
  type SettingName,
  TASK_NAMES,
  TEXT_ORDER_NAMES,
  TRAINED_PAIR_ENCODINGS,
} from '../../base/core/settings.ts';

/** Settings of these groups, by the table of settings. */
type SettingOf<Group> = {
  [Name in SettingName]: (typeof SETTINGS)[Name]['group'] extends Group ? Name : never;
}[SettingName];

/** Settings of a model or a training that are no part of its plan, since they change nothing of what it ends in or are in it under another name. */
type Unplanned =
  | 'name'
  | 'seeds'
  | 'dryRun'
  | 'resume'
  | 'checkpointEvery'
  | 'keepCheckpoints'
  | 'keepBest'
  | 'trainingSeed'
  | 'teacher'
  | 'selectionWeights';

/** Settings that a plan holds. A new one of a model or a training does not compile before it is in the plan, or named above. */
export type PlannedSetting = Exclude<SettingOf<'model' | 'training'>, Unplanned> | 'validation';

const integer = z.number().int();
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** Each planned setting as a plan holds it, with no `auto` left: null where other settings make it irrelevant. */
const planned = {
  task: z.enum(TASK_NAMES).default('relation'),
  encoder: z.string(),
  /** All layers when null. */
  encoderLayers: integer.nullable(),
  /** Null where the task marks nothing. */
  marker: z.enum(MARKER_NAMES).nullable(),
  head: z.enum([...HEAD_NAMES, 'tokens']),
  loss: z.enum(LOSS_NAMES),
  maxLength: integer,
  epochs: integer,
  batchSize: integer,
  lr: z.number(),
  schedule: z.enum(SCHEDULE_NAMES),
  warmup: z.number(),
  weightDecay: z.number(),
  clip: z.number(),
  /** The encoder's own rates when null. */
  dropout: z.number().nullable(),
  accumulate: integer,
  // Files written before these settings existed lack them: hence the defaults.
  question: z.boolean().default(false),
  pairEncoding: z.enum(TRAINED_PAIR_ENCODINGS).default('inline'),
  /** Techniques that make rows, in the order of their table, with commas; none when null. */
  augment: optional(z.string()),
  augmentShare: optional(z.number()),
  /** Null where no rows are made. */
  augmentWeight: optional(z.number()),
  /** Both null without documents. */
  textWeight: optional(z.number()),
  textOrder: optional(z.enum(TEXT_ORDER_NAMES)),
  freezeLayers: integer.default(0),
  layerDecay: z.number().default(1),
  /** No adapters when null. */
  loraRank: optional(integer),
  loraAlpha: optional(z.number()),
  loraTargets: optional(z.enum(LORA_TARGETS)),
  /** Null unless the loss is focal. */
  focalGamma: optional(z.number()),
  /** Null unless the loss is weighted by the effective number of rows. */
  effectiveBeta: optional(z.number()),
  labelSmoothing: z.number().default(0),
  logitAdjust: z.number().default(0),
  sampling: z.enum(SAMPLING_NAMES).default('none'),
  /** Decay of the moving average of the weights; none at 0. */
  ema: z.number().default(0),
  /** Steps between validations; the end of each epoch when null. */
  evalEvery: optional(integer),
  bestMetric: z.enum(BEST_METRICS).default('macro_f1'),
  patience: optional(integer),
  /** Passes of masked-language-model pretraining before; rate and seed are null where there are none. */
  taptEpochs: integer.default(0),
  taptLr: optional(z.number()),
  taptSeed: optional(integer),
  /** Digests of the teachers' files, with commas between; no teachers where these three are null. */
  teachers: optional(z.string()),
  distillWeight: optional(z.number()),
  distillTemperature: optional(z.number()),
  validation: z.number(),
  seed: integer,
  /** Digest of the rows trained and validated on. */
  data: z.string(),
} as const satisfies Record<PlannedSetting | 'taptSeed' | 'teachers' | 'seed' | 'data', z.ZodType>;

/** Everything that decides what a training ends in. A checkpoint holds it, and resuming compares it. */
export const trainingPlanSchema = z.object(planned);

export type TrainingPlan = Readonly<z.output<typeof trainingPlanSchema>>;

const NOT_SETTINGS: readonly string[] = ['taptSeed', 'teachers', 'seed', 'data'];

/** The settings that a plan holds, in its order. */
export const PLANNED_SETTINGS = Object.keys(planned).filter(
  (name): name is PlannedSetting => !NOT_SETTINGS.includes(name),
);

/** Settings that the encoder's recipe decides where they are `auto`. */
export const RECIPE_SETTINGS = ['encoderLayers', 'marker', 'head', 'epochs', 'batchSize', 'lr'] as const;

/** Digest of rows, for `TrainingPlan.data`. */
export const digestOf = (value: unknown): string => sha256(JSON.stringify(value));

/** The names in which two plans differ. */
export const differences = (a: TrainingPlan, b: TrainingPlan): string[] =>
  Object.keys(planned).filter((name) => a[name as keyof TrainingPlan] !== b[name as keyof TrainingPlan]);

/** The loss of a plan in a few words, for people. */
export function lossText({
  loss,
  focalGamma,
  effectiveBeta,
  labelSmoothing,
  logitAdjust,
}: Pick<TrainingPlan, 'loss' | 'focalGamma' | 'effectiveBeta' | 'labelSmoothing' | 'logitAdjust'>): string {
  return [
    `${loss}${focalGamma === null ? '' : ` (γ ${focalGamma})`}${effectiveBeta === null ? '' : ` (β ${effectiveBeta})`}`,
    ...(labelSmoothing > 0 ? [`label smoothing ${labelSmoothing}`] : []),
    ...(logitAdjust > 0 ? [`logit adjustment ${logitAdjust}`] : []),
  ].join(' + ');
}
