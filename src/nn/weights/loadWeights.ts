import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { randomStream } from '../../core/random.ts';
import type { EncoderConfig } from '../encoderConfig.ts';
import { encoderPrefix, type ParameterSpec, sizeOf, type Weights } from '../parameters.ts';
import { unpackWeights } from './packed.ts';
import { readSafetensors } from './safetensors.ts';

/** Weight files in order of preference. */
const WEIGHT_FILES = ['model.safetensors', 'model.q4.safetensors'];

/**
 * Weights for a model: from the folder's file where it has them, otherwise (the head of a pretrained encoder) drawn with
 * the seed. Names with and without the architecture's prefix are understood; extra token rows (markers) are drawn too.
 *
 * Errors: `usage` where an encoder weight is missing or has another shape, with the names.
 */
export async function loadWeights(
  folder: string,
  config: EncoderConfig,
  parameters: readonly ParameterSpec[],
  seed: number,
): Promise<Weights> {
  const path = await weightFile(folder);
  const stored = unpackWeights(await readSafetensors(path));
  const prefix = `${encoderPrefix(config)}.`;
  const weights = new Map<string, Float32Array>();
  const problems: string[] = [];
  for (const parameter of parameters) {
    const found = stored.get(parameter.name) ?? stored.get(parameter.name.replace(prefix, ''));
    const fits = found && shapeFits(parameter, found.shape);
    if (found && fits) weights.set(parameter.name, withNewRows(parameter, found.data, config, seed));
    else if (parameter.head) weights.set(parameter.name, initialWeight(parameter, config, seed));
    else
      problems.push(
        found
          ? `${parameter.name} has shape [${found.shape}], expected [${parameter.shape}]`
          : `${parameter.name} is missing`,
      );
  }
  if (problems.length > 0)
    throw usageError(
      `${path} does not fit its config.json: ${problems.slice(0, 10).join('; ')}${problems.length > 10 ? `; and ${problems.length - 10} more` : ''}.`,
      'Use the weights and the config.json of the same model.',
    );
  return weights;
}

async function weightFile(folder: string): Promise<string> {
  for (const name of WEIGHT_FILES) {
    const path = join(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw usageError(`${folder} holds no weights.`, `Put one of ${WEIGHT_FILES.join(', ')} there.`);
}

/** A word table may have more rows in the model than in the file: those of added marker tokens. */
const shapeFits = (parameter: ParameterSpec, shape: readonly number[]): boolean =>
  shape.length === parameter.shape.length &&
  shape.every((size, axis) =>
    axis === 0 && parameter.name.endsWith('word_embeddings.weight')
      ? size <= parameter.shape[0]!
      : size === parameter.shape[axis],
  );

function withNewRows(parameter: ParameterSpec, data: Float32Array, config: EncoderConfig, seed: number): Float32Array {
  const size = sizeOf(parameter.shape);
  if (data.length === size) return data;
  const grown = initialWeight(parameter, config, seed);
  grown.set(data);
  return grown;
}

/** N(0, initializer_range), zeros or ones, by the parameter's name and the seed. */
export function initialWeight(parameter: ParameterSpec, config: EncoderConfig, seed: number): Float32Array {
  const data = new Float32Array(sizeOf(parameter.shape));
  if (parameter.initialization === 'ones') return data.fill(1);
  if (parameter.initialization === 'zeros') return data;
  const stream = randomStream(seed, 'weights', parameter.name);
  for (let i = 0; i < data.length; i++) data[i] = config.initializer_range * stream.normal(i);
  return data;
}
