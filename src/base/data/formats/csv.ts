import { stringify } from 'csv-stringify/sync';
import { asGiven } from '../../core/errors.ts';
import type { Localized } from '../../core/types.ts';
import { type Problem, problemAt } from '../checkRow.ts';
import { linesOf } from '../lines.ts';
import { utf8Text } from '../utf8.ts';
import { columnsOf, HEADER_WITHIN, headerAmong, knownColumns } from './columns.ts';
import {
  AFTER_HEADER,
  type ColumnMapping,
  endlessRow,
  type Format,
  fileError,
  type Head,
  type Input,
  MAX_ROW_BYTES,
  type RawRow,
  type RawRows,
} from './format.ts';
import { tableOf } from './rowLayouts.ts';
import { type FormatWriter, oneFile } from './writer.ts';

/** A table of text with a header, its cells apart by commas, semicolons, tabs or vertical bars; which columns, see `columns.ts`. */
export const csv: Format = {
  id: 'csv',
  name: 'CSV',
  signs: {
    en: 'a table with a header',
    ko: '머리글이 있는 표',
  },
  extensions: ['.csv', '.tsv'],
  // The last one asked: text that is nothing else.
  recognizes: ({ text }) => text !== null,
  divides: () => 'records',
  counting: AFTER_HEADER,
  open: openTable,
  write: tableWriter('.csv', ','),
};

/** The same with tabs; what is read as `csv` may have them too. */
export const tsv: Format = {
  ...csv,
  id: 'tsv',
  name: 'TSV',
  signs: { en: 'a table with tabs', ko: '탭으로 나눈 표' },
  extensions: [],
  recognizes: () => false,
  write: tableWriter('.tsv', '\t'),
};

function tableWriter(extension: string, delimiter: string): FormatWriter {
  return {
    extension,
    isUsual: true,
    holds: 'rows',
    files: (rows) => oneFile(stringify(tableOf(rows), { delimiter, quoted_match: /[\r\n]|^\s|\s$/ })),
  };
}

async function openTable({ path, head, columns: mapping, utf8 }: Input): Promise<RawRows> {
  const dialect = dialectOf(head, mapping);
  const records = recordsOf(textLines(utf8(), path), dialect);
  const { value: first, done } = await records.next();
  if (done)
    throw fileError('empty', {
      en: `${path} is empty; expected a header and rows.`,
      ko: `${path}: 비어 있다. 머리글과 행이 있어야 한다.`,
    });
  const header = first.cells;
  const columns = columnsOf('problem' in header ? [] : header, path, mapping);
  const { columnNames } = columns;
  const separator = SEPARATOR_NAMES[dialect.delimiter] ?? asGiven(dialect.delimiter);
  const notes = [
    ...(dialect.delimiter === usualDelimiter(path)
      ? []
      : [
          {
            en: `${path}: cells are separated by ${separator.en}.`,
            ko: `${path}: 칸 사이의 구분 문자: ${separator.ko}.`,
          },
        ]),
    ...(dialect.hasTitle
      ? [
          {
            en: `${path}: the header is taken from line ${dialect.skip + 1}.`,
            ko: `${path}: ${dialect.skip + 1}번째 줄을 머리글로 읽는다.`,
          },
        ]
      : []),
  ];
  let number = 0;
  async function* rows(): AsyncGenerator<RawRow> {
    for await (const { cells } of records) {
      number++;
      if ('problem' in cells) yield { number, ...cells };
      else if (cells.some((cell) => cell.trim() !== '')) yield { number, ...columns.toRow(cells) };
    }
  }
  return { rows: rows(), columnNames, notes, numbers: () => number };
}

