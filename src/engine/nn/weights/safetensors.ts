import { z } from 'zod';
import { asGiven } from '../../../base/core/errors.ts';
import { ELEMENT_BYTES, type ElementType, toFloat32 } from './elements.ts';
import { openBytes, withClosing } from './fileBytes.ts';
import { repeatedKey } from './repeatedKey.ts';
import { damagedFile, entryOf, listNames, type TensorEntry, type TensorFile } from './tensorFile.ts';

/** An open safetensors file; other than float tensors can be read as bytes. */
export interface SafetensorsFile extends TensorFile {
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** As large as the reference implementation allows. */
const LARGEST_HEADER = 100_000_000;

/**
 * Opens a safetensors file: 8 bytes of header length (little-endian), a JSON header, the tensors' bytes.
 * https://github.com/huggingface/safetensors#format
 *
 * Errors: `usage`, naming the file and the tensor, where the header is wrong or does not fit the file's size.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await openBytes(path);
  return withClosing(file, async () => {
    if (file.size < 8) throw damagedFile(path, { en: `it has ${file.size} bytes`, ko: `${file.size}바이트뿐이다` });
    const length = Number(new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true));
    const start = 8 + length;
    if (start > file.size || length > LARGEST_HEADER)
      throw damagedFile(path, {
        en: `it claims a header of ${length} bytes, the file has ${file.size}`,
        ko: `머리글이 ${length}바이트라고 하는데 파일이 ${file.size}바이트이다`,
      });
    const header = await file.read(8, length);
    let tensors: ReadonlyMap<string, PlacedTensor>;
    try {
      tensors = parseHeader(new TextDecoder('utf-8', { fatal: true }).decode(header), start, file.size - start);
    } catch (error) {
      throw damagedFile(path, asGiven((error as Error).message), error);
    }
    const bytes = (name: string) => {
      const entry = entryOf(path, tensors, name);
      return file.read(entry.start, entry.bytes);
    };
    return {
      path,
      tensors,
      bytes,
      read: async (name) => toFloat32(name, entryOf(path, tensors, name).type, await bytes(name)),
      close: file.close,
    };
  });
}

/** A tensor with its place in the file. */
interface PlacedTensor extends TensorEntry {
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
function parseHeader(json: string, dataStart: number, dataBytes: number): ReadonlyMap<string, PlacedTensor> {
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

export interface NamedFloats {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The bytes of a safetensors file of float32 tensors, as chunks in order; marked as PyTorch's, as transformers expects. */
export function encodeSafetensors(tensors: readonly NamedFloats[]): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  // The data starts at a multiple of 8 bytes; spaces at the header's end are allowed for that.
  const padded = new TextEncoder().encode(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  const bodies = tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...bodies];
}
