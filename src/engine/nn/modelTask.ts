import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import {
  HEAD_NAMES,
  type HeadName,
  MARKER_NAMES,
  type MarkerName,
  TASK_NAMES,
  type TaskName,
  TRAINED_PAIR_ENCODINGS,
  type TrainedPairEncoding,
} from '../../base/core/settings.ts';
import type { LabelSet, Localized } from '../../base/core/types.ts';
import { readValidated } from '../../base/core/validate.ts';
import { namedLabelSet } from '../../base/data/labelSet.ts';
import { KLUE_ENTITY_TYPES } from '../../base/data/relations.ts';
import { MARKERS, markerTokens } from '../../base/text/markers.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { type EncoderConfig, maxPositions } from './encoderConfig.ts';

/** How a model reads a sentence and what it can answer. */
export interface TaskSpec {
  readonly marker: MarkerName;
  readonly head: HeadName;
  /** Whether the input is a pair of a question that names both entities (`questionOf`) and the sentence; default: no question. */
  readonly question?: boolean;
  /** How it was trained to read the pairs of a sentence; default: inline. */
  readonly pairEncoding?: TrainedPairEncoding;
  /** Longest input in tokens, special tokens included. */
  readonly maxLength: number;
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
}

const modelConfigSchema = z.object({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string().min(1)).nullish(),
  num_labels: z.number().int().min(1).max(10_000).nullish(),
  problem_type: z.string().nullish(),
  korex: z
    .object({
      marker: z.enum(MARKER_NAMES),
      head: z.enum(HEAD_NAMES),
      question: z.boolean().default(false),
      pair_encoding: z.enum(TRAINED_PAIR_ENCODINGS).default('inline'),
      max_length: z.number().int().positive(),
      entity_types: z.array(z.string()),
      no_relation: z.string().nullable(),
    })
    .optional(),
});
type ModelConfig = z.output<typeof modelConfigSchema>;

const taskSchema = z.object({ korex: z.object({ task: z.enum(TASK_NAMES) }) });

/** What the model of a folder was trained for: relations, unless its configuration says otherwise. */
export async function taskNameOf(folder: string): Promise<TaskName> {
  const parsed = taskSchema.safeParse(await readJson(join(folder, 'config.json')));
  return parsed.data?.korex.task ?? 'relation';
}

const SAVED_CONFIG = {
  en: 'Take the config.json that was saved with the model.',
  ko: '모델과 함께 저장된 config.json을 쓴다.',
};

/** The task of a model folder, and remarks for the user on how it was understood. */
export interface ReadTask {
  readonly task: TaskSpec;
  readonly notes: readonly Localized[];
}

/**
 * The task of a model folder: as korex wrote it to `config.json`, or, for a classifier fine-tuned elsewhere with
 * `AutoModelForSequenceClassification`, its labels from `id2label` and its marker from the tokenizer's tokens.
 *
 * @param marker the user's `--marker`; null without one
 * Errors: `usage`, naming the file and the key, for a folder without a classifier, labels that are not numbered from 0 on,
 * a marker that the tokenizer or the model does not know, or inputs longer than the encoder's positions.
 */
