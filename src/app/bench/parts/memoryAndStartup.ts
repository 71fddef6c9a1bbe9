import type { BenchContext } from '../context.ts';
import { stepInFreshProcess } from '../freshProcess.ts';
import { saveForPeers } from '../peers/peer.ts';
import { openTorchSteps } from '../peers/torchSteps.ts';
import { type Figure, type Measured, spreadOf } from '../result.ts';
import { fullBatches } from '../syntheticRows.ts';
import { DROPOUT } from './step.ts';

const ROUNDS = 3;
const STEPS = 6;
const MIB = 2 ** 20;

/** Largest resident set of a process that loads the model and trains some steps, each time a new process. */
export async function measureMemory(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize } = context;
  const model = await context.openModel();
  const folder = await saveForPeers(context.scratch, model);
  const rounds = options.repeat ?? ROUNDS;
  const ours: number[] = [];
  const theirs: number[] = [];
  const facts: Record<string, string | number> = { batch: batchSize, length: options.length, threads: context.threads };
  for (let round = 0; round < rounds; round++) {
    ours.push((await stepInFreshProcess(context, folder, STEPS / 2)).peak_memory_bytes / MIB);
    if (!options.against.includes('pytorch')) continue;
    const size = { batches: 2, size: batchSize, length: options.length, seed: settings.seed };
    const torch = await openTorchSteps(context, model, fullBatches(model.spec, size), DROPOUT);
    for (let step = 0; step < STEPS; step++) await torch.step(step, 'fp32');
    theirs.push((await torch.peak()) / MIB);
    await torch.close();
    Object.assign(facts, torch.versions);
  }
  const figures: Figure[] = [{ system: 'korex', unit: 'MiB', value: spreadOf(ours), ratio: null }];
  if (theirs.length > 0)
    figures.push({
      system: 'PyTorch fp32',
      unit: 'MiB',
      value: spreadOf(theirs),
      ratio: spreadOf(ours.map((own, round) => own / theirs[round]!)),
    });
  return { figures, details: [], facts };
}

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
