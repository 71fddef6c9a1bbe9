import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { systemReason } from '../../core/files.ts';

/** One tensor of a safetensors file: its bytes are a view into the file's. */
export interface StoredTensor {
  readonly dtype: keyof typeof BYTES;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, U8: 1, I8: 1, BOOL: 1 } as const;

const entrySchema = z.object({
  dtype: z.enum(Object.keys(BYTES) as [keyof typeof BYTES]),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const headerSchema = z.record(z.string(), z.unknown());

/**
 * Reads a safetensors file: 8 bytes of header length (little-endian), a JSON header, the tensors' bytes.
 * https://github.com/huggingface/safetensors#format
 *
 * Errors: `usage`, naming the file, where the header or an offset is wrong (an incomplete download, say).
 */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw usageError(`Cannot read ${path}: ${systemReason(error)}.`, 'Check the path.', error);
  });
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    const hint = 'The file is damaged or incomplete: get it again.';
    throw usageError(`${path} is not a valid safetensors file: ${(error as Error).message}.`, hint, error);
  }
}

function parseSafetensors(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  if (bytes.length < 8) throw new Error(`it has ${bytes.length} bytes`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = 8 + headerLength;
  if (start > bytes.length) throw new Error(`its header claims ${headerLength} bytes of ${bytes.length}`);
  const header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = entrySchema.parse(value);
    const [from, to] = data_offsets;
    const expected = shape.reduce((product, size) => product * size, BYTES[dtype]);
    if (to - from !== expected || start + to > bytes.length)
      throw new Error(`tensor ${name} has offsets ${from}–${to}, expected ${expected} bytes inside the file`);
    tensors.set(name, { dtype, shape, bytes: bytes.subarray(start + from, start + to) });
  }
  return tensors;
}

/** A tensor's values as float32. Errors: `usage` for integer tensors. */
export function toFloat32(name: string, { dtype, bytes }: StoredTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / BYTES[dtype];
  const result = new Float32Array(count);
  switch (dtype) {
    case 'F32':
      new Uint8Array(result.buffer).set(bytes);
      return result;
    case 'F64':
      for (let i = 0; i < count; i++) result[i] = view.getFloat64(8 * i, true);
      return result;
    case 'BF16': {
      const words = new Uint32Array(result.buffer);
      for (let i = 0; i < count; i++) words[i] = view.getUint16(2 * i, true) << 16;
      return result;
    }
    case 'F16':
      for (let i = 0; i < count; i++) result[i] = halfToNumber(view.getUint16(2 * i, true));
      return result;
    default:
      throw usageError(`Tensor ${name} holds ${dtype}; expected F32, F16, BF16 or F64.`);
  }
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
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