export async function readTask(
  folder: string,
  config: EncoderConfig,
  tokenizer: Tokenizer,
  marker: MarkerName | null,
): Promise<ReadTask> {
  const path = join(folder, 'config.json');
  const read = await readValidated(path, modelConfigSchema, {
    says: { en: 'is not the configuration of a relation extraction model', ko: '관계 추출 모델의 설정이 아니다' },
    hint: SAVED_CONFIG,
  });
  const { korex } = read;
  const labels = labelsOf(path, read);
  if (!korex) return classifierTask(folder, config, tokenizer, labels, marker);
  if (marker !== null && marker !== korex.marker)
    throw usageError(
      {
        en: `${path}: the model was trained with the marker ${korex.marker}; --marker ${marker} does not fit it.`,
        ko: `${path}: 모델은 마커 ${korex.marker}(으)로 학습되었다. --marker ${marker}과(와) 맞지 않는다.`,
      },
      { en: 'Leave --marker out.', ko: '--marker를 뺀다.' },
    );
  if (korex.no_relation !== null && !labels.includes(korex.no_relation))
    throw usageError(
      {
        en: `${path}: korex.no_relation is "${korex.no_relation}", which is not among the labels.`,
        ko: `${path}: korex.no_relation이 "${korex.no_relation}"인데, 라벨에 없다.`,
      },
      SAVED_CONFIG,
    );
  const positions = maxPositions(config);
  if (korex.max_length > positions)
    throw usageError(
      {
        en: `${path}: korex.max_length ${korex.max_length} is more than the encoder's ${positions} positions.`,
        ko: `${path}: korex.max_length ${korex.max_length}이(가) 인코더의 위치 수 ${positions}보다 크다.`,
      },
      SAVED_CONFIG,
    );
  const task = {
    marker: korex.marker,
    head: korex.head,
    question: korex.question,
    pairEncoding: korex.pair_encoding,
    maxLength: korex.max_length,
    labelSet: { labels, noRelation: korex.no_relation },
    entityTypes: korex.entity_types,
  };
  return { task, notes: [] };
}

/** The labels in id order. Errors: `usage` where the model is no classifier into one of two or more labels. */
function labelsOf(path: string, config: ModelConfig): string[] {
  const { architectures, id2label, num_labels, korex, problem_type } = config;
  const isClassifier =
    architectures?.some((name) => name.endsWith('ForSequenceClassification')) ??
    (id2label ?? num_labels ?? null) !== null;
  if (!korex && !isClassifier)
    throw usageError(
      {
        en: `${path} is not the configuration of a relation extraction model: its architecture is ${architectures?.join(', ') ?? 'not named'}, and it names no labels.`,
        ko: `${path}: 관계 추출 모델의 설정이 아니다. 구조는 ${architectures?.join(', ') ?? '적혀 있지 않고'}, 라벨 이름이 없다.`,
      },
      {
        en: 'An encoder alone cannot classify: train one with `korex train --encoder FOLDER`.',
        ko: '인코더만으로는 분류할 수 없다. `korex train --encoder FOLDER`로 학습한다.',
      },
    );
  if (problem_type === 'regression' || problem_type === 'multi_label_classification')
    throw usageError(
      {
        en: `${path}: problem_type is ${problem_type}; expected single_label_classification.`,
        ko: `${path}: problem_type이 ${problem_type}이다. single_label_classification이어야 한다.`,
      },
      { en: 'korex gives each row exactly one of the labels.', ko: 'korex는 행마다 라벨을 꼭 하나 준다.' },
    );
  // transformers writes neither where there are two labels without names.
  const labels = id2label ? namesOf(path, id2label) : Array.from({ length: num_labels ?? 2 }, (_, id) => `LABEL_${id}`);
  if (num_labels && num_labels !== labels.length)
    throw usageError(
      {
        en: `${path}: id2label has ${labels.length} labels, num_labels is ${num_labels}.`,
        ko: `${path}: id2label의 라벨은 ${labels.length}개인데 num_labels는 ${num_labels}이다.`,
      },
      { en: 'Remove num_labels.', ko: 'num_labels를 지운다.' },
    );
  if (labels.length < 2)
    throw usageError(
      {
        en: `${path}: the model has one label; expected two or more.`,
        ko: `${path}: 모델의 라벨이 하나뿐이다. 둘 이상이어야 한다.`,
      },
      { en: 'Classify into two or more relations.', ko: '둘 이상의 관계로 분류한다.' },
    );
  return labels;
}