/** Where in a table the records begin, for those who read a part of it. */
export interface TableRecords {
  /** Whether each line is a record, since no cell is enclosed by quotes. */
  readonly areLines: boolean;
  /** The byte behind the header. */
  readonly start: number;
  /** The beginnings of records from a place on that is one, by the reader of tables itself. */
  from(utf8: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<number, void, undefined>;
}

/** @param mark bytes of the file's byte order mark, which `utf8` leaves out */
export async function tableRecords(
  { path, head, columns, utf8 }: Pick<Input, 'path' | 'head' | 'columns' | 'utf8'>,
  mark: number,
): Promise<TableRecords> {
  const dialect = dialectOf(head, columns);
  async function* from(bytes: AsyncIterable<Uint8Array>, offset: number, skip = 0) {
    for await (const { at } of recordsOf(textLines(bytes, path, offset), { ...dialect, skip })) yield at;
  }
  const starts = from(utf8(), mark, dialect.skip);
  await starts.next();
  const { value: start } = await starts.next();
  await starts.return();
  return { areLines: dialect.literalQuotes, start: start ?? Number.POSITIVE_INFINITY, from };
}

/** How far the end of a quote is looked for at most: so many bytes, or lines, without one that could close it lie outside of all. */
export const CELL_REACH = { lines: 1001, bytes: 2 ** 22 };

/** How a file writes its table. */
interface Dialect {
  readonly delimiter: string;
  /** Cells of the header; null before it is known. */
  readonly width: number | null;
  /** Lines before the header: Excel's `sep=;`, titles, remarks. */
  readonly skip: number;
  /** Whether there are titles or remarks among them. */
  readonly hasTitle: boolean;
  /** Whether quotes are characters like all others, and no cell is enclosed by them. */
  readonly literalQuotes: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'];
const SEPARATOR_NAMES: Readonly<Record<string, Localized>> = {
  ',': { en: 'commas', ko: '쉼표' },
  ';': { en: 'semicolons', ko: '쌍반점(;)' },
  '\t': { en: 'tabs', ko: '탭' },
  '|': { en: 'vertical bars', ko: '세로줄(|)' },
};
const usualDelimiter = (path: string): string => (/\.tsv(\.gz)?$/i.test(path) ? '\t' : ',');
const SEP_LINE = /^sep=(.)\r?$/i;

/** The dialect by the first lines: the separator that finds most known columns, and whether quotes enclose cells. */
function dialectOf({ path, text }: Head, mapping: ColumnMapping | null): Dialect {
  const all = text ?? '';
  const lines = all.split('\n').map(withoutReturn);
  const sep = SEP_LINE.exec(lines[0]!)?.[1];
  const usual = usualDelimiter(path);
  const delimiters = sep === undefined ? [usual, ...DELIMITERS] : [sep];
  /** A line as a header, cut where that finds most known columns. */
  const asHeader = (line: string) => {
    const readings = delimiters.map((delimiter) => ({
      delimiter,
      cells: cellsOf(line, { delimiter, width: null, literalQuotes: false }),
    }));
    const known = ({ cells }: (typeof readings)[number]) => knownColumns(cells, mapping);
    return readings.sort((a, b) => known(b) - known(a) || b.cells.length - a.cells.length)[0]!;
  };
  const filled = [...lines.entries()].filter(([at, line]) => !isBlank(line) && !(at === 0 && sep !== undefined));
  const candidates = filled.slice(0, HEADER_WITHIN).map(([at, line]) => ({ at, line, ...asHeader(line) }));
  const found =
    candidates[
      headerAmong(
        candidates.map(({ cells }) => cells),
        mapping,
      )
    ];
  const { at, line, delimiter, cells } = found ?? { at: 0, line: '', ...asHeader('') };
  const dialect = { delimiter, width: cells.length, skip: at, hasTitle: found !== candidates[0] };
  // The last line may be cut.
  return { ...dialect, literalQuotes: hasLiteralQuotes(line, lines.slice(at + 1, -1), dialect) };
}

/** Nothing, or what programs end a file with: a carriage return, zero bytes, CP/M's end of file. */
const isBlank = (line: string): boolean => BLANK_LINE.test(line);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const BLANK_LINE = /^[\r\0\x1a]*$/;

/** Whether some cells have quotes within that enclose nothing, and no cell needs quotes to enclose it. */
function hasLiteralQuotes(header: string, lines: readonly string[], dialect: Omit<Dialect, 'literalQuotes'>): boolean {
  const isLiteral = (line: string) => {
    const cells = line.split(dialect.delimiter);
    return fits(cells, dialect) && !fits(strictCells(line, dialect), dialect) && cells.some((c) => /^[^"]+"/.test(c));
  };
  // Exactly: behind an empty last cell, a separator within quotes looks like one of Excel's empty columns.
  const isEnclosed = (line: string) =>
    line.includes('""') ||
    (line.split(dialect.delimiter).length !== dialect.width && strictCells(line, dialect)?.length === dialect.width);
  // Lines with an odd number of quotes may be parts of a record.
  const quoted = lines.filter((line) => quotes(line) > 0 && quotes(line) % 2 === 0);
  return quotes(header) === 0 && quoted.some(isLiteral) && !quoted.some(isEnclosed) && !areRecords(lines, dialect);
}

/** Whether lines, taken together where a quote is open, are records as CSV has them, each with the header's cells. */
function areRecords(lines: readonly string[], dialect: Omit<Dialect, 'literalQuotes'>): boolean {
  let open: string | null = null;
  for (const line of lines) {
    const text: string = open === null ? line : `${open}\n${line}`;
    open = quotes(text) % 2 === 0 ? null : text;
    if (open === null && !isBlank(text) && !fits(strictCells(text, dialect), dialect)) return false;
  }
  return true;
}

/** The cells of a row, or a line that is no row. */
type CsvCells = readonly string[] | BadRecord;
interface CsvRecord {
  /** The byte at which its first line begins. */
  readonly at: number;
  readonly cells: CsvCells;
}
interface TextLine {
  readonly text: string;
  readonly at: number;
}
interface BadRecord {
  readonly value: unknown;
  readonly problem: Problem;
}

/** Lines, and characters, in which the end of a quote is looked for. A cell with more is a quote that nobody closed. */
const MAX_CELL_LINES = 1000;
const MAX_CELL_CHARACTERS = 2 ** 20;

/** Takes lines together to records. A quote that nobody closes, or that encloses nothing, costs at most its own row. */
async function* recordsOf(
  lines: AsyncIterable<TextLine>,
  dialect: Dialect,
): AsyncGenerator<CsvRecord, void, undefined> {
  const { next, putBack, end } = withPutBack(lines);
  try {
    for (let skipped = 0; skipped < dialect.skip; skipped++) await next();
    for (let first = await next(); first !== undefined; first = await next()) {
      const { text: line, at } = first;
      if (isBlank(line)) continue;
      if (dialect.literalQuotes || quotes(line) % 2 === 0) {
        yield { at, cells: recordOf(withoutReturn(line), dialect) };
        continue;
      }
      const further: TextLine[] = [];
      let text = line;
      for (let open = true; open && further.length < MAX_CELL_LINES && text.length < MAX_CELL_CHARACTERS; ) {
        const more = await next();
        if (more === undefined) break;
        further.push(more);
        text += `\n${more.text}`;
        open = quotes(more.text) % 2 === 0;
      }
      const cells = BAD_BYTES.test(text) ? null : strictCells(withoutReturn(text), dialect);
      const isRow = (other: TextLine) => fits(strictCells(withoutReturn(other.text), dialect), dialect);
      if (cells !== null && (fits(cells, dialect) || !further.some(isRow)))
        yield { at, cells: checked(cells, dialect) };
      else {
        putBack(further);
        yield { at, cells: recordOf(withoutReturn(line), dialect) };
      }
    }
  } finally {
    await end();
  }
}

/** @param offset the byte at which the text begins */
async function* textLines(
  utf8: AsyncIterable<Uint8Array>,
  path: string,
  offset = 0,
): AsyncGenerator<TextLine, void, undefined> {
  let at = offset;
  for await (const { number, bytes } of linesOf(utf8, MAX_ROW_BYTES, true)) {
    if (bytes === null) throw endlessRow(path, `line ${number}`);
    yield { text: utf8Text(bytes), at };
    at += bytes.length + 1;
  }
}

/** Lines one at a time, with a way to give some back. */
function withPutBack(lines: AsyncIterable<TextLine>) {
  const arriving = lines[Symbol.asyncIterator]();
  let waiting: readonly TextLine[] = [];
  let at = 0;
  return {
    next: async (): Promise<TextLine | undefined> => {
      if (at < waiting.length) return waiting[at++];
      const { value, done } = await arriving.next();
      return done ? undefined : value;
    },
    putBack: (given: readonly TextLine[]) => {
      waiting = [...given, ...waiting.slice(at)];
      at = 0;
    },
    end: () => arriving.return?.(),
  };
}

/** What `utf8Text` makes of bytes that are no characters. */
const BAD_BYTES = /\p{Surrogate}/u;
const BAD_BYTES_PROBLEM = {
  field: 'line',
  found: { en: 'bytes that are no characters', ko: '글자가 아닌 바이트' },
  expected: { en: 'text in the encoding of the file', ko: '파일의 인코딩으로 쓴 글' },
};

/** A line as a record: with quotes as CSV has them, else as people write them, else as characters like all others. */
function recordOf(line: string, dialect: Dialect): CsvCells {
  if (BAD_BYTES.test(line)) return { value: line, problem: BAD_BYTES_PROBLEM };
  const readings = [strictCells, laxCells, (text: string) => text.split(dialect.delimiter)];
  if (dialect.literalQuotes || quotes(line) === 0) readings.reverse();
  for (const read of readings) {
    const cells = read(line, dialect);
    if (cells !== null && fits(cells, dialect)) return cells.slice(0, dialect.width ?? undefined);
  }
  return checked(cellsOf(line, dialect), dialect);
}

/** The cells where their number does not matter. */
const cellsOf = (line: string, dialect: Pick<Dialect, 'delimiter' | 'width' | 'literalQuotes'>): readonly string[] =>
  (dialect.literalQuotes ? null : strictCells(line, dialect)) ?? line.split(dialect.delimiter);

function checked(cells: readonly string[], dialect: Dialect): CsvCells {
  if (fits(cells, dialect)) return cells.slice(0, dialect.width ?? undefined);
  const expected = {
    en: `${dialect.width}, as many as the header has`,
    ko: `머리글과 같은 ${dialect.width}개`,
  };
  return { value: cells, problem: problemAt('number of cells', `${cells.length}`, expected) };
}

/** As many cells as the header has; Excel adds empty ones. */
const fits = (cells: readonly string[] | null, { width }: Pick<Dialect, 'width'>): boolean =>
  cells !== null && (width === null || (cells.length >= width && cells.slice(width).every((cell) => cell === '')));

/**
 * One record as CSV has it (RFC 4180), also with spaces around quotes; null where the text is not one. Ours, and not
 * csv-parse, which the tests hold it to: a parser that reads on its own loses the file with the first row that is wrong.
 */
export function strictCells(text: string, { delimiter }: Pick<Dialect, 'delimiter'>): readonly string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  const behindSpaces = (at: number) => at + /^ */.exec(text.slice(at, at + 16))![0].length;
  for (let at = 0; ; at++) {
    const quote = behindSpaces(at);
    if (text[quote] === '"') {
      let end = text.indexOf('"', quote + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) return null;
      cells.push(text.slice(quote + 1, end).replaceAll('""', '"'));
      at = behindSpaces(end + 1);
    } else {
      const end = nextOr(text.length, text.indexOf(delimiter, at));
      const cell = text.slice(at, end);
      if (cell.includes('"')) return null;
      cells.push(cell);
      at = end;
    }
    if (at === text.length) return cells;
    if (text[at] !== delimiter) return null;
  }
}

/** Cells whose quotes are not doubled within quotes: one ends where a separator follows. */
function laxCells(text: string, { delimiter }: Pick<Dialect, 'delimiter'>): readonly string[] {
  const cells: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    const closing = text[at] === '"' ? text.indexOf(`"${delimiter}`, at + 1) : -1;
    const last = text[at] === '"' && closing < 0 && text.endsWith('"') && at < text.length - 1;
    const end = last ? text.length : closing >= 0 ? closing + 1 : nextOr(text.length, text.indexOf(delimiter, at));
    const cell = text.slice(at, end);
    cells.push(last || closing >= 0 ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    at = end;
  }
  return cells;
}

const nextOr = (otherwise: number, index: number): number => (index < 0 ? otherwise : index);

function quotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
