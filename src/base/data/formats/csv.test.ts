import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strictCells } from './csv.ts';

function oracle(text: string): readonly string[] | null {
  try {
    const records: string[][] = parse(text, { record_delimiter: '\0', relax_column_count: true });
    return records.length === 1 ? records[0]! : null;
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

test('a record has the cells that csv-parse finds, or is none to both', () => {
  const text = fc.string({
    unit: fc.constantFrom('"', '""', ',', 'a', '가', '\n', ';', '"a"', ',"'),
    minLength: 1,
    maxLength: 14,
  });
  fc.assert(
    fc.property(text, (record) => {
      expect(strictCells(record, { delimiter: ',' })).toEqual(oracle(record));
    }),
    { numRuns: 5000 },
  );
});

test('spaces around quotes belong to no cell', () => {
  expect(strictCells('1, "a, b" ,c', { delimiter: ',' })).toEqual(['1', 'a, b', 'c']);
  expect(strictCells('1, "a" b,c', { delimiter: ',' })).toBeNull();
});