/** Names by id, which must count from 0 on and differ. */
function namesOf(path: string, id2label: Readonly<Record<string, string>>): string[] {
  const count = Object.keys(id2label).length;
  const ids = new Map<string, number>();
  for (let id = 0; id < count; id++) {
    const label = id2label[id];
    if (label === undefined)
      throw usageError(
        {
          en: `${path}: id2label has ${count} labels but none with the id ${id}.`,
          ko: `${path}: id2label의 라벨은 ${count}개인데 번호 ${id}이(가) 없다.`,
        },
        { en: 'Number the labels from 0 on.', ko: '라벨의 번호를 0부터 매긴다.' },
      );
    if (ids.has(label))
      throw usageError(
        {
          en: `${path}: id2label has the label "${label}" twice, as ${ids.get(label)} and ${id}.`,
          ko: `${path}: id2label에 라벨 "${label}"이(가) 두 번 있다: ${ids.get(label)}, ${id}.`,
        },
        { en: 'Give every id a name of its own.', ko: '번호마다 이름을 다르게 한다.' },
      );
    ids.set(label, id);
  }
  return [...ids.keys()];
}

/** The task of a classifier that korex did not make: its files leave the marker open, which comes from the tokenizer or the user. */
async function classifierTask(
  folder: string,
  config: EncoderConfig,
  tokenizer: Tokenizer,
  labels: readonly string[],
  given: MarkerName | null,
): Promise<ReadTask> {
  const has = (marker: MarkerName, types: readonly string[]) =>
    markerTokens(marker, types).every((token) => tokenizer.id(token) !== undefined);
  const typesWithTokens = KLUE_ENTITY_TYPES.filter((type) => has('typed-entity', [type]));
  const found = typesWithTokens.length > 0 ? 'typed-entity' : has('entity', []) ? 'entity' : null;
  const marker = given ?? found ?? 'entity-punct';
  const { special, typed } = MARKERS[marker];
  // A marker without types takes any.
  const assumed = typed ? KLUE_ENTITY_TYPES : [];
  const entityTypes = marker === 'typed-entity' ? typesWithTokens : assumed;
  if (special && ((typed && entityTypes.length === 0) || !has(marker, entityTypes)))
    throw usageError(
      {
        en: `The tokenizer in ${folder} has no tokens for the marker ${marker} (${markerTokens(marker, KLUE_ENTITY_TYPES).slice(0, 4).join(' ')} …).`,
        ko: `${folder}의 토크나이저에 마커 ${marker}의 토큰이 없다(${markerTokens(marker, KLUE_ENTITY_TYPES).slice(0, 4).join(' ')} …).`,
      },
      {
        en: 'Name the marker that the model was trained with: --marker entity-punct or typed-punct need no tokens of their own.',
        ko: '모델을 학습한 마커를 준다. --marker entity-punct와 typed-punct에는 따로 토큰이 필요 없다.',
      },
    );
  const guessed: Localized = {
    en: `${folder} does not say how it marks entities: taking ${marker}; name another with --marker.`,
    ko: `${folder}: 엔티티를 어떻게 표시하는지 적혀 있지 않아 ${marker}로 읽는다. 다르면 --marker로 고른다.`,
  };
  const task: TaskSpec = {
    marker,
    head: 'cls',
    maxLength: Math.min(maxPositions(config), await modelMaxLength(folder)),
    labelSet: namedLabelSet(labels),
    entityTypes,
  };
  return { task, notes: given === null && found === null ? [guessed] : [] };
}

const tokenizerConfigSchema = z.object({ model_max_length: z.number().min(1).nullish() });

/** The longest input that the tokenizer's files allow; often none that matters, written as a number beyond all use. */
async function modelMaxLength(folder: string): Promise<number> {
  const path = join(folder, 'tokenizer_config.json');
  if (!existsSync(path)) return Number.POSITIVE_INFINITY;
  const { model_max_length } = await readValidated(path, tokenizerConfigSchema, {
    says: { en: 'names no longest input in tokens', ko: '가장 긴 입력의 토큰 수가 없다' },
    hint: { en: 'Write the longest input in tokens.', ko: '가장 긴 입력을 토큰 수로 적는다.' },
  });
  return Math.floor(model_max_length ?? Number.POSITIVE_INFINITY);
}
