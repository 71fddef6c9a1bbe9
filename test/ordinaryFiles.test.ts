import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import type { Example } from '../src/base/core/types.ts';
import { loadDataset } from '../src/base/data/loadDataset.ts';
import { loadRows, type RowsOptions } from '../src/base/data/loadRows.ts';
import { EXPECTED, errorOf, file, newFolder, ROW, ROWS } from './support/dataFiles.ts';
import {
  type Cell,
  CODECS,
  type Quoting,
  toColumns,
  toCp949,
  toCsv,
  toParquet,
  toUtf16,
  toXlsx,
} from './support/tables.ts';

/** Files as people have them, written by the tools they use: read, or refused with the cause, the place and what to do. */

const HEADER = [
  ...['guid', 'sentence', 'subject_word', 'subject_start', 'subject_end', 'subject_type'],
  ...['object_word', 'object_start', 'object_end', 'object_type', 'label', 'source'],
];
const CELLS: Cell[][] = ROWS.map(({ guid, sentence, subject_entity: s, object_entity: o, label, source }) => [
  ...[guid, sentence, s.word, s.start_idx, s.end_idx, s.type, o.word, o.start_idx, o.end_idx, o.type, label, source],
]);
const csv = (header: readonly Cell[] = HEADER, rows: readonly (readonly Cell[])[] = CELLS, delimiter = ',') =>
  toCsv([header, ...rows], delimiter);
