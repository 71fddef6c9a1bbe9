import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256File } from '../../../base/core/files.ts';
import { QUANTIZED_GRAPH } from './weightFiles.ts';

/** What a model is read from: configuration, tokenizer and weights. */
const READ = /^(config\.json|tokenizer.*\.json|vocab\.txt|(model|pytorch_model)[\w.-]*\.(safetensors|bin|json))$/;

/** SHA-256 over names and bytes of the files that make the encoder or model of a folder, wherever it stands. */
export async function modelFilesDigest(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => READ.test(name)).sort();
  if (existsSync(join(folder, QUANTIZED_GRAPH))) names.push(QUANTIZED_GRAPH);
  const digests: (readonly [string, string])[] = [];
  for (const name of names) digests.push([name, await sha256File(join(folder, name))]);
  return sha256(JSON.stringify(digests));
}
