import { z } from 'zod';
import { usageError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Language } from './types.ts';

/** What a setting accepts, and what people read of it. The command line, config files and `korex config` are made from this table. */
export interface SettingRow {
  /** The heading that it stands under in `--help` and `korex config`. */
  readonly group: SettingGroup;
  readonly schema: z.ZodType;
  readonly default: string | number | boolean | null;
  /** Placeholder in `--help`; absent for switches. */
  readonly value?: string;
  readonly range: string;
  readonly help: string;
  /** Both in Korean; a range without words is the same in every language. */
  readonly ko: { readonly help: string; readonly range?: string };
}

export const SETTING_GROUPS = ['rows', 'model', 'training', 'running', 'output'] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

const text = z.string().min(1);
const switchSchema = z.boolean();
const integer = (min: number, max = Number.MAX_SAFE_INTEGER) => z.number().int().min(min).max(max);
const auto = <T extends z.ZodType>(schema: T) => z.union([z.literal('auto'), schema]);

/** What a model is trained for. */
export const TASK_NAMES = ['relation', 'entities'] as const;
export const MARKER_NAMES = ['entity', 'entity-punct', 'typed-entity', 'typed-punct'] as const;
export const HEAD_NAMES = ['cls', 'entity-start', 'span-mean', 'start-cls', 'start-mean'] as const;
/**
 * How a sentence's pairs are read: each by itself, its markers in the text (`inline`), or all in one pass over the text, their
 * markers behind it (`shared`).
 */