const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Python's text of a row's entities, with numbers and missing values written in some way. */
const dictCsv = (
  number: (value: number) => string,
  nothing = 'None',
  text = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`,
) => {
  const dict = ({ word, start_idx, end_idx, type }: (typeof ROW)['subject_entity']) =>
    `{${text('word')}: ${text(word)}, ${text('start_idx')}: ${number(start_idx)}, ${text('end_idx')}: ${number(end_idx)}, ${text('type')}: ${type === null ? nothing : text(type)}}`;
  return csv(
    ['id', 'sentence', 'subject_entity', 'object_entity', 'label', 'source'],
    ROWS.map(({ guid, sentence, subject_entity, object_entity, label, source }) => [
      ...[guid, sentence, dict(subject_entity), dict(object_entity), label, source],
    ]),
  );
};

const KOREAN = [
  '번호',
  '문장',
  '주어',
  '주어시작',
  '주어끝',
  '주어유형',
  '목적어',
  '목적어시작',
  '목적어끝',
  '목적어유형',
  '관계',
  '출처',
];
const TITLE = HEADER.map((name) =>
  name.replace(/(^|_)([a-z])/g, (_, gap, letter) => (gap ? ' ' : '') + letter.toUpperCase()),
);

/** Rows that Windows' Korean code page has the characters for. */
const KOREAN_ONLY = CELLS.filter((cells) => toCp949(String(cells[1])) !== null);

describe('read, whatever it is called', () => {
  test.each<[what: string, name: string, content: string | Uint8Array]>([
    ['JSON lines called .json', 'train.json', jsonLines(ROWS)],
    ['a JSON list called .jsonl', 'train.jsonl', JSON.stringify(ROWS, null, 1)],
    ['a JSON list called .csv', 'train.csv', JSON.stringify(ROWS)],
    ['JSON with NaN, as Python writes it', 'train.json', JSON.stringify(ROWS).replaceAll('"type":null', '"type":NaN')],
    [
      'JSON of flat rows',
      'train.json',
      JSON.stringify(CELLS.map((cells) => Object.fromEntries(cells.map((c, i) => [HEADER[i], c])))),
    ],
    [
      'JSON with id and relation',
      'train.jsonl',
      jsonLines(ROWS.map(({ guid: id, label: relation, ...row }) => ({ id, ...row, relation }))),
    ],
    ['UTF-16 with tabs', 'train.tsv', toUtf16(csv(HEADER, CELLS, '\t'))],
    ['UTF-16, big-endian, JSON', 'train.json', toUtf16(JSON.stringify(ROWS), true)],
    ['UTF-8 with BOM', 'train.csv', `\uFEFF${csv()}`],
    ['semicolons', 'train.csv', csv(HEADER, CELLS, ';')],
    ['tabs called .csv', 'train.csv', csv(HEADER, CELLS, '\t')],
    ['Excel’s sep line', 'train.csv', `sep=;\r\n${toCsv([HEADER, ...CELLS], ';', 'needed', '\r\n')}`],
    ['Excel’s empty rows at the end', 'train.csv', csv() + `${','.repeat(HEADER.length - 1)}\n`.repeat(5)],
    [
      'Excel’s empty columns at the end',
      'train.csv',
      csv(
        [...HEADER, '', ''],
        CELLS.map((cells) => [...cells, '', '']),
      ),
    ],
    ['carriage returns alone', 'train.csv', toCsv([HEADER, ...CELLS], ',', 'needed', '\r')],
    ['spaces around quotes', 'train.csv', toCsv([HEADER, ...CELLS], ', ', 'all')],
    ['Title Case', 'train.csv', csv(TITLE)],
    ['Korean headers', 'train.csv', csv(KOREAN)],
    ['relation for label', 'train.csv', csv(HEADER.map((name) => (name === 'label' ? 'relation' : name)))],
    [
      'pandas’ json_normalize',
      'train.csv',
      csv(
        HEADER.map((name) =>
          name.replace(
            /^(subject|object)_(.*)/,
            (_, role, part) => `${role}_entity.${part}${/start|end/.test(part) ? '_idx' : ''}`,
          ),
        ),
      ),
    ],
    [
      'floats for offsets',
      'train.csv',
      csv(
        HEADER,
        CELLS.map((cells) => cells.map((cell) => (typeof cell === 'number' ? `${cell}.0` : cell))),
      ),
    ],
    ['numpy 2 in dict text', 'train.csv', dictCsv((value) => `np.int64(${value})`)],
    ['nan for types in dict text', 'train.csv', dictCsv(String, 'nan')],
    ['JSON for dict text', 'train.csv', dictCsv(String, 'null', JSON.stringify)],
    ['gzip', 'train.jsonl.gz', gzipSync(jsonLines(ROWS))],
    ['gzip called .csv, in UTF-16', 'train.csv', gzipSync(toUtf16(csv()))],
    ['gzip of Parquet', 'train.parquet.gz', gzipSync(toParquet(toColumns(HEADER, CELLS)))],
    ['Excel', 'train.xlsx', toXlsx([HEADER, ...CELLS])],
    ['Excel called .csv, its second sheet', 'train.csv', toXlsx([HEADER, ...CELLS, [null, null]], ['notes', 'rows'])],
    ...CODECS.map((codec): [string, string, Uint8Array] => [
      `flat Parquet, ${codec}`,
      'train.parquet',
      toParquet(toColumns(HEADER, CELLS), codec),
    ]),
  ])('%s', async (_, name, content) => {
    const { rows, rejected } = await loadRows(file(name, content));
    expect(rows).toEqual(EXPECTED);
    expect(rejected).toEqual([]);
  });

  test('CP949', async () => {
    const { rows } = await loadRows(file('train.csv', toCp949(csv(HEADER, KOREAN_ONLY))!));
    expect(rows).toEqual(EXPECTED.filter(({ guid }) => KOREAN_ONLY.some(([own]) => own === guid)));
    expect(rows.length).toBeGreaterThan(1);
  });

  test('words without offsets are found in the sentence', async () => {
    const header = ['id', 'sentence', 'subject_entity', 'object_entity', 'label'];
    const rows = ROWS.map(({ guid, sentence, subject_entity: s, object_entity: o, label }) => [
      guid,
      sentence,
      s.word,
      o.word,
      label,
    ]);
    const untyped = EXPECTED.map((row) => ({
      ...row,
      subject: { ...row.subject, type: null },
      object: { ...row.object, type: null },
      source: null,
    }));
    for (const content of [
      csv(header, rows),
      jsonLines(rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [header[i], cell])))),
      toXlsx([header, ...rows]),
    ])
      expect((await loadRows(file('train.csv', content))).rows).toEqual(untyped);
    expect(await errorOf(file('train.csv', csv(header, [['a', '가나 다 가나', '가나', '다', 'x']])))).toContain(
      'row 1, subject_entity.word: found "가나"; expected offsets, as the word occurs 2 times, at 0, 5',
    );
    expect(await errorOf(file('train.csv', csv(header, [['a', '가나 다', '라', '다', 'x']])))).toContain(
      'row 1, subject_entity.word: found "라"; expected a text of the sentence',
    );
  });

  test('columns of any names, named by the user', async () => {
    const own = HEADER.map((_, i) => `열${i}`);
    const names = [
      'guid',
      'sentence',
      'subject',
      'subject_start',
      'subject_end',
      'subject_type',
      'object',
      'object_start',
      'object_end',
      'object_type',
      'label',
      'source',
    ];
    const columns = Object.fromEntries(names.map((name, i) => [name, own[i]!]));
    for (const content of [
      csv(own),
      csv(own, CELLS, ';'),
      toXlsx([own, ...CELLS]),
      toParquet(toColumns(own, CELLS)),
      JSON.stringify(CELLS.map((cells) => Object.fromEntries(cells.map((cell, i) => [own[i], cell])))),
    ])
      expect((await loadRows(file('train.csv', content), { columns })).rows).toEqual(EXPECTED);
    expect(await errorOf(file('train.csv', csv()), { columns: { sentence: '없음' } })).toContain(
      'there is no column 없음, which --columns names for sentence. Found: guid, sentence,',
    );
    const headTail = csv(
      ['sentence', 'relation', 'head', 'head_offset', 'tail', 'tail_offset'],
      CELLS.map((c) => [c[1]!, c[10]!, c[2]!, c[3]!, c[6]!, c[7]!]),
    );
    const { rows } = await loadRows(file('train.csv', headTail), {
      columns: { subject: 'head', subject_start: 'head_offset', object: 'tail', object_start: 'tail_offset' },
    });
    expect(rows.map(({ subject, object, label }) => [subject.end, object.end, label])).toEqual(
      EXPECTED.map(({ subject, object, label }) => [subject.end, object.end, label]),
    );
  });

  test('quotes as they are', async () => {
    const plain = CELLS.filter(([, sentence]) => !/[;\t]/.test(String(sentence)));
    const sentence = '그는 "안녕"이라고 서지우에게 말한 윤하람이다.';
    const quoted: Cell[] = ['q-1', sentence, '윤하람', 20, 22, 'PER', '서지우', 11, 13, 'PER', 'no_relation', 'x'];
    const first: Cell[] = [
      'q-2',
      '"안녕" 하고 서지우에게 말한 윤하람이다.',
      '윤하람',
      17,
      19,
      'PER',
      '서지우',
      8,
      10,
      'PER',
      'no_relation',
      'x',
    ];
    const all: Cell[] = [
      'q-3',
      '"윤하람이 서지우에게 말했다."',
      '윤하람',
      1,
      3,
      'PER',
      '서지우',
      6,
      8,
      'PER',
      'no_relation',
      'x',
    ];
    const half: Cell[] = [
      'q-4',
      '"윤하람이 서지우에게 말했다.',
      '윤하람',
      1,
      3,
      'PER',
      '서지우',
      6,
      8,
      'PER',
      'no_relation',
      'x',
    ];
    for (const rows of [
      [quoted, ...plain],
      [first, ...plain],
      [quoted, all, ...plain],
      [half, ...plain],
      [quoted, half, ...plain, half.with(0, 'q-5')],
    ])
      for (const [name, delimiter] of [
        ['train.tsv', '\t'],
        ['train.csv', ';'],
      ] as const) {
        const { rows: read } = await loadRows(file(name, toCsv([HEADER, ...rows], delimiter, 'none')));
        expect(read.map((row) => row.sentence)).toEqual(rows.map((cells) => cells[1]));
      }
    const lax = `${HEADER.join(',')}\nl-1,"가나, "다라" 마, 바사",가나,0,1,,바사,12,13,,x,\n`;
    expect((await loadRows(file('train.csv', lax))).rows[0]).toMatchObject({ sentence: '가나, "다라" 마, 바사' });
  });

  test('what was taken is reported, once', async () => {
    const notes = async (name: string, content: string | Uint8Array) =>
      (await loadRows(file(name, content))).notes.map((note) => note.en.replace(/^\S*\//, ''));
    expect(await notes('train.csv', csv())).toEqual([]);
    expect(await notes('train.csv', `\uFEFF${csv()}`)).toEqual([]);
    expect(await notes('train.csv', toCp949(csv(HEADER, KOREAN_ONLY, ';'))!)).toEqual([
      'train.csv is read as CP949 (Korean Windows).',
      'train.csv: cells are separated by semicolons.',
    ]);
    expect(await notes('train.csv', gzipSync(toUtf16(csv(HEADER, CELLS, '\t'))))).toEqual([
      'train.csv is unpacked (gzip).',
      'train.csv is read as UTF-16.',
      'train.csv: cells are separated by tabs.',
    ]);
    expect(await notes('train.xlsx', toXlsx([HEADER, ...CELLS], ['notes', 'rows']))).toEqual([
      'train.xlsx: the sheet rows is read, of 2.',
    ]);
  });
});

describe('folders', () => {
  const settings = {
    seed: 1,
    trainRows: null,
    evalRows: null,
    onBadRow: 'error',
    columns: null,
    out: newFolder(),
  } as const;
  const folderOf = (files: Readonly<Record<string, string | Uint8Array>>) => {
    const folder = newFolder();
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return folder;
  };
  const load = (files: Readonly<Record<string, string | Uint8Array>>) =>
    loadDataset({ ...settings, data: folderOf(files) }, silentReporter);
  const shard = (i: number) => jsonLines([{ ...ROW, guid: `s-${i}` }]);

  test('hidden files are left out', async () => {
    const apple = Uint8Array.of(0, 5, 0x16, 7, 0, 2, 0, 0);
    const { train, test } = await load({
      'train.json': JSON.stringify(ROWS),
      'dev.json': JSON.stringify(ROWS),
      '._train.json': apple,
      '._dev.json': apple,
      '.DS_Store': apple,
    });
    expect([train, test]).toEqual([EXPECTED, EXPECTED]);
  });

  test('shards are read together, in order', async () => {
    const files = {
      'train-00002-of-00003.jsonl': shard(2),
      'train-00000-of-00003.jsonl': shard(0),
      'test.jsonl': shard(9),
    };
    const { train, files: read } = await load({ ...files, 'train-00001-of-00003.jsonl': shard(1) });
    expect(train.map(({ guid }) => guid)).toEqual(['s-0', 's-1', 's-2']);
    expect(read.map(({ path, rows }) => [path, rows])).toEqual([
      ['train-*-of-00003.jsonl', 3],
      ['test.jsonl', 1],
    ]);
    await expect(load(files)).rejects.toThrow('lacks train-00001-of-00003.jsonl: the rows are in 3 files.');
    await expect(load({ 'train-00000-of-00002.jsonl': shard(1), 'test.jsonl': shard(9) })).rejects.toThrow(
      'lacks train-00001-of-00002.jsonl',
    );
    await expect(load({ ...files, 'train-00001-of-00003.jsonl': shard(0) })).rejects.toThrow(
      'train-00001-of-00003.jsonl: 1 of 1 rows is invalid',
    );
  });

  test('a table called .txt, where nothing else is there', async () => {
    const { train } = await load({ 'train.txt': csv(HEADER, CELLS, '\t'), 'dev.json': JSON.stringify(ROWS) });
    expect(train).toEqual(EXPECTED);
  });

  test('texts of brat, each with a file of its own: by their names, or in folders of their own', async () => {
    const annotations = 'T1\tORG 0 4\t한빛전자\nT2\tPER 6 9\t서지우\nR1\torg:founded_by Arg1:T1 Arg2:T2\n';
    const text = '한빛전자 \n서지우';
    const both = (name: string) => ({ [`${name}.ann`]: annotations, [`${name}.txt`]: text });
    const { train, test } = await load({ ...both('train-001'), ...both('train-002'), ...both('dev-001') });
    expect(train.map(({ guid, label }) => [guid, label])).toEqual([
      ['train-001~0-1', 'org:founded_by'],
      ['train-002~0-1', 'org:founded_by'],
    ]);
    expect(test.map(({ object }) => object)).toEqual([{ word: '서지우', start: 6, end: 8, type: 'PER' }]);
  });

  test.each<[tool: string, files: Readonly<Record<string, string | Uint8Array>>]>([
    ['Arrow files (Dataset.save_to_disk)', { 'dataset_dict.json': '{"splits": ["train"]}' }],
    [
      'Arrow files (Dataset.save_to_disk)',
      { 'data-00000-of-00001.arrow': Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0) },
    ],
  ])('%s is named', async (tool, files) => {
    await expect(load(files)).rejects.toThrow(tool);
  });
});

describe('refused, with the cause and what to do', () => {
  const entity = { word: '나루결', start_idx: 11, end_idx: 13 };
  test.each<[what: string, name: string, content: string | Uint8Array, message: string]>([
    [
      'integer labels without names',
      'train.csv',
      csv(
        HEADER,
        CELLS.map((cells, i) => cells.with(10, i)),
      ),
      'rows 1, 2, 3 and 1 more, label: found 0, 1, 2 and 1 more; expected the name of a relation (ids need their names in relation_list.json beside the file)',
    ],
    [
      'the same in Parquet',
      'train.parquet',
      toParquet(
        toColumns(
          HEADER,
          CELLS.map((cells) => cells.with(10, 1)),
        ),
      ),
      'label: found 1; expected the name of a relation (ids need',
    ],
    [
      'labels of another normal form',
      'train.jsonl',
      jsonLines(['설립', '설립'.normalize('NFD')].map((label, i) => ({ ...ROW, guid: i, label }))),
      `"설립" (U+C124 U+B9BD) (first in row 1) and "${'설립'.normalize('NFD')}" (U+1109 U+1165 U+11AF U+1105 U+1175 U+11B8) (first in row 2) differ only in their Unicode normal form`,
    ],
    [
      'labels with spaces',
      'train.jsonl',
      jsonLines(['a:b', 'a:b '].map((label, i) => ({ ...ROW, guid: i, label }))),
      'the labels "a:b" (first in row 1) and "a:b " (U+0020) (first in row 2) differ only in spaces',
    ],
    [
      'labels in another case',
      'train.jsonl',
      jsonLines(['a:b', 'A:B'].map((label, i) => ({ ...ROW, guid: i, label }))),
      'differ only in letter case',
    ],
    [
      'types with spaces',
      'train.jsonl',
      jsonLines(['PER', 'PER\u200b'].map((type, i) => ({ ...ROW, guid: i, subject_entity: { ...entity, type } }))),
      'the entity types "PER" (first in row 1) and "PER\u200b" (U+200B) (first in row 2) differ only in spaces or invisible characters',
    ],
    [
      'null as a label',
      'train.csv',
      csv(
        HEADER,
        CELLS.map((cells, i) => cells.with(10, ['nan', 'null', ' ', 'x'][i]!)),
      ),
      'rows 1, 2, 3, label: found "nan", "null", " "; expected the name of a relation',
    ],
    [
      'a type under another key',
      'train.jsonl',
      jsonLines([{ ...ROW, subject_entity: { ...entity, label: 'ORG' } }]),
      'subject_entity.type: found nothing (there is "label": "ORG"); expected the type under the key "type"',
    ],
    [
      'offsets under other keys',
      'train.jsonl',
      jsonLines([{ ...ROW, subject_entity: { word: '나루결', begin: 11, stop: 13, type: 'ORG' } }]),
      'subject_entity.start_idx: found nothing (there is "begin": 11, "stop": 13); expected offsets under start_idx and end_idx',
    ],
    [
      'a label under another key',
      'train.jsonl',
      jsonLines([{ ...ROW, label: undefined, predicate: 'x' }]),
      'label: found nothing (there is "predicate"); expected the name of a relation',
    ],
    [
      'a missing key, once',
      'train.json',
      JSON.stringify(
        Array.from({ length: 400 }, (_, i) => ({ ...ROW, guid: i, sentence: undefined, utterance: '가' })),
      ),
      'rows 1, 2, 3 and 397 more, sentence: found nothing (there is "utterance"); expected',
    ],
    [
      'a missing column',
      'train.csv',
      csv(HEADER.map((name) => (name === 'sentence' ? 'content' : name))),
      'there is no column sentence. Found: guid, content,',
    ],
    [
      'a missing column of Parquet',
      'train.parquet',
      toParquet(toColumns(HEADER.with(2, 'head'), CELLS)),
      'there is no column subject. Found: guid, sentence, head,',
    ],
    [
      'a comma after the last row',
      'train.json',
      `[\n${JSON.stringify(ROW)},\n]`,
      'there is a comma after the last row (row 1).',
    ],
    [
      'commas between JSON lines',
      'train.jsonl',
      ROWS.map((row) => `${JSON.stringify(row)},\n`).join(''),
      'rows 1, 2, 3 and 1 more, line: found a comma after the object; expected the object alone',
    ],
    [
      'one object',
      'train.json',
      JSON.stringify({ version: 1, data: ROWS }, null, 2),
      'the file holds one object with the keys version, data; expected a list of rows',
    ],
    [
      'a list within an object',
      'train.json',
      JSON.stringify({ rows: [] }),
      'From pandas: DataFrame.to_json("train.json", orient="records"',
    ],
    ['a ZIP archive of other files', 'train.zip', zipArchive(), 'xx/workbook.txt: its first line,'],
    ['Arrow', 'train.json', Buffer.from('ARROW1\0\0'), 'it is an Arrow file (Dataset.save_to_disk)'],
    [
      '.xls',
      'train.csv',
      Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0, 0),
      'it is in the format of Excel 97 to 2003 (.xls), which korex does not read.\nSave it as .xlsx or as CSV UTF-8.',
    ],
    ['damaged gzip', 'train.json.gz', gzipSync(JSON.stringify(ROWS)).subarray(0, 60), 'cannot be unpacked (gzip)'],
    [
      'TACRED',
      'train.json',
      JSON.stringify([{ token: ['a'], subj_start: 0, subj_end: 0, obj_start: 1, obj_end: 1, relation: 'x' }]),
      'its offsets do not fit its texts in any way of counting',
    ],
    ['DeepKE', 'train.csv', 'sentence,relation,head,head_offset,tail,tail_offset\n', 'has no rows'],
    [
      'doccano’s spans',
      'train.jsonl',
      jsonLines([{ id: 1, text: '가', label: [[0, 1, 'ORG']] }]),
      'no text has a pair of entities',
    ],
    [
      'Label Studio',
      'project.json',
      JSON.stringify([{ id: 0, data: { text: '가' }, annotations: [] }]),
      'no text has a pair of entities',
    ],
    [
      'Prodigy',
      'train.jsonl',
      jsonLines([{ text: '가', tokens: [], spans: [], relations: [] }]),
      'no text has a pair of entities',
    ],
    ['spaCy’s DocBin', 'train.spacy', Uint8Array.of(0x78, 0x9c, 0xff, 0x80, 0, 1, 0x80), 'it is spaCy’s DocBin'],
    ['WebAnno', 'train.tsv', '#FORMAT=WebAnno TSV 3.3\n\n#Text=가\n', 'a text that is not blank'],
    ['UIMA CAS', 'train.xmi', '<?xml version="1.0"?>\n<xmi:XMI xmlns:xmi="x"/>', 'it is a UIMA CAS'],
    [
      'GLiREL',
      'train.jsonl',
      jsonLines([{ tokenized_text: ['가'], ner: [], relations: [] }]),
      'no text has a pair of entities',
    ],
  ])('%s', async (_, name, content, message) => {
    expect(await errorOf(file(name, content))).toContain(message);
  });

  test('other tools are told what korex needs', async () => {
    expect(await errorOf(file('train.jsonl', jsonLines([{ vertexSet: [], sents: [] }])))).toContain(
      'the columns sentence, subject_word, subject_start,',
    );
  });

  test('integer labels take their names from relation_list.json', async () => {
    const list = { relations: ['가', '나', '다', '라'] };
    const rows = CELLS.map((cells, i) => cells.with(10, i));
    for (const content of [
      csv(HEADER, rows),
      toXlsx([HEADER, ...rows]),
      toParquet(toColumns(HEADER, rows)),
      csv(
        HEADER,
        rows.map((cells) => cells.with(10, `${cells[10]}.0`)),
      ),
    ])
      expect((await loadRows(file('train.csv', content, list))).rows.map(({ label }) => label)).toEqual(list.relations);
  });
});

describe('a bad row is one bad row', () => {
  const skip: RowsOptions = { onBadRow: 'skip' };
  test.each<[what: string, content: string | Uint8Array, problem: string]>([
    [
      'a missing offset among floats',
      csv(
        HEADER,
        CELLS.map((cells, i) =>
          i === 1 ? cells.with(3, '') : cells.map((cell) => (typeof cell === 'number' ? `${cell}.0` : cell)),
        ),
      ),
      'subject_start',
    ],
    ['a quote that nobody closes', csv().replace(`\n${CELLS[1]![0]},`, `\n${CELLS[1]![0]},"`), 'subject_word'],
    [
      'too few cells',
      csv().replace(/(\n[^,\n]*,)[^\n]*(?=\n[^,\n]*,[^\n]*,[^\n]*,[^\n]*\n[^\n]*\n$)/, '$1'),
      'number of cells',
    ],
    ['bytes that are no characters', withBadByte(csv(), '𠮷'), 'line'],
    ['bytes of JSON that are no characters', withBadByte(jsonLines(ROWS), '𠮷'), 'sentence'],
    ['a broken JSON line', jsonLines(ROWS).replace('\n{', '\n{,'), 'line'],
    ['a broken row of a JSON list', JSON.stringify(ROWS).replace('},{"guid"', '},{guid'), 'line'],
  ])('%s', async (_, content, field) => {
    const { rows, rejected } = await loadRows(file('train.csv', content), skip);
    expect(rows).toEqual(EXPECTED.toSpliced(1, 1));
    expect(rejected.map(({ problems }) => problems[0]!.field)).toEqual([field]);
  });
});

