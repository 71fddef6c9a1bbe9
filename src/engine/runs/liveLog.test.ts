import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineIn, type ReportLine, silentReporter } from '../../base/core/reporter.ts';
import { type LiveLogHead, openLiveLog, parseLiveLog } from './liveLog.ts';
import { trainingPlanSchema } from './plan.ts';
import { RUN_FILES } from './runFolder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-live-'));
});
afterAll(() => rm(folder, { recursive: true }));

const head: LiveLogHead = {
  plan: trainingPlanSchema.parse({
    ...{ encoder: 'tiny', encoderLayers: null, marker: 'entity', head: 'cls', loss: 'ce', maxLength: 64, epochs: 2 },
    ...{ batchSize: 8, lr: 0.001, schedule: 'linear', warmup: 0, weightDecay: 0, clip: 1, dropout: null },
    ...{ accumulate: 1, validation: 0.1, seed: 1, data: 'rows' },
  }),
  steps: 20,
  steps_per_epoch: 10,
  trained_rows: 80,
};
const step = (number: number) => ({ step: number, epoch: 1, loss: 1 / number, lr: 0.001, norm: 1 });
const validation = { n: 4, accuracy: 1, macro_f1: 1, micro_f1: 1, auprc: null, loss: 0.1 };
const read = async (path: string) => parseLiveLog(await readFile(join(path, RUN_FILES.liveLog), 'utf8'));

test('lines are gathered for a second, validations are written at once, and the end removes the file', async () => {
  const run = join(folder, 'run');
  let time = 0;
  const live = openLiveLog(run, head, [step(1)], silentReporter, () => time);
  await live.add(step(2));
  expect(await read(run)).toEqual({ head, log: [step(1), step(2)] });
  time = 400;
  await live.add(step(3));
  expect((await read(run))?.log).toHaveLength(2);
  time = 1000;
  await live.add(step(4));
  expect((await read(run))?.log).toEqual([1, 2, 3, 4].map(step));
  await live.add({ step: 4, epoch: 1, validation });
  expect((await read(run))?.log.at(-1)).toEqual({ step: 4, epoch: 1, validation });
  await live.end();
  expect(existsSync(join(run, RUN_FILES.liveLog))).toBe(false);
  await live.end();
});

test('what a killed process left is replaced by what the run goes on from', async () => {
  const run = join(folder, 'killed');
  await openLiveLog(run, head, [], silentReporter).add(step(9));
  await openLiveLog(run, head, [step(1)], silentReporter).add(step(2));
  expect((await read(run))?.log).toEqual([step(1), step(2)]);
});

test('a line that is half written does not count, and a foreign file is none', async () => {
  const text = `${JSON.stringify(head)}\n${JSON.stringify(step(1))}\n{"step":2,"ep`;
  expect(parseLiveLog(text)).toEqual({ head, log: [step(1)] });
  expect(parseLiveLog('')).toBeNull();
  expect(parseLiveLog('{"a":1}\n')).toBeNull();
  expect(parseLiveLog(`${JSON.stringify(head)}\nnot json\n`)).toBeNull();
});

test('where it cannot be written, that is said once and nothing stops', async () => {
  const warnings: string[] = [];
  const blocked = join(folder, 'file');
  await writeFile(blocked, '');
  const reporter = { ...silentReporter, warn: (line: ReportLine) => warnings.push(lineIn(line, 'en')) };
  const live = openLiveLog(join(blocked, 'run'), head, [], reporter);
  await live.add(step(1));
  await live.add({ step: 1, epoch: 1, validation });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('cannot be followed live');
});
