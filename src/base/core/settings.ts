import { z } from 'zod';
import { usageError } from './errors.ts';
import { nearest } from './nearest.ts';

/** What a setting accepts, and how it is told to people. The command line, config files and `korex config` are made from this table. */
export interface SettingRow {
  /** The heading that it stands under in `--help` and `korex config`. */
  readonly group: SettingGroup;
  readonly schema: z.ZodType;
  readonly default: string | number | boolean | null;
  /** Placeholder in `--help`; absent for switches. */
  readonly value?: string;
  readonly range: string;
  readonly help: string;
}

export const SETTING_GROUPS = ['rows', 'model', 'training', 'running', 'output'] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

const text = z.string().min(1);
const switchSchema = z.boolean();
const integer = (min: number, max = Number.MAX_SAFE_INTEGER) => z.number().int().min(min).max(max);
const auto = <T extends z.ZodType>(schema: T) => z.union([z.literal('auto'), schema]);

export const MARKER_NAMES = ['entity', 'entity-punct', 'typed-entity', 'typed-punct'] as const;
export const HEAD_NAMES = ['cls', 'entity-start', 'span-mean', 'start-cls', 'start-mean'] as const;
export const LOSS_NAMES = ['ce', 'weighted', 'sqrt-weighted', 'effective', 'focal'] as const;
/** Which rows an epoch has: each once, or labels evened out by drawing rows more or less often. */
export const SAMPLING_NAMES = ['none', 'over', 'under', 'balanced', 'sqrt'] as const;
/** How rows are made from training rows. */
export const AUGMENTATION_NAMES = ['entity', 'inverse', 'delete', 'swap'] as const;
export const SCHEDULE_NAMES = ['linear', 'cosine', 'constant'] as const;
/** Which linear layers get low-rank adapters. */
export const LORA_TARGETS = ['query-value', 'all-linear'] as const;
/** What the best weights of a run are chosen by, on the validation rows; `loss` is the better the lower. */
export const BEST_METRICS = ['macro_f1', 'micro_f1', 'auprc', 'accuracy', 'loss'] as const;
export const DEVICE_NAMES = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
/** What the encoder's weights are while answering: 32-bit floats, or 8-bit integers, smaller and faster. */
export const PRECISION_NAMES = ['fp32', 'int8'] as const;
export type MarkerName = (typeof MARKER_NAMES)[number];
export type HeadName = (typeof HEAD_NAMES)[number];
export type LossName = (typeof LOSS_NAMES)[number];
export type SamplingName = (typeof SAMPLING_NAMES)[number];
export type AugmentationName = (typeof AUGMENTATION_NAMES)[number];
export type ScheduleName = (typeof SCHEDULE_NAMES)[number];
export type LoraTargets = (typeof LORA_TARGETS)[number];
export type BestMetric = (typeof BEST_METRICS)[number];
export type Precision = (typeof PRECISION_NAMES)[number];
export type DeviceName = (typeof DEVICE_NAMES)[number];
/** What stage 04 judges candidate models by. */
export const CRITERION_NAMES = ['quality', 'licence', 'fit', 'cost'] as const;
export type CriterionName = (typeof CRITERION_NAMES)[number];

const choice = (names: readonly string[]) => names.join(' | ');
const AUGMENTATION = new RegExp(`^(${AUGMENTATION_NAMES.join('|')})(,(${AUGMENTATION_NAMES.join('|')}))*$`);
const WEIGHT = `(${CRITERION_NAMES.join('|')})=\\d+(\\.\\d+)?`;

