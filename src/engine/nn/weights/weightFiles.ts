import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { sha256, sha256File } from '../../../base/core/files.ts';
import { openPacked } from './packed.ts';
import { openQuantized } from './quantized.ts';
import { openSafetensors } from './safetensors.ts';
import { openShards } from './shards.ts';
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
  const others = OTHER_FILES.filter((name) => existsSync(join(folder, name)));
  throw usageError(
    others.length > 0
      ? `${folder} holds weights only for other frameworks: ${others.join(', ')}.`
      : `${folder} holds no weights.`,
    `Put one of these there: ${Object.keys(WEIGHT_FILES).join(', ')}.`,
  );
}

/** The files that a model is read from: configuration, tokenizer and weights. */
const MODEL_FILES =
  /^(config\.json|tokenizer.*\.json|vocab\.txt|(model|pytorch_model)[\w.-]*\.(safetensors|bin|json))$/;

/** SHA-256 over names and bytes of the files of an encoder or model, whatever folder they are in. */
export async function modelFilesDigest(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => MODEL_FILES.test(name)).sort();
  if (existsSync(join(folder, QUANTIZED_GRAPH))) names.push(QUANTIZED_GRAPH);
  const digests: (readonly [string, string])[] = [];
  for (const name of names) digests.push([name, await sha256File(join(folder, name))]);
  return sha256(JSON.stringify(digests));
}
