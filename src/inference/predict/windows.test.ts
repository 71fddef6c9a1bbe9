import { expect, test } from 'vitest';
import { inSlices, WINDOW, windowsOf } from './windows.ts';

/** Keeps the processor busy. */
function busy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test('long work lets other work through, and can be stopped', async () => {
  let others = 0;
  const timer = setInterval(() => others++, 1);
  const items = Array.from({ length: 12 }, (_, i) => i);
  const double = (item: number) => {
    busy(8);
    return 2 * item;
  };
  expect(await inSlices(items, double)).toEqual(items.map((item) => 2 * item));
  clearInterval(timer);
  expect(others).toBeGreaterThan(1);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('gone')), 1);
  await expect(inSlices(items, double, stop.signal)).rejects.toThrow('gone');
});

test('short work is done at once', async () => {
  const seen: number[] = [];
  const done = inSlices([1, 2, 3], (item) => seen.push(item));
  expect(seen).toEqual([1, 2, 3]);
  expect(await done).toEqual([1, 2, 3]);
});

test('rows come in windows, behind those to skip, with nothing read ahead', async () => {
  let read = 0;
  async function* rows() {
    for (; read < 2 * WINDOW + 5; ) yield read++;
  }
  const seen: [number, number, number][] = [];
  for await (const window of windowsOf(rows(), { skip: 3 })) seen.push([window[0]!, window.length, read]);
  expect(seen).toEqual([
    [3, WINDOW, WINDOW + 3],
    [WINDOW + 3, WINDOW, 2 * WINDOW + 3],
    [2 * WINDOW + 3, 2, 2 * WINDOW + 5],
  ]);
  const stop = new AbortController();
  stop.abort(new Error('gone'));
  await expect(windowsOf([1], { signal: stop.signal }).next()).rejects.toThrow('gone');
});