export const PAIR_ENCODINGS = ['inline', 'shared'] as const;
/** What a model may be trained for: pairs by themselves, which all tools ask for, or both with one set of weights. */
export const TRAINED_PAIR_ENCODINGS = ['inline', 'both'] as const;
export const LOSS_NAMES = ['ce', 'weighted', 'sqrt-weighted', 'effective', 'focal'] as const;
/** Which rows an epoch has: each once, or labels evened out by drawing rows more or less often. */
export const SAMPLING_NAMES = ['none', 'over', 'under', 'balanced', 'sqrt'] as const;
/** How rows are made from training rows. */
export const AUGMENTATION_NAMES = [
  ...(['entity', 'inverse', 'delete', 'swap'] as const),
  ...(['rival', 'list', 'join', 'negate'] as const),
] as const;
/** Which pairs of a document's entities become rows. */
export const TEXT_PAIR_NAMES = ['typed', 'all'] as const;
/** Where rows of documents stand in an epoch: anywhere, or after all other rows. */
export const TEXT_ORDER_NAMES = ['mixed', 'last'] as const;
export const SCHEDULE_NAMES = ['linear', 'cosine', 'constant'] as const;
/** Which linear layers get low-rank adapters. */
export const LORA_TARGETS = ['query-value', 'all-linear'] as const;
/** What the best weights of a run are chosen by, on the validation rows; `loss` is the better the lower. */
export const BEST_METRICS = ['macro_f1', 'micro_f1', 'auprc', 'accuracy', 'loss'] as const;
export const DEVICE_NAMES = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
/** What the encoder's weights are while answering: 32-bit floats, or 8-bit integers, smaller and faster. */
export const PRECISION_NAMES = ['fp32', 'int8'] as const;
export type TaskName = (typeof TASK_NAMES)[number];
export type MarkerName = (typeof MARKER_NAMES)[number];
export type HeadName = (typeof HEAD_NAMES)[number];
export type PairEncoding = (typeof PAIR_ENCODINGS)[number];
export type TrainedPairEncoding = (typeof TRAINED_PAIR_ENCODINGS)[number];
export type LossName = (typeof LOSS_NAMES)[number];
export type SamplingName = (typeof SAMPLING_NAMES)[number];
export type AugmentationName = (typeof AUGMENTATION_NAMES)[number];
export type ScheduleName = (typeof SCHEDULE_NAMES)[number];
export type LoraTargets = (typeof LORA_TARGETS)[number];
export type BestMetric = (typeof BEST_METRICS)[number];
export type Precision = (typeof PRECISION_NAMES)[number];
export type DeviceName = (typeof DEVICE_NAMES)[number];
/** What `--columns` may name: a subject or object is its word, or all of it as dict text. */
export const COLUMN_NAMES = [
  'guid',
  'sentence',
  'subject',
  'subject_start',
  'subject_end',
  'subject_type',
  'object',
  'object_start',
  'object_end',
  'object_type',
  'label',
  'source',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];
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
    ko: { help: '행을 읽을 곳' },
  },
  task: {
    group: 'model',
    schema: z.enum(TASK_NAMES),
    default: 'relation',
    value: 'TASK',
    range: choice(TASK_NAMES),
    help: 'what the model learns: the relation of a marked pair, or to find the entities of a sentence',
    ko: { help: '모델이 배울 일: 표시된 두 엔티티의 관계(relation), 또는 문장에서 엔티티 찾기(entities)' },
  },
  textData: {
    group: 'rows',
    schema: z
      .string()
      .regex(/^[^,]+(,[^,]+)*$/)
      .nullable(),
    default: null,
    value: 'FILES',
    range: 'klue (after `korex data pull --text`), or files with commas between; none without it',
    help: 'annotated documents to train on beside the rows: JSON lines with text, entities and all relations; every other pair of entities is a row without relation',
    ko: {
      help: '행과 함께 학습할 주석 문서: 본문, 엔티티, 모든 관계를 적은 JSON Lines. 관계가 없는 엔티티 쌍은 관계 없음 행이 된다',
      range: 'klue(`korex data pull --text` 뒤), 또는 파일, 여럿은 쉼표로; 없으면 쓰지 않음',
    },
  },
  textPairs: {
    group: 'rows',
    schema: z.enum(TEXT_PAIR_NAMES),
    default: 'typed',
    value: 'PAIRS',
    range: choice(TEXT_PAIR_NAMES),
    help: 'which pairs of a document’s entities become rows: those whose types can have a relation, or all',
    ko: { help: '문서의 엔티티 쌍 가운데 행으로 쓸 것: 유형상 관계가 있을 수 있는 쌍만, 또는 모두' },
  },
  textNegatives: {
    group: 'rows',
    schema: z.number().min(0).max(1),
    default: 1,
    value: 'SHARE',
    range: '0 … 1',
    help: 'share of the documents’ pairs without a relation that is kept, drawn by the training seed',
    ko: { help: '문서에서 관계가 없는 쌍을 남기는 비율. 학습 시드로 뽑는다' },
  },
  encoder: {
    group: 'model',
    schema: text,
    default: 'bundled',
    value: 'ENCODER',
    range: 'bundled | encoder-ko-klue | korex-small | korex-entities | HUB_ID | FOLDER',
    help: 'the pretrained encoder',
    ko: { help: '사전학습 인코더' },
  },
  encoderLayers: {
    group: 'model',
    schema: auto(integer(1, 128)),
    default: 'auto',
    value: 'N',
    range: '1 … the encoder’s layers, or auto',
    help: 'use only the first N layers of the encoder',
    ko: { help: '인코더의 앞쪽 층 N개만 쓴다', range: '1 … 인코더의 층 수, 또는 auto' },
  },
  out: {
    group: 'running',
    schema: text,
    default: 'temp_result',
    value: 'FOLDER',
    range: 'a folder',
    help: 'where results are written',
    ko: { help: '결과를 쓸 폴더', range: '폴더' },
  },
  seed: {
    group: 'running',
    schema: integer(0),
    default: 42,
    value: 'N',
    range: '0 …',
    help: 'seed of everything random',
    ko: { help: '모든 난수의 시드' },
  },
  trainRows: {
    group: 'rows',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all without it',
    help: 'a seeded sample of the training rows, stratified by label, validation included',
    ko: { help: '라벨 비율을 지켜 뽑은 학습 행의 표본(검증 행 포함)', range: '1 …, 없으면 모두' },
  },
  evalRows: {
    group: 'rows',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all without it',
    help: 'a seeded sample of the test rows, stratified by label',
    ko: { help: '라벨 비율을 지켜 뽑은 평가 행의 표본', range: '1 …, 없으면 모두' },
  },
  device: {
    group: 'running',
    schema: z.enum(DEVICE_NAMES),
    default: 'cpu',
    value: 'DEVICE',
    range: choice(DEVICE_NAMES),
    help: 'what the graphs run on',
    ko: { help: '계산할 장치' },
  },
  threads: {
    group: 'running',
    schema: integer(1, 1024).nullable(),
    default: null,
    value: 'N',
    range: '1 …, all cores without it',
    help: 'threads of the runtime',
    ko: { help: '계산에 쓸 스레드 수', range: '1 …, 없으면 모든 코어' },
  },
  onBadRow: {
    group: 'rows',
    schema: z.enum(['error', 'skip']),
    default: 'error',
    value: 'WHAT',
    range: 'error | skip',
    help: 'stop at invalid rows, or leave them out and list them in rejected_rows.jsonl',
    ko: { help: '잘못된 행에서 멈추거나, 빼고 rejected_rows.jsonl에 적는다' },
  },
  allowUnknownTokens: {
    group: 'rows',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'go on where more than 30 % of the tokens are unknown to the tokenizer, so that the model reads next to nothing',
    ko: { help: '토큰의 30 %가 넘게 토크나이저의 어휘에 없어 모델이 거의 읽지 못해도 계속한다' },
  },
  columns: {
    group: 'rows',
    schema: z
      .string()
      .regex(new RegExp(`^(${COLUMN_NAMES.join('|')})=[^,=]+(,(${COLUMN_NAMES.join('|')})=[^,=]+)*$`))
      .nullable(),
    default: null,
    value: 'COLUMNS',
    range:
      'FIELD=COLUMN,…; fields: guid, sentence, subject, object (each also with _start, _end, _type), label, source',
    help: 'how the file names its columns or keys, e.g. sentence=문장,subject=주체,object=객체',
    ko: {
      help: '파일이 쓰는 열이나 키의 이름. 예: sentence=문장,subject=주체,object=객체',
      range: '항목=열,…; 항목: guid, sentence, subject, object(각각 _start, _end, _type도), label, source',
    },
  },
  lang: {
    group: 'output',
    schema: z.enum(['ko', 'en']),
    default: 'ko',
    value: 'LANG',
    range: 'ko | en',
    help: 'language of help, messages and reports',
    ko: { help: '도움말, 메시지, 보고서의 언어' },
  },
  force: {
    group: 'running',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'redo what is still valid',
    ko: { help: '아직 유효한 결과도 다시 만든다' },
  },
  json: {
    group: 'output',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'one JSON object on stdout, everything else on stderr',
    ko: { help: '표준 출력에 JSON 객체 하나, 나머지는 모두 표준 오류로' },
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
    ko: {
      help: '이 이름으로 한 번 학습한다',
      range: '글자, 숫자, ".", "_", "-"; 없으면 06단계의 두 학습 baseline과 weighted',
    },
  },
  trainingSeed: {
    group: 'training',
    schema: integer(0).nullable(),
    default: null,
    value: 'N',
    range: '0 …; that of --seed without it',
    help: 'seed of the training alone (head, order, dropout, rows that --augment makes), so that samples and validation rows stay the same',
    ko: {
      help: '학습만의 시드(헤드, 순서, 드롭아웃, --augment가 만드는 행). 표본과 검증 행은 그대로다',
      range: '0 …; 없으면 --seed의 값',
    },
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
    ko: {
      help: 'NAME-seed-1, NAME-seed-2, …를 학습하고 평균과 표준편차를 보인다',
      range: '둘 이상의 학습 시드, 예: 1,2,3',
    },
  },
  dryRun: {
    group: 'training',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'show the first batches as the model would see them, and train and write nothing',
    ko: { help: '첫 배치를 모델이 보는 대로 보이고, 학습하거나 쓰지 않는다' },
  },
  resume: {
    group: 'training',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'go on from the newest checkpoint of an interrupted run',
    ko: { help: '중단된 학습을 가장 새로운 체크포인트에서 이어 간다' },
  },
  marker: {
    group: 'model',
    schema: auto(z.enum(MARKER_NAMES)),
    default: 'auto',
    value: 'MARKER',
    range: `auto | ${choice(MARKER_NAMES)}`,
    help: 'how subject and object are marked in the text',
    ko: { help: '본문에서 주어와 목적어를 표시하는 방식' },
  },
  head: {
    group: 'model',
    schema: auto(z.enum(HEAD_NAMES)),
    default: 'auto',
    value: 'HEAD',
    range: `auto | ${choice(HEAD_NAMES)}`,
    help: 'what the classifier looks at: the first token, the states at both opening markers, mean states of both words, or two of these',
    ko: { help: '분류기가 보는 것: 첫 토큰, 두 여는 마커의 상태, 두 단어의 평균 상태, 또는 이 가운데 둘' },
  },
  question: {
    group: 'model',
    schema: switchSchema,
    default: false,
    range: 'on | off',
    help: 'put a question that names both entities before the sentence (비틀즈와 조지 해리슨의 관계는 무엇인가?)',
    ko: { help: '문장 앞에 두 엔티티를 부르는 질문을 둔다(비틀즈와 조지 해리슨의 관계는 무엇인가?)' },
  },
  pairEncoding: {
    group: 'model',
    schema: z.enum(TRAINED_PAIR_ENCODINGS),
    default: 'inline',
    value: 'HOW',
    range: choice(TRAINED_PAIR_ENCODINGS),
    help: 'what to train for: pairs read by themselves with their markers in the text, or also all pairs of a sentence in one pass with their markers behind it',
    ko: {
      help: '학습할 읽기 방식: 마커를 본문에 넣어 쌍을 하나씩 읽기, 또는 마커를 본문 뒤에 두어 한 문장의 쌍을 한 번에 읽기도 함께',
    },
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
    help: 'make more training rows: other entities of the same type, subject and object swapped under the inverse relation, words left out, words swapped; without a relation: rivals of an only object, crossed partners of a list, a pair across two joined sentences, statements denied or not come true',
    ko: {
      help: '학습 행을 더 만든다: 같은 유형의 다른 엔티티, 역관계로 주어와 목적어 바꾸기, 단어 빼기, 단어 바꾸기. 관계가 없는 행: 하나뿐인 목적어의 경쟁자, 목록에서 엇갈린 짝, 이어 붙인 두 문장에 걸친 쌍, 부정했거나 이루어지지 않은 일',
      range: `${choice(AUGMENTATION_NAMES)}, 여럿은 쉼표로; 없으면 끔`,
    },
  },
  augmentShare: {
    group: 'training',
    schema: z.number().gt(0).max(10),
    default: 0.5,
    value: 'SHARE',
    range: '0 < … ≤ 10',
    help: 'rows that --augment makes per training row',
    ko: { help: '--augment가 학습 행 하나에 만드는 행 수' },
  },
  augmentWeight: {
    group: 'training',
    schema: z.number().gt(0).max(10),
    default: 1,
    value: 'WEIGHT',
    range: '0 < … ≤ 10',
    help: 'what a row that --augment made counts in the loss; a row as it was given counts 1',
    ko: { help: '--augment가 만든 행이 손실에서 갖는 무게. 주어진 행은 1이다' },
  },
  textWeight: {
    group: 'training',
    schema: z.number().gt(0).max(10),
    default: 1,
    value: 'WEIGHT',
    range: '0 < … ≤ 10',
    help: 'what a row of --text-data counts in the loss; a row of --data counts 1',
    ko: { help: '--text-data의 행이 손실에서 갖는 무게. --data의 행은 1이다' },
  },
  textOrder: {
    group: 'training',
    schema: z.enum(TEXT_ORDER_NAMES),
    default: 'mixed',
    value: 'ORDER',
    range: choice(TEXT_ORDER_NAMES),
    help: 'where rows of --text-data stand in an epoch: among the others, or after them',
    ko: { help: '한 에폭에서 --text-data의 행을 둘 곳: 다른 행 사이에, 또는 그 뒤에' },
  },
  loss: {
    group: 'training',
    schema: z.enum(LOSS_NAMES),
    default: 'ce',
    value: 'LOSS',
    range: choice(LOSS_NAMES),
    help: 'cross-entropy (ce); weighted by inverse label frequency, its square root, or the effective number of rows; or focal loss',
    ko: { help: '교차 엔트로피(ce); 라벨 빈도의 역수, 그 제곱근, 또는 유효 표본 수로 가중; 또는 focal loss' },
  },
  focalGamma: {
    group: 'training',
    schema: z.number().min(0).max(10),
    default: 2,
    value: 'GAMMA',
    range: '0 … 10',
    help: 'with --loss focal: how much less rows count that are right already',
    ko: { help: '--loss focal에서 이미 맞은 행의 비중을 줄이는 정도' },
  },
  effectiveBeta: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0.999,
    value: 'BETA',
    range: '0 ≤ … < 1',
    help: 'with --loss effective: 0 weighs all labels alike, near 1 by inverse frequency',
    ko: { help: '--loss effective에서 0은 모든 라벨을 같게, 1에 가까우면 빈도의 역수로 가중한다' },
  },
  labelSmoothing: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0,
    value: 'SHARE',
    range: '0 (off) ≤ … < 1',
    help: 'share of each target that is spread over all labels (label smoothing)',
    ko: { help: '목표 확률에서 모든 라벨에 나누는 몫(라벨 스무딩)', range: '0(끔) ≤ … < 1' },
  },
  logitAdjust: {
    group: 'training',
    schema: z.number().min(0).max(10),
    default: 0,
    value: 'TAU',
    range: '0 (off) … 10',
    help: 'train with TAU times the log of the label frequency added to the logits, answer without (logit adjustment)',
    ko: {
      help: '학습할 때 라벨 빈도의 로그에 TAU를 곱해 로짓에 더하고, 답할 때는 뺀다(로짓 보정)',
      range: '0(끔) … 10',
    },
  },
  sampling: {
    group: 'training',
    schema: z.enum(SAMPLING_NAMES),
    default: 'none',
    value: 'NAME',
    range: choice(SAMPLING_NAMES),
    help: 'rows of an epoch: each once; labels repeated up to the largest; cut down to the median; all labels alike; or by the square root of their rows',
    ko: { help: '한 에폭의 행: 한 번씩; 가장 큰 라벨까지 반복; 중앙값까지 줄임; 모든 라벨을 같게; 행 수의 제곱근으로' },
  },
  ema: {
    group: 'training',
    schema: z.number().min(0).lt(1),
    default: 0,
    value: 'DECAY',
    range: '0 (off) ≤ … < 1',
    help: 'validate and keep an exponential moving average of the weights, of this decay a step',
    ko: { help: '스텝마다 이 감쇠율로 낸 가중치의 지수 이동 평균을 검증하고 남긴다', range: '0(끔) ≤ … < 1' },
  },
  maxLength: {
    group: 'model',
    schema: auto(integer(16, 8192)),
    default: 'auto',
    value: 'N',
    range: '16 … the encoder’s positions, or auto (from stage 01)',
    help: 'longest input in tokens; longer sentences get a window around both entities',
    ko: {
      help: '가장 긴 입력(토큰). 더 긴 문장은 두 엔티티 둘레만 읽는다',
      range: '16 … 인코더의 최대 위치, 또는 auto(01단계의 값)',
    },
  },
  epochs: {
    group: 'training',
    schema: auto(integer(1, 1000)),
    default: 'auto',
    value: 'N',
    range: '1 … 1000, or auto',
    help: 'passes over the training rows',
    ko: { help: '학습 행을 반복하는 횟수', range: '1 … 1000, 또는 auto' },
  },
  batchSize: {
    group: 'training',
    schema: auto(integer(1, 4096)),
    default: 'auto',
    value: 'N',
    range: '1 … 4096, or auto',
    help: 'rows in a batch',
    ko: { help: '배치의 행 수', range: '1 … 4096, 또는 auto' },
  },
  lr: {
    group: 'training',
    schema: auto(z.number().gt(0).max(1)),
    default: 'auto',
    value: 'RATE',
    range: '0 < … ≤ 1, or auto',
    help: 'peak learning rate',
    ko: { help: '최대 학습률', range: '0 < … ≤ 1, 또는 auto' },
  },
  schedule: {
    group: 'training',
    schema: z.enum(SCHEDULE_NAMES),
    default: 'linear',
    value: 'NAME',
    range: choice(SCHEDULE_NAMES),
    help: 'how the learning rate falls after warm-up',
    ko: { help: '워밍업 뒤 학습률이 줄어드는 방식' },
  },
  warmup: {
    group: 'training',
    schema: z.number().min(0).max(1),
    default: 0.1,
    value: 'SHARE',
    range: '0 … 1',
    help: 'share of the steps over which the learning rate rises',
    ko: { help: '학습률이 오르는 스텝의 비율' },
  },
  weightDecay: {
    group: 'training',
    schema: z.number().min(0).max(1),
    default: 0.01,
    value: 'RATE',
    range: '0 … 1',
    help: 'decoupled weight decay, not on biases and norms',
    ko: { help: '분리된 가중치 감쇠(편향과 정규화 층 제외)' },
  },
  clip: {
    group: 'training',
    schema: z.number().min(0),
    default: 1,
    value: 'NORM',
    range: '0 (off) …',
    help: 'largest global norm of the gradient',
    ko: { help: '기울기 전체 노름의 상한', range: '0(끔) …' },
  },
  dropout: {
    group: 'training',
    schema: auto(z.number().min(0).lt(1)),
    default: 'auto',
    value: 'P',
    range: '0 ≤ … < 1, or auto (the encoder’s)',
    help: 'dropout probability of hidden states and attention',
    ko: { help: '은닉 상태와 어텐션의 드롭아웃 확률', range: '0 ≤ … < 1, 또는 auto(인코더의 값)' },
  },
  accumulate: {
    group: 'training',
    schema: integer(1, 4096),
    default: 1,
    value: 'N',
    range: '1 … 4096',
    help: 'batches whose gradients are added up before a step (gradient accumulation)',
    ko: { help: '한 스텝에 기울기를 모으는 배치 수(기울기 누적)' },
  },
  freezeLayers: {
    group: 'training',
    schema: integer(0, 128),
    default: 0,
    value: 'N',
    range: '0 (nothing) … the encoder’s layers',
    help: 'leave the embeddings (new marker tokens too) and the first N layers as they are, without dropout: faster, less memory',
    ko: {
      help: '임베딩(새 마커 토큰 포함)과 앞쪽 층 N개를 드롭아웃 없이 그대로 둔다: 더 빠르고 메모리를 덜 쓴다',
      range: '0(없음) … 인코더의 층 수',
    },
  },
  layerDecay: {
    group: 'training',
    schema: z.number().gt(0).max(1),
    default: 1,
    value: 'FACTOR',
    range: '0 < … ≤ 1 (off)',
    help: 'factor on the learning rate from each layer to the one below it (layer-wise decay); the head has the full rate',
    ko: {
      help: '한 층 내려갈 때마다 학습률에 곱하는 값(층별 감쇠). 헤드는 온전한 학습률로 배운다',
      range: '0 < … ≤ 1(끔)',
    },
  },
  loraRank: {
    group: 'training',
    schema: integer(1, 4096).nullable(),
    default: null,
    value: 'R',
    range: '1 … the encoder’s width; off without it',
    help: 'train low-rank adapters (LoRA), the head and new marker tokens alone; merged into the weights when saved',
    ko: {
      help: '저랭크 어댑터(LoRA), 헤드, 새 마커 토큰만 학습한다. 저장할 때 가중치에 합친다',
      range: '1 … 인코더의 너비; 없으면 끔',
    },
  },
  loraAlpha: {
    group: 'training',
    schema: auto(z.number().gt(0)),
    default: 'auto',
    value: 'ALPHA',
    range: '0 < …, or auto (twice the rank)',
    help: 'weight of the adapters: they count ALPHA / R',
    ko: { help: '어댑터의 가중치: ALPHA / R로 적용된다', range: '0 < …, 또는 auto(랭크의 두 배)' },
  },
  loraTargets: {
    group: 'training',
    schema: z.enum(LORA_TARGETS),
    default: 'all-linear',
    value: 'LAYERS',
    range: choice(LORA_TARGETS),
    help: 'which linear layers of the encoder get adapters',
    ko: { help: '어댑터를 두는 인코더의 선형층' },
  },
  taptEpochs: {
    group: 'training',
    schema: integer(0, 1000),
    default: 0,
    value: 'N',
    range: '0 (off) … 1000',
    help: 'before fine-tuning, passes of masked-language-model pretraining over the training sentences (TAPT); the encoder is kept below --out for other runs',
    ko: {
      help: '미세조정 전에 학습 문장으로 마스크 언어 모델 사전학습을 반복하는 횟수(TAPT). 인코더는 다른 학습을 위해 --out 아래에 남는다',
      range: '0(끔) … 1000',
    },
  },
  taptLr: {
    group: 'training',
    schema: auto(z.number().gt(0).max(1)),
    default: 'auto',
    value: 'RATE',
    range: '0 < … ≤ 1, or auto',
    help: 'peak learning rate of that pretraining',
    ko: { help: '그 사전학습의 최대 학습률', range: '0 < … ≤ 1, 또는 auto' },
  },
  teacher: {
    group: 'training',
    schema: text.nullable(),
    default: null,
    value: 'MODELS',
    range: 'run names or model folders, with commas between; none without it',
    help: 'learn also from what these trained models say of the training rows (distillation); several count as their mean',
    ko: {
      help: '학습된 모델이 학습 행에 내놓는 답에서도 배운다(증류). 여럿이면 그 평균을 쓴다',
      range: '학습 이름이나 모델 폴더, 여럿은 쉼표로; 없으면 쓰지 않음',
    },
  },
  distillWeight: {
    group: 'training',
    schema: z.number().gt(0).max(1),
    default: 0.5,
    value: 'SHARE',
    range: '0 < … ≤ 1',
    help: 'share of the teachers in each target; the rest is the row’s label',
    ko: { help: '목표에서 교사 모델의 몫. 나머지는 행의 라벨이다' },
  },
  distillTemperature: {
    group: 'training',
    schema: z.number().gt(0).max(100),
    default: 2,
    value: 'T',
    range: '0 < … ≤ 100',
    help: 'softens the teachers’ probabilities to p^(1/T), normalised; 1 leaves them as they are',
    ko: { help: '교사의 확률을 p^(1/T)로 부드럽게 하고 정규화한다. 1은 그대로 둔다' },
  },
  validation: {
    group: 'rows',
    schema: z.number().gt(0).max(0.5),
    default: 0.1,
    value: 'SHARE',
    range: '0 < … ≤ 0.5',
    help: 'share of the training rows kept for validation',
    ko: { help: '학습 행에서 검증에 남기는 비율' },
  },
  evalEvery: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'STEPS',
    range: '1 …, each epoch without it',
    help: 'steps between validations; the last step is validated too',
    ko: { help: '검증 간격(스텝). 마지막 스텝도 검증한다', range: '1 …, 없으면 에폭마다' },
  },
  bestMetric: {
    group: 'training',
    schema: z.enum(BEST_METRICS),
    default: 'macro_f1',
    value: 'METRIC',
    range: choice(BEST_METRICS),
    help: 'what best/ is chosen by on the validation rows; the lower loss decides between equals',
    ko: { help: '검증 행에서 best/를 고르는 지표. 같으면 손실이 낮은 쪽' },
  },
  patience: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …, off without it',
    help: 'stop early after N validations in a row that were not better (early stopping)',
    ko: { help: '나아지지 않은 검증이 N번 이어지면 일찍 멈춘다(조기 종료)', range: '1 …, 없으면 끔' },
  },
  checkpointEvery: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'STEPS',
    range: '1 …',
    help: 'steps between checkpoints, beside one at each validation',
    ko: { help: '체크포인트 간격(스텝). 검증할 때의 체크포인트는 따로 남긴다' },
  },
  keepCheckpoints: {
    group: 'training',
    schema: integer(1).nullable(),
    default: null,
    value: 'N',
    range: '1 …',
    help: 'newest checkpoints to keep beside best/, also when the run is done; without it two while it trains and none after',
    ko: { help: 'best/ 밖에 남길 새 체크포인트 수. 학습이 끝나도 남는다. 없으면 학습 중에만 둘을 남긴다' },
  },
  keepBest: {
    group: 'training',
    schema: integer(0),
    default: 0,
    value: 'N',
    range: '0 …',
    help: 'checkpoints with the best validations to keep too, also when the run is done',
    ko: { help: '검증 결과가 가장 좋은 체크포인트 가운데 학습이 끝나도 남길 수' },
  },
  evalBatchSize: {
    group: 'running',
    schema: integer(1, 4096),
    default: 32,
    value: 'N',
    range: '1 … 4096',
    help: 'rows in a batch at evaluation',
    ko: { help: '평가할 때 배치의 행 수' },
  },
  precision: {
    group: 'running',
    schema: z.enum(PRECISION_NAMES),
    default: 'fp32',
    value: 'PRECISION',
    range: choice(PRECISION_NAMES),
    help: 'of the weights while answering: 32-bit floats, or 8-bit integers (about twice as fast, nearly the same answers)',
    ko: { help: '답할 때의 가중치: 32비트 실수, 또는 8비트 정수(약 두 배 빠르고 답은 거의 같다)' },
  },
  selectionWeights: {
    group: 'model',
    schema: z.string().regex(new RegExp(`^${WEIGHT}(,${WEIGHT})*$`)),
    default: CRITERION_NAMES.map((name) => `${name}=1`).join(','),
    value: 'WEIGHTS',
    range: `${CRITERION_NAMES.map((name) => `${name}=N`).join(',')} with N from 0; those left out count 1`,
    help: 'weights of the criteria of model selection (stage 04)',
    ko: {
      help: '모델 선정(04단계) 기준의 가중치',
      range: `${CRITERION_NAMES.map((name) => `${name}=N`).join(',')}, N은 0부터; 빠진 것은 1`,
    },
  },
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof SETTINGS;
/** Settings after validation: every name present, of its type. */
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** What a setting means and takes, in a language. */
export function settingWords(name: SettingName, lang: Language): { readonly help: string; readonly range: string } {
  const row: SettingRow = SETTINGS[name];
  return lang === 'ko' ? { range: row.range, ...row.ko } : { help: row.help, range: row.range };
}

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
        { en: `${origin}: there is no setting "${name}".`, ko: `${origin}: 없는 설정 "${name}".` },
        near
          ? {
              en: `Did you mean "${near}"? \`korex config\` lists all.`,
              ko: `혹시 "${near}"? \`korex config\`가 모두 보인다.`,
            }
          : { en: '`korex config` lists all settings.', ko: '`korex config`가 모든 설정을 보인다.' },
      );
    }
    const row = SETTINGS[name as SettingName];
    const parsed = row.schema.safeParse(value);
    if (!parsed.success) {
      const [en, ko] = (['en', 'ko'] as const).map((lang) => settingWords(name as SettingName, lang));
      const found = `${origin}: ${name} (${flagOf(name)})`;
      throw usageError(
        {
          en: `${found} is ${JSON.stringify(value)}; expected ${en!.range}.`,
          ko: `${found}: ${JSON.stringify(value)}. 쓸 수 있는 값: ${ko!.range}.`,
        },
        { en: `${name}: ${en!.help}.`, ko: `${name}: ${ko!.help}.` },
      );
    }
    result[name] = parsed.data;
  }
  return result as Settings;
}
