import { expect, test } from 'vitest';
import { shardRows } from './shardRows.ts';

async function* rows(count: number, read: number[]) {
  for (let number = 1; number <= count; number++) {
    read.push(number);
    yield { number, value: {} };
  }
}

test('rows by their places: bad where they may not be answered, and none read behind those that are wanted', async () => {
  const read: number[] = [];
  const places: number[] = [];
  const kept = [];
  const poison = [{ place: 2, reason: 'timeout' }] as const;
  for await (const row of shardRows(rows(9, read), { poison, only: [1, 4] }, (place) => places.push(place)))
    kept.push([row.number, row.problem?.field]);
  expect(kept).toEqual([
    [2, undefined],
    [3, 'row'],
    [4, undefined],
  ]);
  expect(places).toEqual([1, 2, 3]);
  expect(read).toEqual([1, 2, 3, 4]);
});
