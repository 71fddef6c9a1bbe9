import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { loadRows } from '../src/base/data/loadRows.ts';
import { EXPECTED, errorOf, file, ROW, ROWS } from './support/dataFiles.ts';
import { type Cell, toColumns, toCsv, toParquet, toUtf16, toXlsx } from './support/tables.ts';

/** Files that something happened to on their way: half of them can still be read rightly, the others say what happened. */

const HEADER = [
  ...['guid', 'sentence', 'subject_word', 'subject_start', 'subject_end', 'subject_type'],
  ...['object_word', 'object_start', 'object_end', 'object_type', 'label', 'source'],
];
const CELLS: Cell[][] = ROWS.map(({ guid, sentence, subject_entity: s, object_entity: o, label, source }) => [
  ...[guid, sentence, s.word, s.start_idx, s.end_idx, s.type, o.word, o.start_idx, o.end_idx, o.type, label, source],
]);
const [START, END] = [
  [3, 7],
  [4, 8],
];
const csv = (header: readonly Cell[] = HEADER, rows: readonly (readonly Cell[])[] = CELLS, delimiter = ',') =>
  toCsv([header, ...rows], delimiter);
const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const lines = (text: string) => text.split('\n').filter(Boolean);
/** The cells of some columns changed. */
const changed = (columns: readonly number[], change: (cell: Cell, row: number) => Cell): Cell[][] =>
  CELLS.map((cells, row) => cells.map((cell, column) => (columns.includes(column) ? change(cell, row) : cell)));
const flat = CELLS.map((cells) => Object.fromEntries(cells.map((cell, i) => [HEADER[i]!, cell])));
/** The same by columns, as pandas writes a table without being told otherwise. */
const columns = Object.fromEntries(
  HEADER.map((name) => [name, Object.fromEntries(flat.map((row, i) => [i, row[name]]))]),
);
const withEntities = (change: (entity: (typeof ROW)['subject_entity']) => unknown) =>
  jsonLines(
    ROWS.map((row) => ({
      ...row,
      subject_entity: change(row.subject_entity),
      object_entity: change(row.object_entity),
    })),
  );
