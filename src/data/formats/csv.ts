import { CsvError, parse } from 'csv-parse/sync';
import { usageError } from '../../core/errors.ts';
import { decodeUtf8 } from '../utf8.ts';
import { columnsOf } from './columns.ts';
import type { Format, RawFile, RawRow } from './format.ts';

/** Comma-separated values with a header; which columns, see `columns.ts`. */
export const csv: Format = {
  name: 'CSV',
  extensions: ['.csv'],
  recognizes: () => false,
  counting: 'rows count from 1 after the header',
  read: (bytes, path) => readTable(decodeUtf8(bytes, path), ',', path),
};

/** The same with tabs. */
export const tsv: Format = {
  name: 'TSV',
  extensions: ['.tsv'],
  recognizes: () => false,
  counting: 'rows count from 1 after the header',
  read: (bytes, path) => readTable(decodeUtf8(bytes, path), '\t', path),
};

function readTable(text: string, delimiter: string, path: string): RawFile {
  const [header, ...records] = parseRecords(text, delimiter, path);
  if (header === undefined) throw usageError(`${path} is empty; expected a header and rows.`);
  const { columnNames, toRow } = columnsOf(header, path);
  const rows = records.map((cells, index): RawRow => {
    const number = index + 1;
    if (cells.length === header.length) return { number, ...toRow(cells) };
    const expected = `${header.length}, as many as the header has`;
    return { number, value: cells, problem: { field: 'number of cells', found: `${cells.length}`, expected } };
  });
  return { rows, columnNames };
}

function parseRecords(text: string, delimiter: string, path: string): string[][] {
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw usageError(
      `${path} is not valid CSV: ${error.message}.`,
      'A cell with a quote, a comma or a line break stands in double quotes, with each quote in it doubled.',
      error,
    );
  }
}
