import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeFailure, writeJson } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { type TokenizerFiles, writeTokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import { type EncoderConfig, maxPositions, readEncoderConfig } from './encoderConfig.ts';
import type { ModelSpec } from './model.ts';
import { parameterSpecs, type Weights } from './parameters.ts';
import { loadWeights } from './weights/loadWeights.ts';
import { encodeSafetensors, type NamedFloats } from './weights/safetensors.ts';

// What the folders of all models have in common, whatever their task: configuration, tokenizer, weights.

/** The part of an encoder that a new model takes, before its weights. */
export interface EncoderPart {
  readonly folder: string;
  /** As its file has it. */
  readonly base: EncoderConfig;
  /** With the layers in use. */
  readonly config: EncoderConfig;
  readonly tokenizer: Tokenizer;
}

/**
 * The part of a pretrained encoder that a new model takes; no weight is read.
 *
 * @param layers how many of the encoder's layers to use; all when null
 * @param longer what becomes of longer sentences, for the message
 * Errors: `usage` for folders that are no encoder, more layers than there are, or a length beyond the encoder's positions.
 */
export async function encoderPart(
  folder: string,
  {
    layers,
    maxLength,
    longer,
  }: { readonly layers: number | null; readonly maxLength: number; readonly longer: Localized },
): Promise<EncoderPart> {
  const base = await readEncoderConfig(join(folder, 'config.json'));
  if (layers !== null && layers > base.num_hidden_layers)
    throw usageError({
      en: `The encoder has ${base.num_hidden_layers} layers; --encoder-layers is ${layers}.`,
      ko: `인코더는 ${base.num_hidden_layers}층인데 --encoder-layers가 ${layers}이다.`,
    });
  const positions = maxPositions(base);
  if (maxLength > positions)
    throw usageError(
      {
        en: `--max-length ${maxLength} is more than the encoder's ${positions} positions.`,
        ko: `--max-length ${maxLength}: 인코더의 위치는 ${positions}개이다.`,
      },
      { en: `Use at most ${positions}: ${longer.en}`, ko: `${positions} 이하로 한다. ${longer.ko}` },
    );
  const config = { ...base, num_hidden_layers: layers ?? base.num_hidden_layers };
  return { folder, base, config, tokenizer: await loadTokenizer(folder) };
}

/** The configuration with rows for all words of a tokenizer, its own and those that a marker adds. */
export const withVocabulary = (config: EncoderConfig, { size }: Pick<Tokenizer, 'size'>): EncoderConfig => ({
  ...config,
  vocab_size: Math.max(config.vocab_size, size),
});

/** An encoder's weights under a new head: the head's, and the rows of added tokens, are drawn with the seed. */
export const startingWeights = ({ folder, base }: EncoderPart, { config, head, labels }: ModelSpec, seed: number) =>
  loadWeights(folder, config, parameterSpecs(config, head, labels), seed, base);

/**
 * The configuration of a saved model.
 *
 * @param command that trains one, for the message
 * Errors: `usage` where the folder has none.
 */
export async function savedConfig(folder: string, command: string): Promise<EncoderConfig> {
  const path = join(folder, 'config.json');
  if (!existsSync(path))
    throw usageError(
      { en: `${folder} holds no model: ${path} is missing.`, ko: `${folder}: 모델이 없다. 없는 파일: ${path}.` },
      {
        en: `Name a checkpoint or run folder, or train one with \`${command}\`.`,
        ko: `체크포인트나 학습의 폴더를 주거나, \`${command}\`로 학습한다.`,
      },
    );
  return readEncoderConfig(path);
}

/** The weights of a saved model; none may be missing. */
export const savedWeights = (folder: string, { config, head, labels }: ModelSpec) =>
  loadWeights(
    folder,
    config,
    parameterSpecs(config, head, labels).map((parameter) => ({ ...parameter, head: false })),
    0,
  );

/** What is written of a model beside what its encoder's configuration says already. */
export interface SavedModel {
  readonly spec: ModelSpec;
  /** Its class in transformers. */
  readonly architecture: string;
  /** Names of the answers, in the order of their ids. */
  readonly names: readonly string[];
  readonly keys: Readonly<Record<string, unknown>>;
  readonly tokenizer: TokenizerFiles;
  readonly weights: Weights;
}

/**
 * Writes a model as a Hugging Face folder: `config.json`, `model.safetensors` and the tokenizer's files.
 *
 * @param options `weights: false` leaves `model.safetensors` out
 */
export async function writeModelFolder(
  folder: string,
  { spec, architecture, names, keys, tokenizer, weights }: SavedModel,
  { weights: withWeights = true } = {},
): Promise<void> {
  await writeJson(join(folder, 'config.json'), {
    ...spec.config,
    // As the weights are stored: without it, transformers would load a model that was once in half precision as such again.
    dtype: 'float32',
    torch_dtype: undefined,
    architectures: [architecture],
    id2label: Object.fromEntries(names.entries()),
    label2id: Object.fromEntries(names.map((name, id) => [name, id])),
    ...keys,
  });
  await writeTokenizerFiles(folder, tokenizer);
  if (!withWeights) return;
  const parameters = parameterSpecs(spec.config, spec.head, spec.labels);
  await writeTensors(
    join(folder, 'model.safetensors'),
    parameters.map(({ name, shape }) => ({ name, shape, data: weights.get(name)! })),
  );
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