describe('texts that look alike', () => {
  test.each<[what: string, change: (text: string) => string]>([
    ['NFD', (text) => text.normalize('NFD')],
    ['zero-width spaces', (text) => [...text].join('\u200b')],
    ['no-break spaces', (text) => text.replaceAll(' ', '\u00a0')],
  ])('a sentence with %s: words in their usual form, offsets of the sentence as given', async (_, change) => {
    const rows = ROWS.map(({ sentence, subject_entity, object_entity, ...row }) => {
      const place = ({ word, start_idx, type }: typeof subject_entity) => {
        const before =
          [...change([...sentence].slice(0, start_idx).join(''))].length +
          (_ === 'zero-width spaces' && start_idx > 0 ? 1 : 0);
        return { word, start_idx: before, end_idx: before + [...change(word)].length - 1, type };
      };
      return {
        ...row,
        sentence: change(sentence),
        subject_entity: place(subject_entity),
        object_entity: place(object_entity),
      };
    });
    const { rows: read } = await loadRows(file('train.jsonl', jsonLines(rows)));
    for (const [i, { sentence, subject, object }] of read.entries()) {
      expect(sentence).toBe(rows[i]!.sentence);
      expect([subject.word, object.word]).toEqual(
        [rows[i]!.subject_entity.word, rows[i]!.object_entity.word].map(change),
      );
    }
    const found = await loadRows(
      file(
        'train.jsonl',
        jsonLines(
          rows.map(({ subject_entity: s, object_entity: o, ...row }) => ({
            ...row,
            subject_entity: { word: s.word, type: s.type },
            object_entity: { word: o.word, type: o.type },
          })),
        ),
      ),
    );
    expect(found.rows).toEqual(read);
  });

  test('what only looks the same is shown in code points', async () => {
    const list = { relations: ['org:founded_by', 'x'] };
    expect(await errorOf(file('train.jsonl', jsonLines([{ ...ROW, label: 'org:founded_by\u00a0' }]), list))).toContain(
      'label: found "org:founded_by\u00a0" (U+00A0); expected "org:founded_by", which looks like it',
    );
    const wide = { sentence: 'Ａ사는 나루의 회사다.', subject_entity: { word: 'A사', start_idx: 0, end_idx: 1 } };
    const object_entity = { word: '나루', start_idx: 4, end_idx: 5 };
    expect(await errorOf(file('train.jsonl', jsonLines([{ ...wide, object_entity, label: 'x' }])))).toContain(
      'subject_entity.word: found "A사" (U+0041); expected "Ａ사" (U+FF21), the text at 0 to 1',
    );
  });
});

