import type { Problem } from '../../../../src/base/data/checkRow.ts';
import { columnsOf } from '../../../../src/base/data/formats/columns.ts';
import { CsvRecords } from './csvRecords.ts';
import { JsonElements } from './jsonElements.ts';

/** A row of a file as far as it could be taken apart. */
export interface FileRow {
  /** Counted from 1. */
  readonly number: number;
  readonly value: unknown;
  /** Set where the row could not be taken apart. */
  readonly problem?: Problem;
}

export const FORMATS = ['jsonl', 'json', 'csv', 'tsv'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** A format by the file's ending; null where no format has it. */
export function formatOf(name: string): FileFormat | null {
  const ending = /\.([^.]+)$/.exec(name.toLowerCase())?.[1];
  if (ending === 'ndjson') return 'jsonl';
  return FORMATS.find((format) => format === ending) ?? null;
}

/** Why a file as a whole cannot be read, as a key of the view's texts. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly reason: 'notUtf8' | 'notList' | 'unclosed' | 'emptyFile';
  constructor(reason: FileError['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * The rows of a file as its text arrives, few of them in memory at a time.
 *
 * Errors: `FileError`; `KorexError` where a header lacks a column.
 */
export async function* fileRows(
  pieces: AsyncIterable<string>,
  format: FileFormat,
  name: string,
): AsyncGenerator<FileRow, void, undefined> {
  const rows = READERS[format](withoutMark(pieces), name);
  let isEmpty = true;
  for await (const row of rows) {
    isEmpty = false;
    yield row;
  }
  if (isEmpty) throw new FileError('emptyFile');
}

type Reader = (pieces: AsyncIterable<string>, name: string) => AsyncGenerator<FileRow, void, undefined>;

const READERS: Readonly<Record<FileFormat, Reader>> = {
  jsonl: async function* jsonl(pieces) {
    let number = 0;
    let rest = '';
    for await (const piece of pieces) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (++number && line.trim() !== '') yield parsed(line, number);
    }
    if (rest.trim() !== '') yield parsed(rest, number + 1);
  },
  json: async function* json(pieces) {
    const elements = new JsonElements();
    let number = 0;
    try {
      for await (const piece of pieces) for (const text of elements.push(piece)) yield parsed(text, ++number);
    } catch (error) {
      throw error instanceof SyntaxError ? new FileError('notList') : error;
    }
    if (!elements.isComplete) throw new FileError(number === 0 ? 'notList' : 'unclosed');
  },
  csv: (pieces, name) => tableRows(pieces, ',', name),
  tsv: (pieces, name) => tableRows(pieces, '\t', name),
};

function parsed(text: string, number: number): FileRow {
  try {
    return { number, value: JSON.parse(text) };
  } catch (error) {
    const found = text.length > 60 ? `${text.slice(0, 58)}…` : text;
    return { number, value: text, problem: { field: 'row', found, expected: `JSON: ${(error as Error).message}` } };
  }
}

async function* tableRows(
  pieces: AsyncIterable<string>,
  delimiter: string,
  name: string,
): AsyncGenerator<FileRow, void, undefined> {
  const records = new CsvRecords(delimiter);
  let header: readonly string[] | null = null;
  let columns: ReturnType<typeof columnsOf> | null = null;
  let number = 0;
  const rowOf = (cells: readonly string[]): FileRow => {
    number++;
    if (cells.length === header!.length) return { number, ...columns!.toRow(cells) };
    const expected = `${header!.length}, as many as the header has`;
    return { number, value: cells, problem: { field: 'number of cells', found: `${cells.length}`, expected } };
  };
  const take = function* take(found: Iterable<string[]>): Generator<FileRow> {
    for (const cells of found) {
      if (header === null) {
        header = cells;
        columns = columnsOf(cells, name);
      } else yield rowOf(cells);
    }
  };
  for await (const piece of pieces) yield* take(records.push(piece));
  try {
    yield* take(records.end());
  } catch (error) {
    throw error instanceof SyntaxError ? new FileError('unclosed') : error;
  }
}

/** Spreadsheets begin UTF-8 files with a byte order mark. */
async function* withoutMark(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  for await (const piece of pieces) {
    yield isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    isFirst = false;
  }
}

/** The text of a file of the visitor's. Errors: `FileError` where it is not UTF-8. */
export async function* textOf(file: Blob): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = file.stream().getReader();
  try {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read())
      yield decoder.decode(value, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new FileError('notUtf8') : error;
  } finally {
    reader.cancel().catch(() => {});
  }
}
