import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type KorexError, usageError } from '../../../base/core/errors.ts';
import { sha256, sha256File } from '../../../base/core/files.ts';
import { openPacked } from './packed.ts';
import { openQuantized } from './quantized.ts';
import { openSafetensors } from './safetensors.ts';
import { openShards } from './shards.ts';
import { MERGE } from './storedNames.ts';
import type { TensorFile } from './tensorFile.ts';
import { openTorchFile } from './torchFile.ts';

/** The graph of an export with 32-bit weights. */
export const FULL_GRAPH = 'onnx/model.onnx';
/** Its graph with 8-bit weights, the only weights of a small export. */
export const QUANTIZED_GRAPH = 'onnx/model_quantized.onnx';

/** The files that a model's weights may be in, in order of preference. */
const WEIGHT_FILES: Readonly<Record<string, (path: string) => Promise<TensorFile>>> = {
  'model.safetensors': openSafetensors,
  'model.safetensors.index.json': (path) => openShards(path, openSafetensors),
  'model.q4.safetensors': openPacked,
  'pytorch_model.bin': openTorchFile,
  'pytorch_model.bin.index.json': (path) => openShards(path, openTorchFile),
  [QUANTIZED_GRAPH]: openQuantized,
};

/** Weights of other frameworks, which the error names. */
const OTHER_FILES = ['tf_model.h5', 'flax_model.msgpack', 'model.ckpt.index', 'rust_model.ot'];

/**
 * Opens the weights of a model folder.
 *
 * Errors: `usage` where the folder has none, or they are not what their names say, before any values are read.
 */
export async function openWeights(folder: string): Promise<TensorFile> {
  for (const [name, open] of Object.entries(WEIGHT_FILES)) {
    const path = join(folder, name);
    if (existsSync(path)) return open(path);
  }
  const names = await readdir(folder);
  const [checkpoint, ...more] = names.filter(isCheckpoint);
  if (checkpoint !== undefined && more.length === 0) return openTorchFile(join(folder, checkpoint));
  throw noWeights(folder, names);
}

/** Checkpoints under names of their own, as training loops write them: PyTorch Lightning's, or a state dict of one's own. */
const isCheckpoint = (name: string): boolean => /\.(ckpt|pt|pth)$/.test(name);

function noWeights(folder: string, names: readonly string[]): KorexError {
  if (names.includes('adapter_config.json')) return adapterError(folder);
  const checkpoints = names.filter(isCheckpoint);
  const others = names.filter((name) => OTHER_FILES.includes(name));
  const what =
    checkpoints.length > 0
      ? { en: `several checkpoints: ${checkpoints.join(', ')}`, ko: `체크포인트가 여럿이다: ${checkpoints.join(', ')}` }
      : others.length > 0
        ? {
            en: `weights only for other frameworks: ${others.join(', ')}`,
            ko: `다른 프레임워크의 가중치만 있다: ${others.join(', ')}`,
          }
        : { en: 'no weights', ko: '가중치가 없다' };
  return usageError(
    { en: `${folder} holds ${what.en}.`, ko: `${folder}: ${what.ko}.` },
    checkpoints.length > 0
      ? { en: 'Leave the one that is meant.', ko: '쓸 것 하나만 남긴다.' }
      : {
          en: `Put one of these there: ${Object.keys(WEIGHT_FILES).join(', ')}.`,
          ko: `이 가운데 하나를 둔다: ${Object.keys(WEIGHT_FILES).join(', ')}.`,
        },
  );
}

const adapterError = (folder: string): KorexError =>
  usageError(
    {
      en: `${folder} holds a LoRA adapter (PEFT), which is no model without its base.`,
      ko: `${folder}: LoRA 어댑터(PEFT)이다. 바탕 모델이 없으면 모델이 아니다.`,
    },
    MERGE,
  );

/**
 * The error for a place without a `config.json` that holds a part of a model; null where it holds none.
 *
 * @param path a folder or a file that somebody took for a model
 */
export async function partOfModel(path: string): Promise<KorexError | null> {
  const names = await readdir(path).catch(() => null);
  if (names === null)
    return existsSync(path) && /\.(ckpt|pt|pth|bin|safetensors|onnx|gguf|h5)$/.test(path)
      ? usageError({ en: `${path} is a file of weights alone.`, ko: `${path}: 가중치만 든 파일이다.` }, COMPLETE)
      : null;
  if (names.includes('config.json')) return null;
  if (names.includes('adapter_config.json')) return adapterError(path);
  const weights = names.filter((name) => isCheckpoint(name) || Object.hasOwn(WEIGHT_FILES, name));
  return weights.length === 0
    ? null
    : usageError(
        {
          en: `${path} holds weights (${weights.join(', ')}) without the config.json of their model.`,
          ko: `${path}: 가중치(${weights.join(', ')})만 있고 모델의 config.json이 없다.`,
        },
        COMPLETE,
      );
}

const COMPLETE = {
  en: 'Name a folder with the weights, config.json, and tokenizer.json or vocab.txt: those of the encoder that was trained; for a classifier, with its labels as id2label in config.json.',
  ko: '가중치, config.json, 그리고 tokenizer.json이나 vocab.txt가 든 폴더를 준다. 학습한 인코더의 것이어야 하고, 분류기라면 config.json의 id2label에 라벨이 있어야 한다.',
};

/** The files that a model is read from: configuration, tokenizer and weights. */
const MODEL_FILES =
  /^(config\.json|tokenizer.*\.json|vocab\.txt|(model|pytorch_model)[\w.-]*\.(safetensors|bin|json))$/;

/** SHA-256 over names and bytes of the files of an encoder or model, whatever folder they are in. */
export async function modelFilesDigest(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => MODEL_FILES.test(name) || isCheckpoint(name)).sort();
  if (existsSync(join(folder, QUANTIZED_GRAPH))) names.push(QUANTIZED_GRAPH);
  const digests: (readonly [string, string])[] = [];
  for (const name of names) digests.push([name, await sha256File(join(folder, name))]);
  return sha256(JSON.stringify(digests));
}
