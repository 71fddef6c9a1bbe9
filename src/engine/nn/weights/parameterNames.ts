import { damagedFile } from './tensorFile.ts';

/** First parts of names in encoders that were saved without their architecture's name before them. */
const ENCODER_PARTS = ['embeddings', 'embeddings_project', 'encoder', 'pooler'];

/**
 * The names under which korex knows a file's tensors, each with the name in the file. Checkpoints store the encoder bare
 * (`embeddings.…`) or below its architecture's name (`bert.embeddings.…`); the oldest call the weight and the bias of a
 * layer norm `gamma` and `beta`.
 *
 * @param prefix the architecture's name, e.g. `bert`
 * Errors: `usage` where two tensors of the file are the same parameter.
 */
export function parameterNames(path: string, stored: Iterable<string>, prefix: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of stored) {
    const parameter = parameterName(name, prefix);
    const other = names.get(parameter);
    if (other !== undefined) throw damagedFile(path, `${other} and ${name} are the same parameter`);
    names.set(parameter, name);
  }
  return names;
}

function parameterName(name: string, prefix: string): string {
  const current = name
    .replace(/\.LayerNorm\.gamma$/, '.LayerNorm.weight')
    .replace(/\.LayerNorm\.beta$/, '.LayerNorm.bias');
  const first = current.slice(0, current.indexOf('.'));
  return ENCODER_PARTS.includes(first) ? `${prefix}.${current}` : current;
}
