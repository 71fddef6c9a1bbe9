import type { BenchContext } from '../context.ts';
import { stepInFreshProcess } from '../freshProcess.ts';
import { saveForPeers } from '../peers/modelFiles.ts';
import type { Measured } from '../result.ts';
import { spreadOf } from '../spread.ts';

const ROUNDS = 3;

/** Seconds from the start of a process until its first training step is done: modules, weights from disk, graph, step. */
export async function measureStartup(context: BenchContext): Promise<Measured> {
  const { options, batchSize, threads, scratch } = context;
  const folder = await saveForPeers(scratch, await context.openModel());
  const seconds: number[] = [];
  for (let round = 0; round < (options.repeat ?? ROUNDS); round++)
    seconds.push((await stepInFreshProcess(context, folder, 1)).seconds_until_first_step);
  return {
    figures: [{ system: 'korex', unit: 's', value: spreadOf(seconds), ratio: null }],
    details: [],
    facts: { batch: batchSize, length: options.length, threads },
  };
}