const python = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value.replace(/[\\']/g, '\\$&').replaceAll('\t', '\\t')}'`
    : value === null
      ? 'None'
      : typeof value === 'object'
        ? `{${Object.entries(value)
            .map(([key, part]) => `'${key}': ${python(part)}`)
            .join(', ')}}`
        : String(value);

describe('read', () => {
  test.each<[what: string, name: string, content: string | Uint8Array]>([
    ['tabs, packed', 'train.tsv.gz', gzipSync(csv(HEADER, CELLS, '\t'))],
    ['packed twice', 'train.csv.gz', gzipSync(gzipSync(csv()))],
    ['UTF-16 without a byte order mark', 'train.csv', toUtf16(csv()).slice(2)],
    ['UTF-16, big-endian, without one', 'train.csv', toUtf16(csv(), true).slice(2)],
    ['UTF-16 with semicolons', 'train.csv', toUtf16(csv(HEADER, CELLS, ';'), true)],
    [
      'UTF-16, tabs, all in quotes, lines of Windows',
      'train.csv',
      toUtf16(toCsv([HEADER, ...CELLS], '\t', 'all', '\r\n')),
    ],
    ['vertical bars', 'train.csv', csv(HEADER, CELLS, '|')],
    ['JSON lines of Windows', 'train.jsonl', jsonLines(ROWS).replaceAll('\n', '\r\n')],
    ['JSON lines of old Macs', 'train.jsonl', jsonLines(ROWS).replaceAll('\n', '\r')],
    ['mixed line ends', 'train.csv', csv().replace('\n', '\r\n')],
    ['no line end at the end', 'train.csv', csv().trimEnd()],
    ['a byte order mark', 'train.jsonl', `\uFEFF${jsonLines(ROWS)}`],
    [
      'a byte order mark at every line, as of files put together',
      'train.jsonl',
      lines(jsonLines(ROWS))
        .map((line) => `\uFEFF${line}\n`)
        .join(''),
    ],
    ['empty lines', 'train.jsonl', `\n\n${jsonLines(ROWS).replaceAll('\n', '\n\n')}\n`],
    ['zero bytes at the end', 'train.csv', `${csv()}\0\0\0\0`],
    ['zero bytes behind JSON', 'train.jsonl', `${jsonLines(ROWS)}\0\0`],
    ['the end-of-file of DOS', 'train.csv', `${csv()}\x1a`],
    ['a title above the header', 'train.csv', `관계 데이터 2024${','.repeat(11)}\n${csv()}`],
    ['remarks above the header', 'train.csv', `# exported\n# by hand\n\n${csv()}`],
    ['a title above the header of a sheet', 'train.xlsx', toXlsx([['관계 데이터 2024'], [null], HEADER, ...CELLS])],
    ['numbers as text in a sheet', 'train.xlsx', toXlsx([HEADER, ...changed([...START, ...END], String)])],
    [
      'a column of no use twice',
      'train.csv',
      csv(
        [...HEADER, 'memo', 'memo'],
        CELLS.map((cells) => [...cells, 'a', 'b']),
      ),
    ],
    [
      'pandas’ second column',
      'train.csv',
      csv(
        [...HEADER, 'label.1'],
        CELLS.map((cells) => [...cells, cells[10]!]),
      ),
    ],
    [
      'pandas’ index',
      'train.csv',
      csv(
        ['', ...HEADER],
        CELLS.map((cells, i) => [i, ...cells]),
      ),
    ],
    [
      'pandas’ index read again',
      'train.csv',
      csv(
        ['Unnamed: 0', ...HEADER],
        CELLS.map((cells, i) => [i, ...cells]),
      ),
    ],
    [
      'a comma behind every row',
      'train.csv',
      lines(csv())
        .map((line, i) => (i === 0 ? line : `${line},`))
        .join('\n'),
    ],
    ['spaces in the header', 'train.csv', csv(HEADER.map((name) => ` ${name} `))],
    [
      'camelCase',
      'train.csv',
      csv(HEADER.map((name) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()))),
    ],
    [
      'names of Spark’s and Django’s',
      'train.csv',
      csv(HEADER.map((name) => name.replace(/^(subject|object)_/, '$1_entity__'))),
    ],
    [
      'spaces around words',
      'train.csv',
      csv(
        HEADER,
        changed([2, 6], (word) => ` ${word} `),
      ),
    ],
    [
      'missing types of pandas',
      'train.csv',
      csv(
        HEADER,
        changed([5, 9], (type) => type ?? '<NA>'),
      ),
    ],
    [
      'missing types of Excel',
      'train.csv',
      csv(
        HEADER,
        changed([5, 9], (type) => type ?? '#N/A'),
      ),
    ],
    ['pandas’ columns', 'train.json', JSON.stringify(columns)],
    ['pandas’ index', 'train.json', JSON.stringify(Object.fromEntries(flat.entries()))],
    ['pandas’ split', 'train.json', JSON.stringify({ columns: HEADER, index: [0, 1, 2, 3], data: CELLS })],
    [
      'pandas’ table',
      'train.json',
      JSON.stringify({ schema: { fields: [] }, data: flat.map((row, index) => ({ index, ...row })) }),
    ],
    [
      'a ZIP archive as macOS makes it',
      'train.zip',
      zipSync({ 'data/train.csv': strToU8(csv()), '__MACOSX/data/._train.csv': strToU8('x') }),
    ],
    ['entities with more keys', 'train.jsonl', withEntities((entity) => ({ ...entity, id: 'T1', score: 0.9 }))],
    ['entities as text', 'train.jsonl', withEntities((entity) => JSON.stringify(entity))],
    [
      'offsets in quotes',
      'train.jsonl',
      withEntities((entity) => ({ ...entity, start_idx: `${entity.start_idx}`, end_idx: `${entity.end_idx}.0` })),
    ],
    ['objects over several lines', 'train.json', ROWS.map((row) => JSON.stringify(row, null, 2)).join('\n')],
    [
      'objects over several lines with commas',
      'train.jsonl',
      ROWS.map((row) => JSON.stringify(row, null, '\t')).join(',\n'),
    ],
    ['Python dicts, printed', 'train.jsonl', ROWS.map((row) => `${python(row)}\n`).join('')],
    [
      'JSON in ASCII',
      'train.json',
      JSON.stringify(ROWS).replace(
        /[^ -~]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ],
  ])('%s', async (_, name, content) => {
    const { rows, rejected } = await loadRows(file(name, content));
    expect(rows).toEqual(EXPECTED);
    expect(rejected).toEqual([]);
  });

  test.each<[what: string, name: string, content: string | Uint8Array, guids: readonly string[]]>([
    [
      'whole numbers',
      'train.csv',
      csv(
        HEADER,
        changed([0], (_, row) => row),
      ),
      ['0', '1', '2', '3'],
    ],
    [
      'whole numbers in JSON',
      'train.jsonl',
      jsonLines(ROWS.map((row, guid) => ({ ...row, guid }))),
      ['0', '1', '2', '3'],
    ],
    [
      'whole numbers in a sheet',
      'train.xlsx',
      toXlsx([HEADER, ...changed([0], (_, row) => row)]),
      ['0', '1', '2', '3'],
    ],
    [
      'whole numbers in Parquet',
      'train.parquet',
      toParquet(
        toColumns(
          HEADER,
          changed([0], (_, row) => row),
        ),
      ),
      ['0', '1', '2', '3'],
    ],
    [
      'what pandas writes for none',
      'train.csv',
      csv(
        HEADER,
        changed([0], (guid, row) => (row === 0 ? guid : 'nan')),
      ),
      [EXPECTED[0]!.guid, 'train.csv:2', 'train.csv:3', 'train.csv:4'],
    ],
  ])('guids: %s', async (_, name, content, guids) => {
    const { rows } = await loadRows(file(name, content));
    expect(rows.map(({ guid }) => guid)).toEqual(guids);
  });

  test('what was taken for a header is said', async () => {
    const path = file('train.csv', `관계 데이터 2024${','.repeat(11)}\n${csv()}`);
    expect((await loadRows(path)).notes.map(({ en }) => en)).toEqual([
      expect.stringContaining('train.csv: the header is taken from line 2.'),
    ]);
  });
});

