import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelledExample } from '../../base/core/types.ts';
import { sampleRows } from '../../base/data/sampleRows.ts';
import { timeLeft } from './queue.ts';
import { drawRows } from './rows.ts';

const entity = { word: '하늘', start: 0, end: 1, type: 'PER' };
const rowsOf = (cells: readonly (readonly [sentence: number, label: number])[]): LabelledExample[] =>
  cells.map(([sentence, label], row) => ({
    ...{ guid: `row-${row}`, sentence: `하늘 바다 ${sentence}`, subject: entity, object: entity },
    ...{ label: `label-${label}`, source: null },
  }));

describe('rows that train and rows that judge', () => {
  test('share neither row nor sentence, are as many as asked for, and are the same each time', () => {
    const cells = fc.array(fc.tuple(fc.nat(60), fc.nat(3)), { minLength: 60, maxLength: 200 });
    fc.assert(
      fc.property(cells, fc.nat(1000), fc.integer({ min: 4, max: 12 }), (drawn, seed, judgedCount) => {
        const rows = rowsOf(drawn);
        const counts = { train: 8, judged: judgedCount, seed };
        const { train, judged } = drawRows(rows, counts, 'FILE', sampleRows);
        expect([train.length, judged.length]).toEqual([8, judgedCount]);
        const sentences = new Set(judged.map(({ sentence }) => sentence));
        expect(train.filter(({ sentence }) => sentences.has(sentence))).toEqual([]);
        expect(drawRows(rows, counts, 'FILE', sampleRows)).toEqual({ train, judged });
      }),
      { numRuns: 50 },
    );
  });

  test('labels keep their shares on both sides', () => {
    const rows = rowsOf(Array.from({ length: 1000 }, (_, i) => [i, i % 10 < 7 ? 0 : 1] as const));
    const { train, judged } = drawRows(rows, { train: 200, judged: 100, seed: 1 }, 'FILE', sampleRows);
    const share = (side: readonly LabelledExample[]) =>
      side.filter(({ label }) => label === 'label-0').length / side.length;
    expect([share(train), share(judged)]).toEqual([0.7, 0.7]);
  });

  test('too few rows are told with what there is', () => {
    const rows = rowsOf(Array.from({ length: 20 }, (_, i) => [i, 0] as const));
    expect(() => drawRows(rows, { train: 15, judged: 10, seed: 1 }, 'FILE', sampleRows)).toThrow(
      'FILE: rows.judged is 10 and rows.train 15, but of 20 training rows 10 can be judged, and 10 share no sentence',
    );
    expect(() => drawRows(rows, { train: 5, judged: 30, seed: 1 }, 'FILE', sampleRows)).toThrow('rows.judged is 30');
  });
});

test('time left goes by the technique’s own minutes, else by those of all', () => {
  const queue = ['a', 'a', 'b', 'b', 'c'].map((technique, i) => ({ technique, digest: `${i}` }));
  const record = (technique: string, minutes: number) => ({ technique, minutes, status: 'finished' }) as const;
  expect(timeLeft(queue, new Map())).toBeNull();
  const records = new Map([
    ['0', record('a', 10)],
    ['1', record('a', 20)],
    ['2', record('b', 30)],
  ]);
  // Another b of 30 minutes, and c as long as the mean of all.
  expect(timeLeft(queue, records)).toBe(30 + 20);
});
