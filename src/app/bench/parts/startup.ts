import type { BenchContext } from '../context.ts';
import { stepInFreshProcess } from '../freshProcess.ts';
import { saveForPeers } from '../peers/modelFiles.ts';
import { type Figure, type Measured, spreadOf } from '../result.ts';

const ROUNDS = 3;

/**
 * Seconds from the start of a process until it is ready for its first training step (modules, weights from disk, graph,
 * session), and until that step is done.
 */
export async function measureStartup(context: BenchContext): Promise<Measured> {
  const { options, batchSize, threads, scratch } = context;
  const folder = await saveForPeers(scratch, await context.openModel());
  const runs: Awaited<ReturnType<typeof stepInFreshProcess>>[] = [];
  for (let round = 0; round < (options.repeat ?? ROUNDS); round++)
    runs.push(await stepInFreshProcess(context, folder, 1));
  const figure = (system: string, seconds: readonly number[]): Figure => ({
    system,
    unit: 's',
    value: spreadOf(seconds),
    ratio: null,
  });
  return {
    figures: [
      figure(
        'korex, ready for the first step',
        runs.map((run) => run.seconds_until_ready),
      ),
      figure(
        'korex, first step done',
        runs.map((run) => run.seconds_until_first_step),
      ),
    ],
    details: [],
    facts: { batch: batchSize, length: options.length, threads },
  };
}
