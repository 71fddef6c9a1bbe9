import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeFailure, writeJson } from '../../base/core/files.ts';
import type { MarkerName } from '../../base/core/settings.ts';
import { VERSION } from '../../base/core/version.ts';
import { createInputEncoder, type InputEncoder } from '../../base/text/inputEncoder.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import { type TokenizerFiles, writeTokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import { type EncoderConfig, maxPositions, readEncoderConfig } from './encoderConfig.ts';
import type { RelationSpec } from './model.ts';
import { readTask, type TaskSpec } from './modelTask.ts';
import { sharesPass } from './packedBatch.ts';
import { parameterSpecs, type Weights } from './parameters.ts';
import { loadWeights } from './weights/loadWeights.ts';
import { encodeSafetensors, type NamedFloats } from './weights/safetensors.ts';

export type { TaskSpec };

/** An encoder with a classification head, its tokenizer and its task: what a model folder holds. */
export interface RelationModel {
  readonly task: TaskSpec;
  readonly spec: RelationSpec;
  readonly inputs: InputEncoder;
  /** By parameter name; training changes the arrays in place. */
  readonly weights: Weights;
  /** Remarks for the user on how its files were read, each a line. */
  readonly notes?: readonly string[];
}

/** A model that can read many pairs in one pass has the graph that takes packed rows, single ones too. */
const specOf = (config: EncoderConfig, task: TaskSpec): RelationSpec => ({
  ...{ config, head: task.head, labels: task.labelSet.labels.length },
  packed: sharesPass(task),
});

/**
 * A pretrained encoder with a new head: head weights and the rows of added marker tokens are drawn with the seed.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function createRelationModel(
  folder: string,
  task: TaskSpec,
  { layers, seed }: { readonly layers: number | null; readonly seed: number },
): Promise<RelationModel> {
  const base = await readEncoderConfig(join(folder, 'config.json'));
  if (layers !== null && layers > base.num_hidden_layers)
    throw usageError({
      en: `The encoder has ${base.num_hidden_layers} layers; --encoder-layers is ${layers}.`,
      ko: `인코더는 ${base.num_hidden_layers}층인데 --encoder-layers가 ${layers}이다.`,
    });
  const positions = maxPositions(base);
  if (task.maxLength > positions)
    throw usageError(
      {
        en: `--max-length ${task.maxLength} is more than the encoder's ${positions} positions.`,
        ko: `--max-length ${task.maxLength}: 인코더의 위치는 ${positions}개이다.`,
      },
      {
        en: `Use at most ${positions}: longer sentences get a window around both entities.`,
        ko: `${positions} 이하로 한다. 더 긴 문장은 두 엔티티 둘레만 읽는다.`,
      },
    );
  const inputs = createInputEncoder({ tokenizer: await loadTokenizer(folder), ...task });
  const config: EncoderConfig = {
    ...base,
    num_hidden_layers: layers ?? base.num_hidden_layers,
    vocab_size: Math.max(base.vocab_size, inputs.tokenizer.size),
  };
  const spec = specOf(config, task);
  const parameters = parameterSpecs(config, spec.head, spec.labels);
  const { weights, notes } = await loadWeights(folder, config, parameters, seed, base);
  return { task, spec, inputs, weights, notes };
}

/** korex gives both texts of a pair token type 0, tokenizers often give the second 1: so transformers must not ask for types. */
const tokenizerFilesOf = ({ question }: TaskSpec, files: TokenizerFiles): TokenizerFiles =>
  question ? { ...files, config: { ...files.config, model_input_names: ['input_ids', 'attention_mask'] } } : files;

/** The name in transformers of a model with the head `cls`, by `model_type`. */
const ARCHITECTURES: Record<EncoderConfig['model_type'], string> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
  'xlm-roberta': 'XLMRobertaForSequenceClassification',
  electra: 'ElectraForSequenceClassification',
};

/**
 * Writes a model as a Hugging Face folder: `config.json`, `model.safetensors` and the tokenizer's files. With the head
 * `cls`, transformers opens it as `AutoModelForSequenceClassification`.
 *
 * @param options `weights: false` leaves `model.safetensors` out
 */
export async function saveRelationModel(
  folder: string,
  { task, spec, inputs, weights }: RelationModel,
  { weights: withWeights = true } = {},
): Promise<void> {
  const { labels, noRelation } = task.labelSet;
  await writeJson(join(folder, 'config.json'), {
    ...spec.config,
    // As the weights are stored: without it, transformers would load a model that was once in half precision as such again.
    dtype: 'float32',
    torch_dtype: undefined,
    architectures: [spec.head === 'cls' ? ARCHITECTURES[spec.config.model_type] : 'KorexRelationModel'],
    id2label: Object.fromEntries(labels.entries()),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: 'single_label_classification',
    korex: {
      version: VERSION,
      marker: task.marker,
      head: task.head,
      question: task.question ?? false,
      pair_encoding: task.pairEncoding ?? 'inline',
      max_length: task.maxLength,
      entity_types: task.entityTypes,
      no_relation: noRelation,
    },
  });
  await writeTokenizerFiles(folder, tokenizerFilesOf(task, inputs.tokenizer.files));
  if (!withWeights) return;
  await writeTensors(
    join(folder, 'model.safetensors'),
    parameterSpecs(spec.config, spec.head, spec.labels).map(({ name, shape }) => ({
      name,
      shape,
      data: weights.get(name)!,
    })),
  );
}

/**
 * Opens a model folder: one that `saveRelationModel` wrote, or a classifier fine-tuned with transformers'
 * `AutoModelForSequenceClassification`.
 *
 * @param marker how a classifier made elsewhere marks entities, where its tokenizer does not show it
 * Errors: `usage`, naming the file and the key or tensor, for any other folder.
 */
export async function loadRelationModel(folder: string, marker: MarkerName | null = null): Promise<RelationModel> {
  const path = join(folder, 'config.json');
  if (!existsSync(path))
    throw usageError(
      { en: `${folder} holds no model: ${path} is missing.`, ko: `${folder}: 모델이 없다. 없는 파일: ${path}.` },
      {
        en: 'Name a checkpoint or run folder, or train one with `korex train`.',
        ko: '체크포인트나 학습의 폴더를 주거나, `korex train`으로 학습한다.',
      },
    );
  const config = await readEncoderConfig(path);
  const tokenizer = await loadTokenizer(folder);
  const { task, notes } = await readTask(folder, config, tokenizer, marker);
  const inputs = createInputEncoder({ tokenizer, ...task });
  if (inputs.tokenizer.size > config.vocab_size)
    throw usageError(
      {
        en: `The tokenizer in ${folder} has ids up to ${inputs.tokenizer.size - 1}, the model only ${config.vocab_size} words.`,
        ko: `${folder}의 토크나이저는 번호가 ${inputs.tokenizer.size - 1}까지인데, 모델의 단어는 ${config.vocab_size}개뿐이다.`,
      },
      { en: 'Take the tokenizer that was saved with the model.', ko: '모델과 함께 저장된 토크나이저를 쓴다.' },
    );
  const spec = specOf(config, task);
  const parameters = parameterSpecs(config, spec.head, spec.labels).map((parameter) => ({ ...parameter, head: false }));
  const loaded = await loadWeights(folder, config, parameters, 0);
  return { task, spec, inputs, weights: loaded.weights, notes: [...notes, ...loaded.notes] };
}

/** Writes tensors as a safetensors file. Errors: `failed` where the system refuses (a full disk, say). */
export async function writeTensors(path: string, tensors: readonly NamedFloats[]): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      for (const chunk of encodeSafetensors(tensors)) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeFailure(path, error);
  }
}
