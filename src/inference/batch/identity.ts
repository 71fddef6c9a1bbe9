import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sha256, sha256File } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { annotationFiles, sha256Of } from '../../base/data/annotationFolder.ts';
import { schemeOf, storageOf } from '../../base/storage/storageOf.ts';
import { QUANTIZED_GRAPH } from '../../engine/nn/weights/weightFiles.ts';

/**
 * What a half-finished output belongs to: all that its bytes follow from. Device and threads are not among it, since they
 * change probabilities by less than 1e-5.
 */
export const identitySchema = z.strictObject({
  input: z.strictObject({ name: z.string(), bytes: z.number(), changed: z.number(), sample_sha256: z.string() }),
  model: z.strictObject({ name: z.string(), sha256: z.string() }),
  /** Of korex and of everything that was asked for. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Identity = z.output<typeof identitySchema>;

const SAMPLES = 16;
const SAMPLE_BYTES = 64 * 1024;

/**
 * A file of any size, identified by name, size, time of change and the bytes at 16 places from the first to the
 * last: reading it all would take as long as some runs. An object by its size and ETag.
 */
export async function inputIdentity(path: string): Promise<Identity['input']> {
  if (schemeOf(path) !== null) {
    const { size, version } = await (await storageOf(path)).open(path);
    return { name: basename(path), bytes: size, changed: 0, sample_sha256: sha256(version) };
  }
  const together = await annotationFiles(path);
  if (together !== null) {
    const found = await Promise.all(together.names.map((name) => stat(join(together.folder, name))));
    const changed = Math.round(Math.max(...found.map(({ mtimeMs }) => mtimeMs)));
    const bytes = found.reduce((sum, { size }) => sum + size, 0);
    return { name: basename(path), bytes, changed, sample_sha256: await sha256Of(path) };
  }
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const last = Math.max(0, size - SAMPLE_BYTES);
    for (let i = 0; i < SAMPLES; i++) {
      const { bytesRead } = await handle.read(buffer, 0, SAMPLE_BYTES, Math.floor((last * i) / (SAMPLES - 1)));
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { name: basename(path), bytes: size, changed: Math.round(mtimeMs), sample_sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** Files of a model folder that its answers follow from; what only training needs is not among them. */
const MODEL_FILE = /^(config|calibration|tokenizer.*|special_tokens_map|added_tokens|vocab|.*\.index)\.(json|txt)$/;
const WEIGHTS = /^(model|pytorch_model).*\.(safetensors|bin)$/;

/** A model folder by the content of its files. */
export async function modelIdentity(folder: string, name: string): Promise<Identity['model']> {
  const names = (await readdir(folder)).filter((file) => MODEL_FILE.test(file) || WEIGHTS.test(file)).sort();
  if (!names.some((file) => WEIGHTS.test(file)) && existsSync(join(folder, QUANTIZED_GRAPH)))
    names.push(QUANTIZED_GRAPH);
  const digests: [string, string][] = [];
  for (const file of names) {
    const path = join(folder, file);
    if ((await stat(path)).isFile()) digests.push([file, await sha256File(path)]);
  }
  return { name, sha256: sha256(JSON.stringify(digests)) };
}

/** What differs between two identities, in words that follow "rows of"; null where nothing does. */
export function differenceOf(saved: Identity, now: Identity): Localized | null {
  const { input, model } = now;
  if (JSON.stringify(saved.input) !== JSON.stringify(input))
    return saved.input.name === input.name
      ? { en: `${input.name} as it was before it changed`, ko: `바뀌기 전의 ${input.name}` }
      : { en: `another input, ${saved.input.name}`, ko: `다른 입력 ${saved.input.name}` };
  if (saved.model.name !== model.name)
    return { en: `another model, ${saved.model.name}`, ko: `다른 모델 ${saved.model.name}` };
  if (saved.model.sha256 !== model.sha256)
    return { en: `the model ${model.name} as it was before it changed`, ko: `바뀌기 전의 모델 ${model.name}` };
  const names = [...new Set([...Object.keys(saved.settings), ...Object.keys(now.settings)])];
  const name = names.find((key) => saved.settings[key] !== now.settings[key]);
  if (name === undefined) return null;
  const [before, after] = [saved.settings[name] ?? 'none', now.settings[name] ?? 'none'];
  return {
    en: `other settings: ${name} ${before}, not ${after}`,
    ko: `다른 설정(${name}: ${after} 아닌 ${before})`,
  };
}
