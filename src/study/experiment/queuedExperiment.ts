import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { failure, usageError } from '../../base/core/errors.ts';
import { sha256 } from '../../base/core/files.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { DEVICE_NAMES, type Settings } from '../../base/core/settings.ts';
import { VERSION } from '../../base/core/version.ts';
import { type AblationRun, EXPERIMENTS_FOLDER, runSchema } from '../../base/eval/ablation/results.ts';
import { type CoordinateOptions, coordinate } from '../../base/queue/coordinate.ts';
import type { OpenQueue } from '../../base/queue/openQueue.ts';
import type { OpenedWork } from '../../base/queue/runner.ts';
import { readExperiment } from './config.ts';
import { type GridSource, openGrid } from './openGrid.ts';
import { type QueuedRun, queueOf } from './queue.ts';
import { trainQueued } from './trainQueued.ts';

// An experiment whose runs are trained by a queue's workers, in a folder that all of them reach: a run whose worker is lost
// goes on elsewhere, from its last checkpoint there.

const taskSchema = z.object({
  korex: z.string(),
  file: z.string(),
  data: z.string().nullable(),
  out: z.string(),
  evalBatchSize: z.int().min(1),
  onBadRow: z.enum(['error', 'skip']),
  columns: z.string().nullable(),
  keepModels: z.boolean(),
});
type Task = z.output<typeof taskSchema>;
const itemSchema = z.object({ digest: z.string() });

/** Has the queue's workers train runs, and takes note of each record as it comes. */
export async function trainOnQueue(
  queue: OpenQueue,
  job: GridSource & { readonly keepModels: boolean },
  runs: readonly QueuedRun[],
  note: (run: QueuedRun, record: AblationRun) => Promise<void>,
  options: CoordinateOptions,
): Promise<void> {
  const { out, evalBatchSize, onBadRow, columns } = job.settings;
  const file = resolve(job.file);
  const task: Task = {
    ...{ korex: VERSION, file, out: resolve(out), evalBatchSize, onBadRow, columns, keepModels: job.keepModels },
    // A name such as `klue` is the same everywhere, a path is not.
    data: job.data === null || !existsSync(job.data) ? job.data : resolve(job.data),
  };
  await coordinate(
    queue,
    {
      id: sha256(`experiment ${file} ${task.out}`).slice(0, 12),
      ...{ kind: 'experiment', title: `${job.file} → ${out}`, task, total: runs.length, doneBefore: 0 },
      shards: (async function* () {
        for (const [index, { digest }] of runs.entries()) yield { index, item: { digest } };
      })(),
      async settle(results) {
        for (const { index, facts } of results) await note(runs[index]!, runSchema.parse(facts));
      },
    },
    options,
  );
}

/** Opens an experiment to train runs of it, on this machine's device. Errors: `usage` where file, rows or korex are others. */
export async function openQueuedExperiment(
  given: unknown,
  machine: Pick<Settings, 'device' | 'threads'>,
  reporter: Reporter,
): Promise<OpenedWork> {
  const task = taskSchema.parse(given);
  if (task.korex !== VERSION)
    throw usageError(
      {
        en: `This worker is korex ${VERSION}; the work was begun by ${task.korex}.`,
        ko: `이 워커는 korex ${VERSION}인데, 작업은 ${task.korex}이 시작했다.`,
      },
      { en: 'Use one version on all machines.', ko: '모든 컴퓨터에서 같은 판을 쓴다.' },
    );
  const { out, evalBatchSize, onBadRow, columns, keepModels } = task;
  const { device, threads } = z.object({ device: z.enum(DEVICE_NAMES), threads: z.int().nullable() }).parse(machine);
  const experiment = await readExperiment(task.file);
  const settings = { out, device, threads, evalBatchSize, onBadRow, columns };
  const folder = join(out, EXPERIMENTS_FOLDER, experiment.name);
  const grid = await openGrid({ file: task.file, data: task.data, settings }, experiment, folder, reporter);
  const runs = await queueOf(grid, { reporter, signal: new AbortController().signal });
  return {
    async run(item, { signal, fence }) {
      const { digest } = itemSchema.parse(item);
      const run = runs.find((each) => each.digest === digest);
      if (run === undefined) throw otherRows(task.file);
      const began = performance.now();
      const record = await trainQueued(grid, run, { reporter, signal, keepModels, beforeRecord: fence });
      return {
        ...{ status: 'done', rows: grid.experiment.rows.train, rejected: 0, facts: record },
        seconds: (performance.now() - began) / 1000,
      };
    },
    close: async () => {},
  };
}

const otherRows = (file: string) =>
  failure(
    {
      en: `${file}: this machine has other rows or another encoder than the one that began the experiment.`,
      ko: `${file}: 이 컴퓨터의 행이나 인코더가 실험을 시작한 컴퓨터와 다르다.`,
    },
    {
      en: 'Put data and encoder into a folder that all machines see, or pull the same versions on each.',
      ko: '데이터와 인코더를 모든 컴퓨터가 보는 폴더에 두거나, 컴퓨터마다 같은 판을 내려받는다.',
    },
  );