describe('said', () => {
  const oneObject = (keys: string) => `the file holds one object with the keys ${keys}; expected a list of rows.`;
  test.each<[what: string, name: string, content: string | Uint8Array, message: string]>([
    [
      'two files in a ZIP archive',
      'data.zip',
      zipSync({ 'train.csv': strToU8(csv()), 'dev.csv': strToU8(csv()) }),
      'data.zip: the ZIP archive holds 2 files, and one is read: dev.csv, train.csv.\nUnpack it',
    ],
    [
      'a ZIP archive that was cut short',
      'data.zip',
      zipSync({ 'train.csv': strToU8(csv()) }).subarray(0, 80),
      'data.zip: the ZIP archive cannot be unpacked: invalid zip data.\nCheck that the file is complete.',
    ],
    [
      'no rows in a ZIP archive',
      'data.zip',
      zipSync({ '.DS_Store': strToU8('x'), 'in/': new Uint8Array() }),
      'data.zip: the ZIP archive holds no file of rows.',
    ],
    [
      'UTF-32',
      'train.csv',
      Buffer.from(Uint32Array.from(`\uFEFF${csv()}`, (character) => character.codePointAt(0)!).buffer),
      'it is text in UTF-32',
    ],
    [
      'Latin-1',
      'train.csv',
      Buffer.from('sentence,label\ncaf\xe9 bar,x\n', 'latin1'),
      'neither text in UTF-8, UTF-16 or CP949',
    ],
    ['a header alone', 'train.csv', csv(HEADER, []), 'train.csv has no rows.'],
    ['a header alone in a sheet', 'train.xlsx', toXlsx([HEADER]), 'train.xlsx has no rows.'],
    [
      'a column twice',
      'train.csv',
      csv(
        [...HEADER, 'label'],
        CELLS.map((cells) => [...cells, 'x']),
      ),
      'the header has the column label twice.\nRename or delete one',
    ],
    [
      'a guid twice',
      'train.csv',
      csv(
        HEADER,
        changed([0], () => 'x'),
      ),
      'rows 2, 3, 4, guid: found "x"; expected a guid that no other row has (row 1 has this one)',
    ],
    [
      'ends behind the word',
      'train.csv',
      csv(
        HEADER,
        changed(END, (end) => Number(end) + 1),
      ),
      'row 3, subject_end: found 3; expected 2, where the last character of "한세봄" is',
    ],
    [
      'offsets from 1',
      'train.csv',
      csv(
        HEADER,
        changed([...START, ...END], (at) => Number(at) + 1),
      ),
      'row 3, subject_start: found 1; expected 0 (offsets count from 0)',
    ],
    [
      'offsets in UTF-16 units',
      'train.jsonl',
      jsonLines([
        {
          ...ROW,
          subject_entity: {
            ...ROW.subject_entity,
            start_idx: ROW.subject_entity.start_idx + 1,
            end_idx: ROW.subject_entity.end_idx + 1,
          },
        },
      ]),
      'expected 11 (offsets count code points, from 0)',
    ],
    [
      'labels that are true or false',
      'train.jsonl',
      jsonLines(ROWS.map((row, i) => ({ ...row, label: i === 0 }))),
      'label: found true, false; expected the name of a relation',
    ],
    [
      'labels that are no whole numbers',
      'train.jsonl',
      jsonLines(ROWS.map((row) => ({ ...row, label: 0.5 }))),
      'label: found 0.5; expected the name of a relation',
    ],
    [
      'lists of labels',
      'train.jsonl',
      jsonLines(ROWS.map((row) => ({ ...row, label: [row.label] }))),
      'label: found ["org:founded_by"]',
    ],
    [
      'pandas’ missing label',
      'train.csv',
      csv(
        HEADER,
        changed([10], (label, row) => (row === 0 ? '<NA>' : label)),
      ),
      'row 1, label: found "<NA>"; expected the name of a relation',
    ],
    [
      'a blank label',
      'train.csv',
      csv(
        HEADER,
        changed([10], (label, row) => (row === 0 ? '  ' : label)),
      ),
      'row 1, label: found "  "; expected the name of a relation',
    ],
    [
      'a word that is missing',
      'train.csv',
      csv(['sentence', 'subject_entity', 'object_entity', 'label'], [['financial 나루', 'nan', '나루', 'x']]),
      'subject_entity.word: found "nan"; expected a text of the sentence',
    ],
    [
      'a word in other letters',
      'train.csv',
      csv(['sentence', 'subject_entity', 'object_entity', 'label'], [['Apple과 나루', 'apple', '나루', 'x']]),
      'found "apple"; expected a text of the sentence, which has "Apple"',
    ],
    [
      'pandas’ columns, cut short',
      'train.json',
      JSON.stringify({ sentence: { 0: '가' } }).slice(0, -1),
      'train.json is not valid JSON',
    ],
    [
      'pandas’ columns of other names',
      'train.json',
      JSON.stringify({ satz: { 0: '가' } }),
      'row 1, sentence: found nothing',
    ],
    ['a list within', 'train.json', JSON.stringify({ version: 1, data: ROWS }), oneObject('version, data')],
    ['lists for rows', 'train.json', JSON.stringify(CELLS), 'expected an object {guid, sentence,'],
    ['JSON encoded twice', 'train.json', JSON.stringify(JSON.stringify(ROWS)), 'it is JSON that was encoded twice'],
    ['JSON with a remark', 'train.json', `// rows\n${JSON.stringify(ROWS)}`, 'its first line, "// rows", is no header'],
    [
      'half of a list',
      'train.json',
      JSON.stringify(ROWS).slice(0, -40),
      'is not valid JSON: it ends within row 4.\nCheck that the file is complete',
    ],
    [
      'half of the objects',
      'train.json',
      ROWS.map((row) => JSON.stringify(row, null, 2))
        .join('\n')
        .slice(0, -40),
      'is not valid JSON: it ends within row 4.',
    ],
    ['half of gzip', 'train.jsonl.gz', gzipSync(jsonLines(ROWS)).subarray(0, 80), 'cannot be unpacked (gzip)'],
    [
      'half of Parquet',
      'train.parquet',
      toParquet(toColumns(HEADER, CELLS)).slice(0, 400),
      'cannot be read as Parquet',
    ],
    [
      'half of a workbook',
      'train.xlsx',
      toXlsx([HEADER, ...CELLS]).slice(0, 900),
      'cannot be read as an Excel workbook',
    ],
    [
      'thousands with commas',
      'train.csv',
      csv(
        HEADER,
        changed([3], (at) => `1,00${at}`),
      ),
      'subject_start: found "1,0011", "1,004", "1,000" and 1 more; expected a whole number',
    ],
    [
      'a table in one column',
      'train.csv',
      lines(csv())
        .map((line) => `"${line.replaceAll('"', '""')}"`)
        .join('\n'),
      'each line is one cell in quotes, with the whole row in it',
    ],
    ['typographic quotes', 'train.jsonl', jsonLines(ROWS).replaceAll('"', '“'), 'expected a complete JSON object'],
    [
      'a pointer of Git LFS',
      'train.csv',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      'it is a pointer of Git LFS, not the file itself',
    ],
    ['the page of an error', 'train.json', '<!DOCTYPE html><html><body>404</body></html>', 'it is XML or HTML'],
    ['Excel’s web page', 'train.xls', '<html><table><tr><td>sentence</td></tr></table></html>', 'it is XML or HTML'],
    [
      'other offsets',
      'train.jsonl',
      withEntities(({ word, start_idx, end_idx }) => ({ word, start: start_idx, end: end_idx })),
      'subject_entity.start_idx: found nothing (there is "start": 11, "end": 13)',
    ],
    [
      'offsets in a list',
      'train.jsonl',
      withEntities(({ word, start_idx, end_idx }) => ({ word, span: [start_idx, end_idx] })),
      'found nothing (there is "span": [11,13])',
    ],
    [
      'entities in lists',
      'train.jsonl',
      withEntities(({ word, start_idx }) => [word, start_idx]),
      'expected an object {word, start_idx, end_idx, type}',
    ],
    ['nothing', 'train.jsonl', 'null\n', 'its first line, "null", is no header of a table'],
  ])('%s', async (_, name, content, message) => {
    expect(await errorOf(file(name, content))).toContain(message);
  });
});
