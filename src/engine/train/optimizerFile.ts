import type { ParameterSpec } from '../nn/parameters.ts';
import { writeTensors } from '../nn/relationModel.ts';
import { openSafetensors } from '../nn/weights/safetensors.ts';
import type { Optimizer } from './optimizer.ts';

/** Writes the moments of trained parameters as a safetensors file. Errors: `failed` where the system refuses. */
export const writeMoments = (
  path: string,
  trained: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  { moments }: Optimizer,
): Promise<void> =>
  writeTensors(
    path,
    trained.flatMap(({ name, shape }) => {
      const { first, second } = moments.get(name)!;
      return [
        { name: `first.${name}`, shape, data: first },
        { name: `second.${name}`, shape, data: second },
      ];
    }),
  );

/** Fills an optimizer's moments from such a file. */
export async function readMoments(path: string, { moments }: Optimizer): Promise<void> {
  const stored = await readTensors(path);
  for (const [name, { first, second }] of moments) {
    first.set(stored.get(`first.${name}`)!);
    second.set(stored.get(`second.${name}`)!);
  }
}

/** All tensors of a safetensors file, by name. */
export async function readTensors(path: string): Promise<Map<string, Float32Array>> {
  const stored = await openSafetensors(path);
  try {
    const values = new Map<string, Float32Array>();
    for (const name of stored.tensors.keys()) values.set(name, await stored.read(name));
    return values;
  } finally {
    await stored.close();
  }
}
