import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { LabelSet } from '../../core/types.ts';
import { localStorage } from '../../storage/localStorage.ts';
import type { RawRow } from '../formats/format.ts';
import { hubParquet } from '../formats/hubParquet.ts';
import { openRows } from '../openRows.ts';
import { divisionsOf, type FileRange, openRange } from './openRange.ts';

const folder = mkdtempSync(join(tmpdir(), 'korex-ranges-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Numbered = Pick<RawRow, 'number' | 'value'> & { readonly bad: boolean };
const plain = ({ number, value, problem }: RawRow): Numbered => ({ number, value, bad: problem !== undefined });

async function rowsOfFile(path: string): Promise<Numbered[]> {
  const opened = await openRows(path, { columns: null });
  const rows: Numbered[] = [];
  for await (const row of opened.rows) rows.push(plain(row));
  await opened.close();
  return rows;
}

/** The rows of parts that meet at the given places, numbered on through all of them. */
async function rowsOfParts(path: string, unit: FileRange['unit'], places: readonly number[]): Promise<Numbered[]> {
  const file = await localStorage.open(path);
  const bounds = [0, ...[...places].sort((a, b) => a - b), file.size];
  const rows: Numbered[] = [];
  let before = 0;
  for (const [i, start] of bounds.slice(0, -1).entries()) {
    const part = await openRange(file, 'rows', { unit, start, end: bounds[i + 1]! }, null);
    for await (const row of part.rows) rows.push({ ...plain(row), number: row.number + before });
    before += (await part.measure()).numbers;
  }
  await file.close();
  return rows;
}

const cell = fc.string({
  unit: fc.constantFrom('a', '가', '😀', '"', ',', ' ', '\n', '\r\n', '\uFEFF', '\\'),
  maxLength: 8,
});
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** Cells as programs write them, and as they should not be. */
const csvCell = fc.oneof(
  cell.map(quoted),
  cell.map((text) => text.replaceAll(/[\n\r,]/g, '')),
);
const ending = fc.constantFrom('\n', '\r\n');
const mark = fc.constantFrom('', '\uFEFF');
const places = fc.array(fc.nat(400), { maxLength: 6 });

test('any cut of lines of JSON gives each row once, as the whole file does', async () => {
  const line = fc.oneof(
    fc.record({ sentence: cell, n: fc.nat(9) }).map((row) => JSON.stringify(row)),
    fc.constantFrom('', '  ', '{"cut off'),
  );
  const path = join(folder, 'rows.jsonl');
  const runs = fc.tuple(mark, ending, fc.array(line, { maxLength: 12 }), fc.boolean(), places);
  await fc.assert(
    fc.asyncProperty(runs, async ([mark, end, lines, ends, places]) => {
      writeFileSync(path, `${mark}{"sentence": "처음"}${end}${lines.join(end)}${ends ? end : ''}`);
      expect(await rowsOfParts(path, 'lines', places)).toEqual(await rowsOfFile(path));
    }),
    { numRuns: 50 },
  );
});

test('any cut of a table gives each row once, whatever its quotes enclose or leave open', async () => {
  const path = join(folder, 'rows.csv');
  const row = fc.tuple(csvCell, csvCell).map((cells) => cells.join(','));
  const runs = fc.tuple(mark, ending, fc.array(row, { maxLength: 12 }), places);
  await fc.assert(
    fc.asyncProperty(runs, async ([mark, end, rows, places]) => {
      writeFileSync(path, `${mark}sentence,note${end}${rows.map((row) => row + end).join('')}`);
      expect(await rowsOfParts(path, 'records', places)).toEqual(await rowsOfFile(path));
    }),
    { numRuns: 60 },
  );
});

test('a table is entered behind lines in which no quote can close, without its beginning', async () => {
  const path = join(folder, 'long.csv');
  const odd = ['"왼쪽\n오른쪽",x', '5" 화면,y', '"열림,z', 'a",b', '"둘""\n\n셋",w'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(1, 999, 1000, 1001, 1002, 1500), fc.subarray(odd)), {
        minLength: 2,
        maxLength: 4,
      }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
      async (stretches, shares) => {
        const rows = stretches.flatMap(([clean, broken], i) => [
          ...Array.from({ length: clean }, (_, n) => `${i}-${n},"맑음, ${n}"`),
          ...broken,
        ]);
        const text = `sentence,note\n${rows.join('\n')}\n`;
        writeFileSync(path, text);
        const size = Buffer.byteLength(text);
        const cut = shares.map((share) => Math.floor(share * size));
        expect(await rowsOfParts(path, 'records', cut)).toEqual(await rowsOfFile(path));
      },
    ),
    { numRuns: 6 },
  );
});

test('what is far behind in a table is not read to begin a part', async () => {
  const path = join(folder, 'far.csv');
  writeFileSync(path, `sentence,note\n${Array.from({ length: 60_000 }, (_, n) => `문장 ${n},"가, 나"`).join('\n')}\n`);
  const file = await localStorage.open(path);
  let lowest = file.size;
  const counting = {
    ...file,
    read: (start: number, length: number) => {
      // The header is.
      if (start > 0) lowest = Math.min(lowest, start);
      return file.read(start, length);
    },
  };
  const part = await openRange(counting, 'far.csv', { unit: 'records', start: 1_000_000, end: 1_010_000 }, null);
  const rows: unknown[] = [];
  for await (const { value } of part.rows) rows.push(value);
  expect(rows.length).toBeGreaterThan(300);
  expect(lowest).toBeGreaterThan(600_000);
  await file.close();
});

test('row groups of Parquet have the numbers of the whole file', async () => {
  const path = join(folder, 'rows.parquet');
  const labelSet: LabelSet = { labels: ['no_relation'], noRelation: 'no_relation' };
  const entity = { word: '가', start: 0, end: 0, type: 'PER' };
  const rows = Array.from({ length: 7 }, (_, n) => ({
    ...{ guid: `r${n}`, sentence: `가나 ${n}`, subject: entity, object: entity, label: null, source: null },
  }));
  writeFileSync(path, hubParquet(rows, labelSet, 3));
  const file = await localStorage.open(path);
  expect((await divisionsOf(file, 'rows.parquet')).groups).toHaveLength(3);
  const numbers: number[] = [];
  for (const [start, end] of [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const)
    for await (const { number } of (await openRange(file, 'rows', { unit: 'groups', start, end })).rows)
      numbers.push(number);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await file.close();
});

test('files that are one value, packed, or not in UTF-8 are not divided', async () => {
  const unitOf = async (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    const file = await localStorage.open(join(folder, name));
    return (await divisionsOf(file, name).finally(() => file.close())).unit;
  };
  expect(await unitOf('a.json', '[{"sentence": "가"}]')).toBe('file');
  expect(await unitOf('b.jsonl', '{\n  "sentence": "가"\n}\n')).toBe('file');
  expect(await unitOf('c.csv', Buffer.from('sentence,note\n가,나\n', 'utf16le'))).toBe('file');
  expect(await unitOf('d.csv', 'sentence,note\r가,나\r')).toBe('file');
  expect(await unitOf('e.csv', 'sentence,note\n가,나\n')).toBe('records');
  expect(await unitOf('f.jsonl', '{"sentence": "가"}\n')).toBe('lines');
});
