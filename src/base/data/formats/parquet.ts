import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { z } from 'zod';
import { KorexError } from '../../core/errors.ts';
import { type Format, fileError, type RawRow } from './format.ts';

/**
 * The Hub's Parquet files of `klue/klue`, configuration `re`: columns as KLUE's fields, entities as structs, labels as
 * integers (`ClassLabel`), whose names stand in the file's `huggingface` metadata. A row group is in memory at a time.
 */
export const parquet: Format = {
  name: 'Parquet',
  extensions: ['.parquet'],
  recognizes: ({ bytes }) => magicOf(bytes) === MAGIC,
  counting: 'rows count from 1',
  open: async ({ path, bytes }) => {
    const { parquetMetadataAsync } = await import('hyparquet');
    const file: AsyncBuffer = { byteLength: bytes.size ?? 0, slice: (from, to) => bytes.slice(from, to) };
    if (bytes.size === null) await bytes.slice(0);
    const metadata = await read(path, () => parquetMetadataAsync(file));
    const labelNames = classLabels(metadata);
    return { rows: rowsOf(file, metadata, path), ...(labelNames && { labelNames }) };
  },
};

async function* rowsOf(file: AsyncBuffer, metadata: FileMetaData, path: string): AsyncGenerator<RawRow> {
  const { parquetReadObjects } = await import('hyparquet');
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, rowStart, rowEnd };
    const rows = await read(path, () => parquetReadObjects(options));
    for (const [index, row] of rows.entries()) yield { number: rowStart + index + 1, value: toNumbers(row) };
    rowStart = rowEnd;
  }
}

async function read<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KorexError) throw error;
    throw fileError('notParquet', `${path} cannot be read as Parquet: ${(error as Error).message}.`, CHECK, error);
  }
}

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