/** Rows of any words, and a file that holds them in one of the ways that programs write: all read to the same rows. */
describe('variations', () => {
  const syllable = fc.constantFrom(...'가나다람빛전자쀍힣각');
  const word = fc.string({ unit: syllable, minLength: 1, maxLength: 4 });
  const filler = fc.string({ unit: fc.constantFrom(..."은의 에서.,;…“”'", 'abc', '12', ' '), maxLength: 8 });
  const type = fc.constantFrom('PER', 'ORG', null);
  const row = fc.record({
    texts: fc.tuple(filler, word, filler, word, filler),
    subjectFirst: fc.boolean(),
    types: fc.tuple(type, type),
    label: fc.constantFrom('관계 없음', 'per:title', 'org:founded_by'),
    quote: fc.constantFrom('', '"', '""', '"인용" '),
    lines: fc.constantFrom('', '\n', '\t'),
  });
  const variation = fc.record({
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
    layout: fc.constantFrom('klue', 'flat', 'dict', 'jsonText', 'words'),
    format: fc.constantFrom('list', 'lines', 'csv', 'csv', 'csv', 'xlsx', 'parquet'),
    encoding: fc.constantFrom('utf8', 'bom', 'cp949', 'utf16le', 'utf16be'),
    header: fc.constantFrom('own', 'title', 'korean', 'klue'),
    delimiter: fc.constantFrom(',', ';', '\t'),
    quoting: fc.constantFrom<Quoting>('needed', 'all', 'none'),
    end: fc.constantFrom('\n', '\r\n'),
    extras: fc.record({
      sep: fc.boolean(),
      emptyRows: fc.nat(3),
      gzip: fc.boolean(),
      indent: fc.constantFrom(0, 2),
      floats: fc.boolean(),
    }),
    order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    form: fc.constantFrom('nfc', 'nfd', 'zeroWidth', 'noBreak'),
    wordForm: fc.constantFrom('same', 'nfc'),
    codec: fc.constantFrom(...CODECS),
    ending: fc.constantFrom('.json', '.jsonl', '.csv', '.tsv', '.txt', '.data'),
  });
  type Variation = typeof variation extends fc.Arbitrary<infer Value> ? Value : never;

  const FORMS: Readonly<Record<Variation['form'], (text: string) => string>> = {
    nfc: (text) => text,
    nfd: (text) => text.normalize('NFD'),
    zeroWidth: (text) => text.replaceAll('나', '나\u200b'),
    noBreak: (text) => text.replaceAll(' ', '\u00a0'),
  };

  function examplesOf({ rows, form, quoting, format, layout }: Variation): Example[] {
    // Where quotes and line ends are not written so that they can be told apart, there are none.
    const isTable = format === 'csv';
    const isPlain = isTable && quoting === 'none';
    return rows.map(({ texts, subjectFirst, types, label, quote, lines }, i) => {
      const [before, first, between, second, after] = texts.map(FORMS[form]) as [
        string,
        string,
        string,
        string,
        string,
      ];
      const separators = isPlain ? /[",;\t\n]/g : /(?!)/g;
      const clean = (text: string) => text.replace(separators, '');
      // Words that occur once need no offsets: brackets are in no other text.
      const [one, two] = layout === 'words' ? [`〔${first}〕`, `〈${second}〉`] : [first, second];
      const head = `말${clean(before + (isPlain ? '' : quote))}`;
      const middle = ` ${clean(between + (isPlain ? '' : lines))}`;
      const sentence = `${head}${one}${middle}${two}${clean(after)}끝`;
      const start = [...head].length;
      const next = [...head, ...one, ...middle].length;
      const places = [
        { word: one, start, end: start + [...one].length - 1 },
        { word: two, start: next, end: next + [...two].length - 1 },
      ] as const;
      const [subject, object] = subjectFirst ? places : [places[1], places[0]];
      return {
        guid: `r-${i}`,
        sentence,
        subject: { ...subject, type: layout === 'words' ? null : types[0] },
        object: { ...object, type: layout === 'words' ? null : types[1] },
        label,
        source: null,
      };
    });
  }

  const NAMES: Readonly<Record<Variation['header'], readonly string[]>> = {
    own: HEADER,
    title: TITLE,
    korean: KOREAN,
    klue: HEADER.map((name) => name.replace(/_(start|end)$/, '_$1_idx').replace(/^guid$/, 'id')),
  };

  /** Names and cells of the layout; null for KLUE's own, which no table has. */
  function tableOf(v: Variation, examples: readonly Example[]): { names: string[]; rows: Cell[][] } {
    const word = (text: string) =>
      v.wordForm === 'nfc' ? text.replaceAll('\u200b', '').replaceAll('\u00a0', ' ').normalize('NFC') : text;
    const number = (value: number): Cell => (v.extras.floats && v.format === 'csv' ? `${value}.0` : value);
    const names = NAMES[v.header];
    const name = (index: number) => names[index]!;
    const entityNames = v.header === 'korean' ? ['주어', '목적어'] : ['subject_entity', 'object_entity'];
    const dict = ({ word: text, start, end, type }: Example['subject']) =>
      v.layout === 'jsonText'
        ? JSON.stringify({ word: word(text), start_idx: start, end_idx: end, type })
        : `{'word': '${word(text)}', 'start_idx': ${v.extras.floats ? `np.int64(${start})` : start}, 'end_idx': ${end}, 'type': ${type === null ? 'nan' : `'${type}'`}}`;
    const columns: [string, (row: Example) => Cell][] =
      v.layout === 'flat' || v.layout === 'klue'
        ? [
            [name(0), (row) => row.guid],
            [name(1), (row) => row.sentence],
            [name(2), (row) => word(row.subject.word)],
            [name(3), (row) => number(row.subject.start)],
            [name(4), (row) => number(row.subject.end)],
            [name(5), (row) => row.subject.type],
            [name(6), (row) => word(row.object.word)],
            [name(7), (row) => number(row.object.start)],
            [name(8), (row) => number(row.object.end)],
            [name(9), (row) => row.object.type],
            [name(10), (row) => row.label],
            [name(11), () => null],
          ]
        : [
            [name(0), (row) => row.guid],
            [name(1), (row) => row.sentence],
            [entityNames[0]!, (row) => (v.layout === 'words' ? word(row.subject.word) : dict(row.subject))],
            [entityNames[1]!, (row) => (v.layout === 'words' ? word(row.object.word) : dict(row.object))],
            [name(10), (row) => row.label],
          ];
    const sorted = columns
      .map((column, i) => [v.order[i]!, column] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, column]) => column);
    return {
      names: sorted.map(([column]) => column),
      rows: examples.map((row) => sorted.map(([, cell]) => cell(row))),
    };
  }

  function contentOf(v: Variation, examples: readonly Example[]): Uint8Array {
    const { names, rows } = tableOf(v, examples);
    if (v.format === 'xlsx') return toXlsx([names, ...rows, ...Array<Cell[]>(v.extras.emptyRows).fill([null])]);
    if (v.format === 'parquet') return toParquet(toColumns(names, rows), v.codec);
    return encoded(v, textOf(v, examples, names, rows));
  }

  function textOf(
    v: Variation,
    examples: readonly Example[],
    names: readonly string[],
    rows: readonly (readonly Cell[])[],
  ): string {
    if (v.format === 'csv') {
      const plain = v.layout === 'dict' || v.layout === 'jsonText' ? 'needed' : v.quoting;
      const table = toCsv(
        [names, ...rows, ...Array<Cell[]>(v.extras.emptyRows).fill(names.map(() => null))],
        v.delimiter,
        plain,
        v.end,
      );
      return (v.extras.sep ? `sep=${v.delimiter}${v.end}` : '') + table;
    }
    const entity = ({ word, start, end, type }: Example['subject']) => ({ word, start_idx: start, end_idx: end, type });
    const objects: unknown[] =
      v.layout === 'klue'
        ? examples.map(({ subject, object, ...row }) => ({
            ...row,
            subject_entity: entity(subject),
            object_entity: entity(object),
          }))
        : rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i]!, cell])));
    return v.format === 'list'
      ? JSON.stringify(objects, null, v.extras.indent)
      : objects.map((object) => JSON.stringify(object) + v.end).join('');
  }

  function encoded({ encoding }: Variation, text: string): Uint8Array {
    if (encoding === 'utf16le' || encoding === 'utf16be') return toUtf16(text, encoding === 'utf16be');
    return (encoding === 'cp949' && toCp949(text)) || Buffer.from(encoding === 'bom' ? `\uFEFF${text}` : text);
  }

  const numRuns = Number(process.env.KOREX_VARIATIONS ?? 300);

  test(`${numRuns} files: the same rows (KOREX_VARIATIONS=10000 for more)`, {
    timeout: 30_000 + 30 * numRuns,
  }, async () => {
    const path = join(newFolder(), 'rows');
    mkdirSync(path);
    await fc.assert(
      fc.asyncProperty(variation, async (v) => {
        const examples = examplesOf(v);
        const content = contentOf(v, examples);
        const name = join(path, `train${v.ending}`);
        writeFileSync(name, v.extras.gzip ? gzipSync(content) : content);
        const { rows } = await loadRows(name);
        expect(rows).toEqual(examples);
      }),
      { numRuns },
    );
  });
});

/** A text of which the first byte of a character is none of UTF-8. */
function withBadByte(text: string, character: string): Uint8Array {
  const bytes = Buffer.from(text);
  bytes[bytes.indexOf(character)] = 0xff;
  return bytes;
}

/** A ZIP archive with a text in it. */
function zipArchive(): Uint8Array {
  const workbook = Buffer.from(toXlsx([['a']]));
  return Buffer.from(workbook.toString('latin1').replaceAll('xl/workbook.xml', 'xx/workbook.txt'), 'latin1');
}
