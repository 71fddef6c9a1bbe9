import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Localized } from '../../core/types.ts';
import type { OpenedFile } from '../../storage/storage.ts';
import { schemeOf } from '../../storage/storageOf.ts';
import { textBeside } from '../annotationFolder.ts';
import { type ByteSource, randomAccessSource } from '../formats/byteSource.ts';
import { tableRecords } from '../formats/csv.ts';
import type { ColumnMapping, Division } from '../formats/format.ts';
import { parquetGroups } from '../formats/parquet.ts';
import { type OpenRows, openSource, recognized } from '../openSource.ts';
import { readRelationList } from '../relationList.ts';
import { piecesOf } from './pieces.ts';
import { lineStart, recordStart } from './recordStart.ts';

/** A part of a file: bytes, or row groups, from `start` up to `end`; all of it where it is not divided. */
export interface FileRange {
  readonly unit: Division | 'file';
  readonly start: number;
  readonly end: number;
}

/** How a file can be divided, and what its row groups weigh where it has some. */
export interface Divisions {
  readonly unit: Division | 'file';
  /** Bytes of each row group. */
  readonly groups: readonly number[];
}

/** Rows of a part of a file, opened as those of a whole one. Their numbers begin at 1 behind the part's beginning, but for row groups. */
export interface OpenRange extends OpenRows {
  /** Once all rows are read: how many numbers they have had, of lines and records; and the digest of the part's bytes. */
  measure(): Promise<{ readonly numbers: number; readonly sha256: string }>;
}

/** How a file can be divided, by its beginning. Errors: `usage` where it cannot be read. */
export async function divisionsOf(
  file: OpenedFile,
  name: string,
  columns: ColumnMapping | null = {},
): Promise<Divisions> {
  const source = randomAccessSource(file);
  const { format, input, isPlain } = await recognized(source, name, { columns });
  const unit = format.divides?.(input.head) ?? 'file';
  if (unit === 'groups') return { unit, groups: (await parquetGroups(source)).map(([from, to]) => to - from) };
  return { unit: isPlain ? unit : 'file', groups: [] };
}

/**
 * Opens the rows of a part of a file. Rows belong to the part in which their first byte lies, so that parts which meet give each row once,
 * as the whole file gives it. The file is left open.
 *
 * @param name of the rows, as guids and messages have it
 * Errors: `usage` where it cannot be read, from the iteration where that turns out later.
 */
export async function openRange(
  file: OpenedFile,
  name: string,
  range: FileRange,
  columns: ColumnMapping | null = {},
): Promise<OpenRange> {
  const hash = createHash('sha256');
  const lines = { breaks: 0, last: NEWLINE };
  const notes: Localized[] = [];
  const measured = (piece: Uint8Array) => {
    hash.update(piece);
    if (piece.length > 0) lines.last = piece.at(-1)!;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) lines.breaks++;
    return piece;
  };
  const whole = randomAccessSource(file);
  const options = {
    columns,
    ...(schemeOf(file.path) === null && { beside: textBeside(file.path) }),
    ...(range.unit === 'groups' && { groups: [range.start, range.end] as const }),
  };
  const parts = await partsOf(file, name, range, columns, notes);
  const source: ByteSource = {
    ...whole,
    size: whole.size,
    get position() {
      return whole.position;
    },
    async *pieces() {
      const [head, from, to] = parts;
      yield* piecesOf(file, 0, head);
      for await (const piece of piecesOf(file, from, to)) yield range.unit === 'file' ? piece : measured(piece);
    },
    close: async () => {},
  };
  const opened = await openSource(source, name, options);
  const list =
    opened.labelNames === undefined && schemeOf(file.path) === null ? await readRelationList(dirname(file.path)) : null;
  return {
    ...opened,
    ...(list && { labelNames: list.labelSet.labels }),
    notes: [...opened.notes, ...notes],
    async measure() {
      // What is read at any place, or as a whole, is not read in order.
      if (range.unit === 'file' || range.unit === 'groups')
        for await (const piece of piecesOf(file, parts[1], parts[2])) hash.update(piece);
      const byLine = lines.breaks + (lines.last === NEWLINE ? 0 : 1);
      const numbers = range.unit === 'lines' ? byLine : range.unit === 'records' ? (opened.numbers?.() ?? 0) : 0;
      return { numbers, sha256: hash.digest('hex') };
    },
  };
}

/** Digest of the bytes of a part, without reading its rows. Errors: `usage` where they cannot be read. */
export async function rangeDigest(
  file: OpenedFile,
  name: string,
  range: FileRange,
  columns: ColumnMapping | null = {},
): Promise<string> {
  const [, from, to] = await partsOf(file, name, range, columns, []);
  const hash = createHash('sha256');
  for await (const piece of piecesOf(file, from, to)) hash.update(piece);
  return hash.digest('hex');
}

const NEWLINE = 0x0a;
const MARK_BYTES = 3;

/** Bytes of the file's head that the part needs, and from where to where its own bytes lie. */
async function partsOf(
  file: OpenedFile,
  name: string,
  { unit, start, end }: FileRange,
  columns: ColumnMapping | null,
  notes: Localized[],
): Promise<readonly [head: number, from: number, to: number]> {
  if (unit === 'file') return [0, 0, file.size];
  if (unit === 'lines') return [0, await lineStart(file, start), await lineStart(file, end)];
  const source = randomAccessSource(file);
  if (unit === 'groups') {
    const groups = (await parquetGroups(source)).slice(start, end);
    return [0, groups[0]?.[0] ?? 0, groups.at(-1)?.[1] ?? 0];
  }
  const { input } = await recognized(source, name, { columns });
  const head = await file.read(0, MARK_BYTES);
  const table = await tableRecords(input, head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? MARK_BYTES : 0);
  const scan = () =>
    notes.push({
      en: `${file.path}: cells have line breaks, so it was read from its beginning to find where records begin.`,
      ko: `${file.path}: 칸에 줄바꿈이 있어, 행이 시작하는 곳을 찾으려고 처음부터 읽었다.`,
    });
  const from = await recordStart(file, start, table, scan);
  const to = end >= file.size ? file.size : await recordStart(file, end, table);
  return [Math.min(table.start, file.size), from, Math.max(from, to)];
}
