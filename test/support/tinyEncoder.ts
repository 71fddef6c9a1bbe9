import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEncoderConfig } from '../../src/engine/nn/encoderConfig.ts';
import { parameterSpecs } from '../../src/engine/nn/parameters.ts';
import { initialWeight } from '../../src/engine/nn/weights/loadWeights.ts';
import { encodeSafetensors } from '../../src/engine/nn/weights/safetensors.ts';

const BUNDLED = fileURLToPath(new URL('../../models/encoder-ko', import.meta.url));

/** Writes an encoder that trains in seconds: the bundled tokenizer under one random layer of 16 units. */
export async function writeTinyEncoder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(join(BUNDLED, file), join(folder, file));
  const bundled = JSON.parse(await readFile(join(BUNDLED, 'config.json'), 'utf8')) as Record<string, unknown>;
  const small = { hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32 };
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify({ ...bundled, ...small }));
  const config = await readEncoderConfig(path);
  const tensors = parameterSpecs(config, 'entity-start', 2)
    .filter(({ head }) => !head)
    .map((parameter) => ({ ...parameter, data: initialWeight(parameter, config, 1) }));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat(encodeSafetensors(tensors)));
}
