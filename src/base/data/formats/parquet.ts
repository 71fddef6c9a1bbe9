/// <reference path="./hyparquetCompressors.d.ts" />
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet';
import { z } from 'zod';
import { KorexError } from '../../core/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { columnsOf, keyedRows } from './columns.ts';
import { type Format, FROM_ONE, fileError, type Input, type RawRow, WHOLE_FILE } from './format.ts';
import { oneFile } from './writer.ts';

/**
 * Parquet, in any of its usual compressions. The Hub's files of `klue/klue`, configuration `re`, have columns as KLUE's
 * fields, entities as structs, and labels as integers (`ClassLabel`), whose names are in the file's `huggingface` metadata;
 * the columns of tables are read as well. A row group is in memory at a time.
 */
export const parquet: Format = {
  id: 'parquet',
  name: 'Parquet',
  signs: {
    en: 'its first bytes are PAR1',
    ko: '첫 바이트가 PAR1이다',
  },
  isBinary: true,
  extensions: ['.parquet'],
  recognizes: ({ bytes }) => String.fromCharCode(...bytes.subarray(0, 4)) === 'PAR1',
  divides: () => 'groups',
  counting: FROM_ONE,
  open: async (input) => {
    const { path, bytes, columns } = input;
    const { file, metadata } = await opened(bytes);
    const names = topColumns(metadata);
    // Errors where a column is missing: once, not for every row.
    const { columnNames } = columnsOf(names, path, columns);
    const labelNames = classLabels(metadata);
    const rows = rowsOf({ path, file, metadata }, columns, input.groups);
    return { rows, columnNames, ...(labelNames && { labelNames }) };
  },
  write: {
    extension: '.parquet',
    isUsual: true,
    holds: 'rows',
    files: async (rows, { labelSet }) => oneFile((await import('./hubParquet.ts')).hubParquet(rows, labelSet)),
  },
};

interface OpenParquet {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
}

async function opened(bytes: ByteSource): Promise<OpenParquet> {
  const { path } = bytes;
  const { parquetMetadataAsync } = await import('hyparquet');
  const file: AsyncBuffer = { byteLength: bytes.size ?? 0, slice: (from, to) => bytes.slice(from, to) };
  return { path, file, metadata: await read(path, () => parquetMetadataAsync(file)) };
}

async function* rowsOf(
  parquet: OpenParquet,
  columns: Input['columns'],
  groups: Input['groups'],
): AsyncGenerator<RawRow> {
  const toRow = keyedRows(columns);
  const { row_groups } = parquet.metadata;
  let number = rowsIn(row_groups.slice(0, groups?.[0] ?? 0));
  for await (const row of objectsOf(parquet, groups)) yield { number: ++number, ...toRow(row) };
}

const rowsIn = (groups: FileMetaData['row_groups']): number =>
  groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);

/** Where the bytes of each row group lie, the last one exclusive. Errors: `usage` where the file cannot be read. */
export async function parquetGroups(bytes: ByteSource): Promise<readonly (readonly [from: number, to: number])[]> {
  const { metadata } = await opened(bytes);
  return metadata.row_groups.map(({ columns }) => {
    const chunks = columns.flatMap(({ meta_data }) => (meta_data ? [meta_data] : []));
    const starts = chunks.map((chunk) => Number(chunk.dictionary_page_offset ?? chunk.data_page_offset));
    const ends = chunks.map((chunk, i) => starts[i]! + Number(chunk.total_compressed_size));
    return [Math.min(...starts), Math.max(...ends)];
  });
}

/** The rows of any Parquet file, each as an object of its columns. Errors: `usage` where it cannot be read. */
export async function* parquetObjects(bytes: ByteSource): AsyncGenerator<unknown> {
  yield* objectsOf(await opened(bytes));
}

async function* objectsOf(
  { path, file, metadata }: OpenParquet,
  [from, to]: readonly [number, number] = [0, metadata.row_groups.length],
): AsyncGenerator<unknown> {
  const { parquetReadObjects } = await import('hyparquet');
  const compressors = await loadCompressors();
  let rowStart = rowsIn(metadata.row_groups.slice(0, from));
  for (const group of metadata.row_groups.slice(from, to)) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, rowStart, rowEnd, compressors };
    const rows = await read(path, () => parquetReadObjects(options));
    for (const row of rows) yield plain(row);
    rowStart = rowEnd;
  }
}

/** What hyparquet itself does not unpack. */
async function loadCompressors(): Promise<Compressors> {
  const [{ decompressBrotli }, { gunzip }, { decompressLz4, decompressLz4Raw }, { decompress }] = await Promise.all([
    import('hyparquet-compressors/src/brotli.js'),
    import('hyparquet-compressors/src/gzip.js'),
    import('hyparquet-compressors/src/lz4.js'),
    import('fzstd'),
  ]);
  return {
    BROTLI: decompressBrotli,
    GZIP: (input, length) => gunzip(input, new Uint8Array(length)),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
    ZSTD: (input) => decompress(input),
  };
}

async function read<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KorexError) throw error;
    throw fileError(
      'notParquet',
      {
        en: `${path} cannot be read as Parquet: ${(error as Error).message}.`,
        ko: `${path}: Parquet으로 읽을 수 없다: ${(error as Error).message}.`,
      },
      WHOLE_FILE,
      error,
    );
  }
}

/** Columns, of those with an inner structure the outermost. */
function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  /** Skips the element at an index with all within it. */
  const behind = (index: number): number => {
    let next = index + 1;
    for (let child = 0; child < (schema[index]?.num_children ?? 0); child++) next = behind(next);
    return next;
  };
  for (let index = 1; index < schema.length; index = behind(index)) names.push(schema[index]!.name);
  return names;
}

/** Rows as JSON has them: 64-bit integers come as BigInt, and what is missing as NaN in columns of floats. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Number.isNaN(value)) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

/** What the library `datasets` writes about its columns, as far as labels go. */
const huggingFaceSchema = z.object({
  info: z.object({ features: z.object({ label: z.object({ names: z.array(z.string()) }) }) }),
});

function classLabels({ key_value_metadata }: FileMetaData): readonly string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  try {
    return huggingFaceSchema.safeParse(JSON.parse(text)).data?.info.features.label.names;
  } catch {
    return undefined;
  }
}
