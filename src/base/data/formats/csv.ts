import { CsvError, parse } from 'csv-parse';
import { utf8Pieces, utf8Text } from '../utf8.ts';
import type { ByteSource } from './byteSource.ts';
import { type Columns, columnsOf } from './columns.ts';
import { endlessRow, type Format, fileError, MAX_ROW_BYTES, type RawRow, type RawRows } from './format.ts';

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
  if (done) throw fileError('empty', `${source.path} is empty; expected a header and rows.`);
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
  // What a browser's csv-parse has in common with Node's: events, and texts as input.
  let records: string[][] = [];
  parser.on('data', (record: string[]) => records.push(record));
  const ended = new Promise<void>((resolve, reject) => parser.on('end', resolve).on('error', reject));
  ended.catch(() => {});
  const taken = () => {
    const ready = records;
    records = [];
    return ready;
  };
  try {
    for await (const piece of utf8Pieces(pieces(), path)) {
      await new Promise<void>((resolve, reject) =>
        parser.write(utf8Text(piece), (error) => (error ? reject(error) : resolve())),
      );
      yield* taken();
    }
    parser.end();
    await ended;
    yield* taken();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw endlessRow(path, `a row near line ${parser.info.lines}`);
    throw fileError(
      'notCsv',
      `${path} is not valid CSV: ${error.message}.`,
      'A cell with a quote, a comma or a line break stands in double quotes, with each quote in it doubled.',
      error,
    );
  }
}
