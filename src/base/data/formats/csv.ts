import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { usageError } from '../../core/errors.ts';
import { utf8Pieces } from '../utf8.ts';
import type { ByteSource } from './byteSource.ts';
import { type Columns, columnsOf } from './columns.ts';
import { endlessRow, type Format, MAX_ROW_BYTES, type RawRow, type RawRows } from './format.ts';

/** Comma-separated values with a header; which columns, see `columns.ts`. */
export const csv: Format = {
  name: 'CSV',
  extensions: ['.csv'],
  recognizes: () => false,
  counting: 'rows count from 1 after the header',
  open: (source) => openTable(source, ','),
};

/** The same with tabs. */
export const tsv: Format = {
  name: 'TSV',
  extensions: ['.tsv'],
  recognizes: () => false,
  counting: 'rows count from 1 after the header',
  open: (source) => openTable(source, '\t'),
};

async function openTable(source: ByteSource, delimiter: string): Promise<RawRows> {
  const records = readRecords(source, delimiter);
  const { value: header, done } = await records.next();
  if (done) throw usageError(`${source.path} is empty; expected a header and rows.`);
  try {
    const columns = columnsOf(header, source.path);
    return { rows: rowsOf(records, header.length, columns), columnNames: columns.columnNames };
  } catch (error) {
    await records.return(undefined);
    throw error;
  }
}

async function* rowsOf(records: AsyncIterable<string[]>, width: number, columns: Columns): AsyncGenerator<RawRow> {
  let number = 0;
  for await (const cells of records) {
    number++;
    const expected = `${width}, as many as the header has`;
    yield cells.length === width
      ? { number, ...columns.toRow(cells) }
      : { number, value: cells, problem: { field: 'number of cells', found: `${cells.length}`, expected } };
  }
}

async function* readRecords({ pieces, path }: ByteSource, delimiter: string): AsyncGenerator<string[], undefined> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  // What goes wrong in the file or in the parser reaches us through the parser, which it destroys.
  pipeline(Readable.from(utf8Pieces(pieces(), path)), parser).catch(() => {});
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw endlessRow(path, `a row near line ${parser.info.lines}`);
    throw usageError(
      `${path} is not valid CSV: ${error.message}.`,
      'A cell with a quote, a comma or a line break stands in double quotes, with each quote in it doubled.',
      error,
    );
  }
}
