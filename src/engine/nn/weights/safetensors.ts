import { toFloat32 } from './elements.ts';
import { openBytes, withClosing } from './fileBytes.ts';
import { type PlacedTensor, parseHeader } from './safetensorsHeader.ts';
import { damagedFile, entryOf, type TensorFile } from './tensorFile.ts';

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
    if (file.size < 8) throw damagedFile(path, `it has ${file.size} bytes`);
    const length = Number(new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true));
    const start = 8 + length;
    if (start > file.size || length > LARGEST_HEADER)
      throw damagedFile(path, `it claims a header of ${length} bytes, the file has ${file.size}`);
    const header = await file.read(8, length);
    let tensors: ReadonlyMap<string, PlacedTensor>;
    try {
      tensors = parseHeader(new TextDecoder('utf-8', { fatal: true }).decode(header), start, file.size - start);
    } catch (error) {
      throw damagedFile(path, (error as Error).message, error);
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
