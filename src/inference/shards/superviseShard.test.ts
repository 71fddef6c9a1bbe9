import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProcessLost } from '../../base/queue/runner.ts';
import type { Poison, ShardAnswers } from './record.ts';
import { shardOf } from './shard.ts';
import { type AnswerInProcess, superviseShard } from './superviseShard.ts';

const shard = shardOf({
  ...{ index: 0, path: 'rows.jsonl', name: 'rows.jsonl', size: 100, version: '1', unit: 'lines' },
  ...{ start: 0, end: 100, last: true },
});
const spool = { out: 'out', rejects: 'rejects' };
const answers: ShardAnswers = {
  ...{ rows: 0, rejected: 0, numbers: 0, labelled: 0, correct: 0, input_sha256: '', output_bytes: 0 },
  ...{ output_sha256: '', rejects_sha256: null },
};

interface Plan {
  readonly rows: number;
  readonly window: number;
  /** Rows that end a process, and rows that never end. */
  readonly deadly: readonly number[];
  readonly endless?: readonly number[];
  /** Ends from outside, by the number of the attempt. */
  readonly outside?: readonly number[];
  /** More rows than this at once end a process. */
  readonly most?: number;
}

/** Answers by windows, as a process would, and says with which rows it came to its end. */
function stub(plan: Plan): { answer: AnswerInProcess; attempts: () => number; done: () => readonly number[] } {
  let attempts = 0;
  let done: number[] = [];
  return {
    attempts: () => attempts,
    done: () => done,
    async answer(_, __, { poison, only, careful, onProgress, signal }) {
      const attempt = attempts++;
      const rejected = new Set(poison.map(({ place }) => place));
      const [from, to] = only ?? [0, plan.rows];
      done = [];
      for (let start = from; start < to; start += plan.window) {
        const end = Math.min(to, start + plan.window);
        onProgress?.(start, end);
        const rows = Array.from({ length: end - start }, (_, i) => start + i).filter((row) => !rejected.has(row));
        if (plan.outside?.includes(attempt)) throw new ProcessLost('SIGKILL');
        if (rows.some((row) => plan.deadly.includes(row))) throw new ProcessLost('SIGKILL');
        if (!careful && plan.most !== undefined && rows.length > plan.most) throw new ProcessLost('SIGABRT');
        if (rows.some((row) => plan.endless?.includes(row)))
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
        done.push(...rows);
      }
      return answers;
    },
  };
}

const supervise = (answer: AnswerInProcess, rowSeconds = 30) => {
  const said: string[] = [];
  const supervised = superviseShard(shard, spool, {
    ...{ answer, rowSeconds, say: ({ en }: { en: string }) => said.push(en) },
    signal: new AbortController().signal,
  });
  return { said, supervised };
};

test('the rows that end processes are found, all of them and no others, and the rest is answered', async () => {
  const plans = fc.record({
    rows: fc.integer({ min: 1, max: 60 }),
    window: fc.integer({ min: 1, max: 20 }),
    deadly: fc.uniqueArray(fc.nat(59), { maxLength: 4 }),
    outside: fc.uniqueArray(fc.nat(3), { maxLength: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(plans, async ({ rows, window, deadly, outside }) => {
      const there = deadly.filter((row) => row < rows).sort((a, b) => a - b);
      const { answer, done } = stub({ rows, window, deadly: there, outside: there.length === 0 ? outside : [] });
      const { poison } = await supervise(answer).supervised;
      expect(poison).toEqual(there.map((place): Poison => ({ place, reason: 'killed' })));
      expect(done()).toEqual(Array.from({ length: rows }, (_, i) => i).filter((row) => !there.includes(row)));
    }),
    { numRuns: 100 },
  );
});

test('a process that was ended from outside once costs no row', async () => {
  const { answer, attempts } = stub({ rows: 10, window: 5, deadly: [], outside: [0] });
  const { said, supervised } = supervise(answer);
  expect(await supervised).toMatchObject({ poison: [], attempts: 2 });
  expect(attempts()).toBe(2);
  expect(said).toEqual([expect.stringContaining('the process ended (SIGKILL) over rows 1 to 5')]);
});

test('a row that never ends is rejected once its time is over', async () => {
  const { answer, done } = stub({ rows: 4, window: 4, deadly: [], endless: [2] });
  const { poison } = await supervise(answer, 0.02).supervised;
  expect(poison).toEqual([{ place: 2, reason: 'timeout' }]);
  expect(done()).toEqual([0, 1, 3]);
});

test('rows that are too many at once are answered one by one, and none is rejected', async () => {
  const { answer, done } = stub({ rows: 8, window: 8, deadly: [], most: 5 });
  const { poison, attempts } = await supervise(answer).supervised;
  expect(poison).toEqual([]);
  expect(attempts).toBe(3);
  expect(done()).toHaveLength(8);
});

test('processes that end again and again without a row at fault are an error that may pass', async () => {
  const { answer } = stub({ rows: 8, window: 8, deadly: [], outside: Array.from({ length: 99 }, (_, i) => i * 3) });
  const always: AnswerInProcess = async (shard, spool, options) => {
    if (options.only === undefined) throw new ProcessLost('SIGKILL');
    return answer(shard, spool, options);
  };
  await expect(supervise(always).supervised).rejects.toMatchObject({ kind: 'temporary' });
});
