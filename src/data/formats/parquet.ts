import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import type { Format } from './format.ts';

/**
 * The Hub's Parquet files of `klue/klue`, configuration `re`: columns as KLUE's fields, entities as structs, labels as
 * integers (`ClassLabel`), whose names stand in the file's `huggingface` metadata.
 */
export const parquet: Format = {
  name: 'Parquet',
  extensions: ['.parquet'],
  recognizes: (bytes) => magicOf(bytes) === MAGIC,
  counting: 'rows count from 1',
  read: async (bytes, path) => {
    if (magicOf(bytes) !== MAGIC)
      throw usageError(`${path} is not a Parquet file: it does not begin with ${MAGIC}.`, CHECK);
    // A slice, since a small file's bytes may lie in a buffer that they share with others.
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    try {
      const metadata = parquetMetadata(file);
      const rows = await parquetReadObjects({ file, metadata });
      const labelNames = classLabels(metadata);
      return {
        rows: rows.map((row, index) => ({ number: index + 1, value: toNumbers(row) })),
        ...(labelNames && { labelNames }),
      };
    } catch (error) {
      throw usageError(`${path} cannot be read as Parquet: ${(error as Error).message}.`, CHECK, error);
    }
  },
};

const MAGIC = 'PAR1';
const CHECK = 'Check that the file is complete, and compressed with Snappy or not at all.';

const magicOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, MAGIC.length));

/** 64-bit integers come as BigInt. */
function toNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toNumbers(field)]));
}

/** What the library `datasets` writes about its columns, as far as labels go. */
const huggingFaceSchema = z.object({
  info: z.object({ features: z.object({ label: z.object({ names: z.array(z.string()) }) }) }),
});

function classLabels({ key_value_metadata }: FileMetaData): readonly string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  const parsed = huggingFaceSchema.safeParse(JSON.parse(text));
  return parsed.data?.info.features.label.names;
}
