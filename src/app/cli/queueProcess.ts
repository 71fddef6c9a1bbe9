import { z } from 'zod';
import { silentReporter } from '../../base/core/reporter.ts';
import { DEVICE_NAMES } from '../../base/core/settings.ts';
import type { WorkHandler, WorkHandlers } from '../../base/queue/runner.ts';
import { serveShards } from '../../base/queue/serveShards.ts';

// The program of a worker's processes: `korex worker` starts one for each shard that it works on at a time.

/** What the machine decides, not the work. */
const machineSchema = z.object({
  out: z.string(),
  device: z.enum(DEVICE_NAMES),
  threads: z.int().min(1),
});
export type MachineSettings = z.output<typeof machineSchema>;

const machine = machineSchema.parse(JSON.parse(process.argv[2] ?? 'null'));

// Each is imported when it is needed: an experiment needs the training, which a batch does not.
const shards: WorkHandler = async (task) => {
  const { openShardWork } = await import('./shards/answerShard.ts');
  const { settings, ...rest } = z.looseObject({ settings: z.looseObject({}) }).parse(task);
  return openShardWork({ ...rest, settings: { ...settings, device: machine.device, threads: machine.threads } });
};
const handlers: WorkHandlers = {
  ...{ batch: shards, extract: shards, evaluate: shards },
  async experiment(task) {
    const { openQueuedExperiment } = await import('../../study/experiment/queuedExperiment.ts');
    return openQueuedExperiment(task, machine, silentReporter);
  },
};
serveShards(handlers);
