import { expect, test } from 'vitest';
import { type Clock, createQueue, QueueClosed, QueueFull, type QueueOptions } from './queue.ts';

/** A clock that stands still until it is moved. */
function standingClock(): Clock & { move(milliseconds: number): Promise<void> } {
  let now = 0;
  const calls = new Set<{ readonly due: number; readonly call: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(milliseconds, call) {
      const entry = { due: now + milliseconds, call };
      calls.add(entry);
      return () => calls.delete(entry);
    },
    async move(milliseconds) {
      now += milliseconds;
      for (const entry of [...calls])
        if (entry.due <= now && calls.delete(entry)) {
          entry.call();
        }
      await settle();
    },
  };
}

/** A queue whose batches end when the test says so. */
function controlled(changes: Partial<QueueOptions<number, number>> = {}) {
  const clock = standingClock();
  const batches: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const queue = createQueue<number, number>({
    answer: (rows) =>
      new Promise((resolve, reject) => {
        batches.push([...rows]);
        ends.push((error) => (error ? reject(error) : resolve(rows.map((row) => row * 10))));
      }),
    ...{ maxBatch: 4, parallel: 1, maxWaitMs: 5, maxQueue: 10, clock },
    ...changes,
  });
  const end = async (error?: Error) => {
    ends.shift()!(error);
    await clock.move(0);
  };
  return { queue, clock, batches, end };
}

test('an idle model starts at once, with all that arrived in the same turn', async () => {
  const { queue, clock, batches, end } = controlled();
  const answers = [queue.submit([1]), queue.submit([2, 3])];
  expect(batches).toEqual([]);
  await clock.move(0);
  expect(batches).toEqual([[1, 2, 3]]);
  await end();
  expect(await Promise.all(answers)).toEqual([[10], [20, 30]]);
});

test('after a batch of several, a row waits for as many to join it, but not longer than the maximum', async () => {
  const { queue, clock, batches, end } = controlled();
  const first = queue.submit([1, 2, 3]);
  await clock.move(0);
  await end();
  await first;
  void queue.submit([4]);
  await clock.move(2);
  expect(batches).toHaveLength(1);
  void queue.submit([5, 6]);
  await clock.move(0);
  expect(batches[1]).toEqual([4, 5, 6]);
  await end();
  void queue.submit([7]);
  await clock.move(4);
  expect(batches).toHaveLength(2);
  await clock.move(1);
  expect(batches[2]).toEqual([7]);
});

test('batches hold no more than their maximum; a large request is split and its answers come in order', async () => {
  const { queue, clock, batches, end } = controlled();
  const answer = queue.submit([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (let i = 0; i < 3; i++) {
    await clock.move(5);
    await end();
  }
  expect(batches).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  expect(await answer).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
});

test('a second batch is handed over while the first runs, a third is not', async () => {
  const { queue, clock, batches } = controlled({ parallel: 2 });
  void queue.submit([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await clock.move(100);
  expect(batches).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
});

test('beyond the queue’s length rows are refused with the time to come back', async () => {
  const { queue, clock, end } = controlled();
  void queue.submit([0]);
  await clock.move(0);
  await clock.move(3_000);
  await end();
  const kept = queue.submit([1, 2, 3, 4, 5, 6, 7]);
  await expect(queue.submit([8, 9, 10, 11, 12, 13, 14, 15])).rejects.toThrow(QueueFull);
  await expect(queue.submit([8, 9, 10, 11, 12, 13, 14, 15])).rejects.toMatchObject({ retryAfterS: 9 });
  expect(queue.waiting).toBe(3);
  await end();
  await clock.move(5);
  await end();
  expect(await kept).toHaveLength(7);
});

test('a single request larger than the queue is answered when nothing waits', async () => {
  const { queue, clock, end } = controlled({ maxQueue: 2, maxBatch: 8 });
  const answer = queue.submit([1, 2, 3, 4]);
  await clock.move(0);
  await end();
  expect(await answer).toHaveLength(4);
});

test('patient rows wait for their turn and leave room for others', async () => {
  const { queue, clock, batches, end } = controlled({ maxQueue: 8 });
  const patient = Array.from({ length: 12 }, (_, row) => queue.submit([row], { patient: true }));
  await clock.move(0);
  expect(queue.waiting).toBeLessThanOrEqual(4);
  const hasty = queue.submit([100]);
  for (let i = 0; i < 8; i++) {
    if (batches.length > i) await end();
    await clock.move(5);
  }
  expect(await hasty).toEqual([1000]);
  expect(await Promise.all(patient)).toEqual(Array.from({ length: 12 }, (_, row) => [row * 10]));
});

test('rows of clients that are gone leave the queue, and those that wait behind them move up', async () => {
  const { queue, clock, batches, end } = controlled();
  const running = queue.submit([1]);
  await clock.move(0);
  const client = new AbortController();
  const gone = queue.submit([2, 3], { signal: client.signal });
  const stays = queue.submit([4]);
  client.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  expect(queue.waiting).toBe(1);
  await end();
  await clock.move(5);
  await end();
  expect(batches).toEqual([[1], [4]]);
  expect([await running, await stays]).toEqual([[10], [40]]);
  await expect(queue.submit([5], { signal: client.signal })).rejects.toThrow('gone');
});

test('a patient row of a client that is gone passes its turn on', async () => {
  const { queue, clock, end } = controlled({ maxQueue: 2, maxBatch: 1 });
  const first = queue.submit([1], { patient: true });
  const client = new AbortController();
  const gone = queue.submit([2], { patient: true, signal: client.signal });
  const third = queue.submit([3], { patient: true });
  client.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  await clock.move(0);
  await end();
  await clock.move(5);
  await end();
  expect([await first, await third]).toEqual([[10], [30]]);
});

test('a batch that fails fails its requests alone, with what was left of them', async () => {
  const { queue, clock, batches, end } = controlled();
  const fails = queue.submit([1, 2, 3, 4, 5]);
  const works = queue.submit([6]);
  fails.catch(() => {});
  await clock.move(0);
  await end(new Error('broken'));
  await expect(fails).rejects.toThrow('broken');
  await clock.move(5);
  await end();
  expect(batches).toEqual([[1, 2, 3, 4], [6]]);
  expect(await works).toEqual([60]);
});

test('closing answers what was taken and refuses what comes', async () => {
  const { queue, clock, end } = controlled();
  const answer = queue.submit([1]);
  const closed = queue.close();
  await expect(queue.submit([2])).rejects.toThrow(QueueClosed);
  await clock.move(0);
  await end();
  expect(await answer).toEqual([10]);
  await closed;
});
