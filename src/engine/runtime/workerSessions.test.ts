import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyEncoder } from '../../../test/support/tinyEncoder.ts';
import { collate } from '../nn/batch.ts';
import type { BatchRow } from '../nn/headPooling.ts';
import { buildForward } from '../nn/model.ts';
import { createRelationModel, type RelationModel } from '../nn/relationModel.ts';
import { openForwardPass } from './forwardPass.ts';
import { openWorkerSession, share, workerCounts } from './workerSessions.ts';

const labelSet = { labels: ['no_relation', 'a', 'b'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: [] } as const;

let folder: string;
let model: RelationModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-workers-'));
  await writeTinyEncoder(folder);
  model = await createRelationModel(folder, task, { layers: null, seed: 5 });
});
afterAll(() => rm(folder, { recursive: true }));

const rows: BatchRow[] = Array.from({ length: 70 }, (_, row) => ({
  ids: Array.from({ length: 5 + ((row * 7) % 30) }, (_, i) => 10 + ((row * 31 + i * 17) % 1000)),
  subjectStart: 1,
  objectStart: 3,
  subjectWord: { start: 2, end: 3 },
  objectWord: { start: 4, end: 5 },
}));

test('many batches are answered side by side, as few are answered alone', async () => {
  const alone = await openForwardPass(model.spec, model.weights, 'fixed', { device: 'cpu', threads: 1 });
  const sideBySide = await openForwardPass(model.spec, model.weights, 'fixed', { device: 'cpu', threads: 2 });
  const expected = await alone.run(rows, { batchSize: 2 });
  const done: number[] = [];
  const found = await sideBySide.run(rows, { batchSize: 2, onProgress: (count) => done.push(count) });
  expect(found).toEqual(expected);
  expect(done.at(-1)).toBe(rows.length);
  // Few rows after many, on what is open by then.
  expect((await sideBySide.run(rows.slice(0, 2), { batchSize: 2 })).logits[0]).toEqual(expected.logits[0]);
  await alone.release();
  await sideBySide.release();
});

test('many runs of a few batches are answered side by side, too', async () => {
  const [alone, sideBySide] = await Promise.all(
    [1, 2].map((threads) => openForwardPass(model.spec, model.weights, 'fixed', { device: 'cpu', threads })),
  );
  for (let at = 0; at < rows.length; at += 10) {
    const some = rows.slice(at, at + 10);
    expect(await sideBySide!.run(some, { batchSize: 2 })).toEqual(await alone!.run(some, { batchSize: 2 }));
  }
  await Promise.all([alone!.release(), sideBySide!.release()]);
});

test('what the runtime refuses ends the run with its words', async () => {
  const pass = await openForwardPass(model.spec, model.weights, 'fixed', { device: 'cpu', threads: 2 });
  const broken = rows.map((row, i) => (i === 40 ? { ...row, ids: row.ids.map(() => 10_000_000) } : row));
  await expect(pass.run(broken, { batchSize: 2 })).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('out of data bounds'),
  });
  await pass.release();
});

test('a worker that is released finishes its work first, failing work too', async () => {
  const session = openWorkerSession(share(buildForward(model.spec, model.weights)), { device: 'cpu', threads: 1 });
  const { inputs } = collate(rows.slice(0, 2), model.spec.config, model.spec.head);
  const good = session.run(inputs, ['logits']);
  const bad = session.run({ ids: { data: BigInt64Array.of(1n), dims: [1] } }, ['logits']);
  const failed = expect(bad).rejects.toMatchObject({ kind: 'failed' });
  await session.release();
  expect((await good).logits).toHaveLength(2 * model.spec.labels);
  await failed;
  await session.release();
});

test('a worker a thread, fewer where copies of a large model would fill the memory', () => {
  expect(workerCounts(50e6, 2)).toEqual({ workers: 2, threads: 1 });
  expect(workerCounts(450e6, 16)).toEqual({ workers: 2, threads: 8 });
  expect(workerCounts(3e9, 16)).toEqual({ workers: 1, threads: 16 });
  expect(workerCounts(50e6, 1)).toEqual({ workers: 1, threads: 1 });
});