/** Every setting: type, default, range, meaning. `auto` takes the encoder's recipe, chosen on validation (`train/recipes.ts`). */
export const SETTINGS = {
  data: {
    group: 'rows',
    schema: text,
    default: 'sample',
    value: 'SOURCE',
    range: 'sample | klue | FOLDER | FILE',
    help: 'where the rows come from',
  },
  encoder: {
    group: 'model',
    schema: text,
    default: 'bundled',
    value: 'ENCODER',
    range: 'bundled | encoder-ko-klue | korex-small | HUB_ID | FOLDER',
    help: 'the pretrained encoder',
  },
  encoderLayers: {
    group: 'model',
    schema: auto(integer(1, 128)),
    default: 'auto',
    value: 'N',
    range: '1 … the encoder’s layers, or auto',
    help: 'use only the first N layers of the encoder',
  },
  out: {
    group: 'running',
    schema: text,
    default: 'temp_result',
    value: 'FOLDER',
    range: 'a folder',
    help: 'where results are written',
  },
  seed: {
    group: 'running',
    schema: integer(0),
    default: 42,
    value: 'N',
    range: '0 …',
    help: 'seed of everything random',
  },
  trainRows: {
    group: 'rows',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all without it',
    help: 'a seeded sample of the training rows, stratified by label, validation included',
  },
  evalRows: {
    group: 'rows',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all without it',
    help: 'a seeded sample of the test rows, stratified by label',
  },
  device: {
    group: 'running',
    schema: z.enum(DEVICE_NAMES),
    default: 'cpu',
    value: 'DEVICE',
    range: choice(DEVICE_NAMES),
    help: 'what the graphs run on',
  },
  threads: {
    group: 'running',
    schema: integer(1, 1024).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all cores without it',
    help: 'threads of the runtime',
  },
  onBadRow: {
    group: 'rows',
    schema: z.enum(['error', 'skip']),
    default: 'error',
    value: 'WHAT',
    range: 'error | skip',
    help: 'stop at invalid rows, or leave them out and list them in rejected_rows.jsonl',
  },
  lang: {
    group: 'output',
    schema: z.enum(['ko', 'en']),
    default: 'ko',
    value: 'LANG',
    range: 'ko | en',
    help: 'language of reports',
  },
  force: {
    group: 'running',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'redo what is still valid',
  },
  json: {
    group: 'output',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'one JSON object on stdout, everything else on stderr',
  },
  name: {
    group: 'training',
    schema: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
      .nullable(),
    default: null,
    value: 'NAME',
    range: 'letters, digits, ".", "_", "-"; both runs of stage 06, baseline and weighted, without it',
    help: 'train one run of this name',
  },
  trainingSeed: {
    group: 'training',
    schema: integer(0).nullable(),
    default: null,
    value: 'N',
    range: '0 …; that of --seed without it',
    help: 'seed of the training alone (head, order, dropout, rows that --augment makes), so that samples and validation rows stay the same',
  },
  seeds: {
    group: 'training',
    schema: z
      .string()
      .regex(/^\d+(,\d+)+$/)
      .nullable(),
    default: null,
    value: 'LIST',
    range: 'two or more training seeds, e.g. 1,2,3',
    help: 'train NAME-seed-1, NAME-seed-2, … and print their mean and standard deviation',
  },
  dryRun: {
    group: 'training',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'show the first batches as the model would see them, and train and write nothing',
  },
  resume: {
    group: 'training',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'go on from the newest checkpoint of an interrupted run',
  },
  marker: {
    group: 'model',
    schema: auto(z.enum(MARKER_NAMES)),
    default: 'auto',
    value: 'MARKER',
    range: `auto | ${choice(MARKER_NAMES)}`,
    help: 'how subject and object are marked in the text',
  },
  head: {
    group: 'model',
    schema: auto(z.enum(HEAD_NAMES)),
    default: 'auto',
    value: 'HEAD',
    range: `auto | ${choice(HEAD_NAMES)}`,
    help: 'what the classifier looks at: the first token, the states at both opening markers, mean states of both words, or two of these',
  },
  question: {
    group: 'model',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'put a question that names both entities before the sentence (비틀즈와 조지 해리슨의 관계는 무엇인가?)',
  },
  augment: {
    group: 'training',
    schema: z
      .string()
      .regex(AUGMENTATION)
      .refine((list) => new Set(list.split(',')).size === list.split(',').length)
      .nullable(),
    default: null,
    value: 'LIST',
    range: `${choice(AUGMENTATION_NAMES)}, or several with commas; off without it`,
    help: 'make more training rows: other entities of the same type, subject and object swapped under the inverse relation, words left out, words swapped',
  },
  augmentShare: {
    group: 'training',
    schema: z.number().gt(0).max(10),
    default: 0.5,
    value: 'SHARE',
    range: '0 < … ≤ 10',
    help: 'rows that --augment makes per training row',
  },
  loss: {
    group: 'training',
    schema: z.enum(LOSS_NAMES),
    default: 'ce',
    value: 'LOSS',
    range: choice(LOSS_NAMES),
    help: 'cross-entropy (ce); weighted by inverse label frequency, its square root, or the effective number of rows; or focal loss',
  },
  focalGamma: {
    group: 'training',
    schema: z.number().min(0).max(10),
    default: 2,
    value: 'GAMMA',
    range: '0 … 10',
    help: 'with --loss focal: how much less rows count that are right already',
  },
  effectiveBeta: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0.999,
    value: 'BETA',
    range: '0 ≤ … < 1',
    help: 'with --loss effective: 0 weighs all labels alike, near 1 by inverse frequency',
  },
  labelSmoothing: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0,
    value: 'SHARE',
    range: '0 (off) ≤ … < 1',
    help: 'share of each target that is spread over all labels (label smoothing)',
  },
  logitAdjust: {
    group: 'training',
    schema: z.number().min(0).max(10),
    default: 0,
    value: 'TAU',
    range: '0 (off) … 10',
    help: 'train with TAU times the log of the label frequency added to the logits, answer without (logit adjustment)',
  },
  sampling: {
    group: 'training',
    schema: z.enum(SAMPLING_NAMES),
    default: 'none',
    value: 'NAME',
    range: choice(SAMPLING_NAMES),
    help: 'rows of an epoch: each once; labels repeated up to the largest; cut down to the median; all labels alike; or by the square root of their rows',
  },
  ema: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0,
    value: 'DECAY',
    range: '0 (off) ≤ … < 1',
    help: 'validate and keep an exponential moving average of the weights, of this decay a step',
  },
  maxLength: {
    group: 'model',
    schema: auto(integer(16, 8192)),
    default: 'auto',
    value: 'N',
    range: '16 … the encoder’s positions, or auto (from stage 01)',
    help: 'longest input in tokens; longer sentences get a window around both entities',
  },
  epochs: {
    group: 'training',
    schema: auto(integer(1, 1000)),
    default: 'auto',
    value: 'N',
    range: '1 … 1000, or auto',
    help: 'passes over the training rows',
  },
  batchSize: {
    group: 'training',
    schema: auto(integer(1, 4096)),
    default: 'auto',
    value: 'N',
    range: '1 … 4096, or auto',
    help: 'rows in a batch',
  },
  lr: {
    group: 'training',
    schema: auto(z.number().gt(0).max(1)),
    default: 'auto',
    value: 'RATE',
    range: '0 < … ≤ 1, or auto',
    help: 'peak learning rate',
  },
  schedule: {
    group: 'training',
    schema: z.enum(SCHEDULE_NAMES),
    default: 'linear',
    value: 'NAME',
    range: choice(SCHEDULE_NAMES),
    help: 'how the learning rate falls after warm-up',
  },
  warmup: {
    group: 'training',
    schema: z.number().min(0).max(1),
    default: 0.1,
    value: 'SHARE',
    range: '0 … 1',
    help: 'share of the steps over which the learning rate rises',
  },
  weightDecay: {
    group: 'training',
    schema: z.number().min(0).max(1),
    default: 0.01,
    value: 'RATE',
    range: '0 … 1',
    help: 'decoupled weight decay, not on biases and norms',
  },
  clip: {
    group: 'training',
    schema: z.number().min(0),
    default: 1,
    value: 'NORM',
    range: '0 (off) …',
    help: 'largest global norm of the gradient',
  },
  dropout: {
    group: 'training',
    schema: auto(z.number().min(0).lt(1)),
    default: 'auto',
    value: 'P',
    range: '0 ≤ … < 1, or auto (the encoder’s)',
    help: 'dropout probability of hidden states and attention',
  },
  accumulate: {
    group: 'training',
    schema: integer(1, 4096),
    default: 1,
    value: 'N',
    range: '1 … 4096',
    help: 'batches whose gradients are added up before a step (gradient accumulation)',
  },
  freezeLayers: {
    group: 'training',
    schema: integer(0, 128),
    default: 0,
    value: 'N',
    range: '0 (nothing) … the encoder’s layers',
    help: 'leave the embeddings (new marker tokens too) and the first N layers as they are, without dropout: faster, less memory',
  },
  layerDecay: {
    group: 'training',
    schema: z.number().gt(0).max(1),
    default: 1,
    value: 'FACTOR',
    range: '0 < … ≤ 1 (off)',
    help: 'factor on the learning rate from each layer to the one below it (layer-wise decay); the head has the full rate',
  },
  loraRank: {
    group: 'training',
    schema: integer(1, 4096).nullable(),
    default: null,
    value: 'R',
    range: '1 … the encoder’s width; off without it',
    help: 'train low-rank adapters (LoRA), the head and new marker tokens alone; merged into the weights when saved',
  },
  loraAlpha: {
    group: 'training',
    schema: auto(z.number().gt(0)),
    default: 'auto',
    value: 'ALPHA',
    range: '0 < …, or auto (twice the rank)',
    help: 'weight of the adapters: they count ALPHA / R',
  },
  loraTargets: {
    group: 'training',
    schema: z.enum(LORA_TARGETS),
    default: 'all-linear',
    value: 'LAYERS',
    range: choice(LORA_TARGETS),
    help: 'which linear layers of the encoder get adapters',
  },
  taptEpochs: {
    group: 'training',
    schema: integer(0, 1000),
    default: 0,
    value: 'N',
    range: '0 (off) … 1000',
    help: 'before fine-tuning, passes of masked-language-model pretraining over the training sentences (TAPT); the encoder is kept below --out for other runs',
  },
  taptLr: {
    group: 'training',
    schema: auto(z.number().gt(0).max(1)),
    default: 'auto',
    value: 'RATE',
    range: '0 < … ≤ 1, or auto',
    help: 'peak learning rate of that pretraining',
  },
  teacher: {
    group: 'training',
    schema: text.nullable(),
    default: null,
    value: 'MODELS',
    range: 'run names or model folders, with commas between; none without it',
    help: 'learn also from what these trained models say of the training rows (distillation); several count as their mean',
  },
  distillWeight: {
    group: 'training',
    schema: z.number().gt(0).max(1),
    default: 0.5,
    value: 'SHARE',
    range: '0 < … ≤ 1',
    help: 'share of the teachers in each target; the rest is the row’s label',
  },
  distillTemperature: {
    group: 'training',
    schema: z.number().gt(0).max(100),
    default: 2,
    value: 'T',
    range: '0 < … ≤ 100',
    help: 'softens the teachers’ probabilities to p^(1/T), normalised; 1 leaves them as they are',
  },
  validation: {
    group: 'rows',
    schema: z.number().gt(0).max(0.5),
    default: 0.1,
    value: 'SHARE',
    range: '0 < … ≤ 0.5',
    help: 'share of the training rows kept for validation',
  },
  evalEvery: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'STEPS',
    range: '1 …, each epoch without it',
    help: 'steps between validations; the last step is validated too',
  },
  bestMetric: {
    group: 'training',
    schema: z.enum(BEST_METRICS),
    default: 'macro_f1',
    value: 'METRIC',
    range: choice(BEST_METRICS),
    help: 'what best/ is chosen by on the validation rows; the lower loss decides between equals',
  },
  patience: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, off without it',
    help: 'stop early after N validations in a row that were not better (early stopping)',
  },
  checkpointEvery: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'STEPS',
    range: '1 …',
    help: 'steps between checkpoints, beside one at each validation',
  },
  keepCheckpoints: {
    group: 'training',
    schema: integer(1),
    default: 2,
    value: 'N',
    range: '1 …',
    help: 'newest checkpoints to keep beside best/',
  },
  keepBest: {
    group: 'training',
    schema: integer(0),
    default: 0,
    value: 'N',
    range: '0 …',
    help: 'checkpoints with the best validations to keep too, also when the run is done',
  },
  evalBatchSize: {
    group: 'running',
    schema: integer(1, 4096),
    default: 32,
    value: 'N',
    range: '1 … 4096',
    help: 'rows in a batch at evaluation',
  },
  precision: {
    group: 'running',
    schema: z.enum(PRECISION_NAMES),
    default: 'fp32',
    value: 'PRECISION',
    range: choice(PRECISION_NAMES),
    help: 'of the weights while answering: 32-bit floats, or 8-bit integers (about twice as fast, nearly the same answers)',
  },
  selectionWeights: {
    group: 'model',
    schema: z.string().regex(new RegExp(`^${WEIGHT}(,${WEIGHT})*$`)),
    default: CRITERION_NAMES.map((name) => `${name}=1`).join(','),
    value: 'WEIGHTS',
    range: `${CRITERION_NAMES.map((name) => `${name}=N`).join(',')} with N from 0; those left out count 1`,
    help: 'weights of the criteria of model selection (stage 04)',
  },
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof SETTINGS;
/** Settings after validation: every name present, of its type. */
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The defaults of the table. */
export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, SETTINGS[name].default]),
) as unknown as Settings;

/** `trainRows` → `--train-rows`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Checks values from a config file or the command line and lays them over `base`.
 *
 * @param origin how an error names where the value came from, e.g. `command line` or the config file's path
 * Errors: `usage` for unknown names (with the nearest known one) and values out of range.
 */
export function withSettings(base: Settings, values: Readonly<Record<string, unknown>>, origin: string): Settings {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      const near = nearest(name, SETTING_NAMES);
      throw usageError(
        `${origin}: there is no setting "${name}".`,
        near ? `Did you mean "${near}"? \`korex config\` lists all.` : '`korex config` lists all settings.',
      );
    }
    const row = SETTINGS[name as SettingName];
    const parsed = row.schema.safeParse(value);
    if (!parsed.success)
      throw usageError(
        `${origin}: ${name} (${flagOf(name)}) is ${JSON.stringify(value)}; expected ${row.range}.`,
        `${name}: ${row.help}.`,
      );
    result[name] = parsed.data;
  }
  return result as Settings;
}
