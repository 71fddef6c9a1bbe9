import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a model in the box that is whole: weights in 8 bits, tokenizer, card. */
export const BOXED_FILES = [
  ...['README.md', 'config.json', 'korex_export.json'],
  ...['onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json'],
] as const;

/** What a folder of the box holds, by name, and how many bytes all of it takes. */
export function boxedFiles(folder: string): { readonly names: readonly string[]; readonly bytes: number } {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
  return { names: names.sort(), bytes: names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) };
}
