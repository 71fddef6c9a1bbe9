import { z } from 'zod';
import { ELEMENT_BYTES, type ElementType } from './elements.ts';
import { repeatedKey } from './repeatedKey.ts';
import { listNames, type TensorEntry } from './tensorFile.ts';

/** A tensor with its place in the file. */
export interface PlacedTensor extends TensorEntry {
  readonly start: number;
  readonly bytes: number;
}

const natural = z.number().int().min(0);
const entrySchema = z.object({
  dtype: z.string().refine((type): type is ElementType => Object.hasOwn(ELEMENT_BYTES, type), 'unknown element type'),
  shape: z.array(natural).max(64, 'more than 64 dimensions'),
  data_offsets: z.tuple([natural, natural]),
});

/**
 * The tensors that a safetensors header lists, in the order of their bytes. As the reference implementation does, it holds
 * the header to data without gaps, overlaps and leftovers (https://github.com/huggingface/safetensors#format).
 *
 * @param dataStart where the tensors' bytes begin in the file
 * @param dataBytes how many there are
 * Throws an `Error` that says what is wrong, for the caller to name the file.
 */
export function parseHeader(json: string, dataStart: number, dataBytes: number): ReadonlyMap<string, PlacedTensor> {
  const header: unknown = JSON.parse(json);
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new Error('its header is no JSON object');
  const repeated = repeatedKey(json);
  if (repeated !== null) throw new Error(`its header has "${repeated}" twice`);
  const placed = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => ({ name, ...placeOf(name, value) }))
    .sort((a, b) => a.from - b.from || a.bytes - b.bytes);
  const tensors = new Map<string, PlacedTensor>();
  let next = 0;
  for (const { name, type, shape, from, bytes } of placed) {
    if (from !== next) throw new Error(`tensor ${name} starts at byte ${from} of the data, expected ${next}`);
    tensors.set(name, { type, shape, start: dataStart + from, bytes });
    next += bytes;
  }
  if (next !== dataBytes) throw new Error(`its header describes ${next} bytes of tensors, the file holds ${dataBytes}`);
  return tensors;
}

function placeOf(name: string, value: unknown) {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`tensor ${listNames([name, ...path.map(String)])}: ${message}`);
  }
  const { dtype: type, shape, data_offsets } = parsed.data;
  const [from, to] = data_offsets;
  // A product beyond 2^53 is inexact, but far from any file's size all the same.
  const bytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
  if (to - from !== bytes)
    throw new Error(`tensor ${name} (${type}, shape [${shape}]) has ${to - from} bytes, expected ${bytes}`);
  return { type, shape, from, bytes };
}
