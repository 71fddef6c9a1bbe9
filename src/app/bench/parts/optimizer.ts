import { usageError } from '../../../base/core/errors.ts';
import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import type { Measured } from '../result.ts';
import { fullBatches } from '../syntheticRows.ts';
import { openHostSide, type TimedStep } from '../trainingSide.ts';
import { DROPOUT, partsOf } from './step.ts';

const BATCHES = 8;
const ROUNDS = 8;
const WARMUP = 2;
const BLOCK = 2;

/**
 * A whole training step whose clipping, AdamW and dropout masks all cores share, in turn with one whose thread does them
 * alone. Weights and losses are the same, byte for byte.
 */
export async function measureOptimizer(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter } = context;
  if (settings.device !== 'cpu' || threads === 1)
    throw usageError(
      { en: 'The optimizer is shared among the cores of a CPU.', ko: '옵티마이저는 CPU의 코어들이 나눠 맡는다.' },
      { en: 'Use --device cpu with two --threads or more.', ko: '--device cpu와 둘 이상의 --threads를 쓴다.' },
    );
  const shapes = { batches: BATCHES, size: batchSize, length: options.length, seed: settings.seed };
  const open = async (system: string, between: number) => {
    const model = await context.openModel();
    const batches = fullBatches(model.spec, shapes);
    const training = await openHostSide(model, DROPOUT, { device: 'cpu', threads }, between);
    const steps: TimedStep[] = [];
    const run = async (index: number) => {
      const step = await training.step(batches[index % batches.length]!);
      steps.push(step);
      return step.seconds;
    };
    return { system, run, steps, release: training.release } satisfies Side & Record<string, unknown>;
  };
  const sides = [await open('korex', threads), await open('korex, optimizer on one core', 1)];
  try {
    const schedule = { warmup: options.warmup ?? WARMUP, block: BLOCK, rounds: options.repeat ?? ROUNDS };
    const timings = await alternate(sides, schedule, { signal, reporter, title: `optimizer ${context.shape}` });
    return {
      figures: figuresOf(sides, timings, { unit: 's/step' }),
      details: sides.flatMap(({ system, steps }) => partsOf(steps.slice(schedule.warmup), system)),
      facts: {
        batch: batchSize,
        length: options.length,
        threads,
        dropout: DROPOUT,
        steps_with_another_loss: sides[0]!.steps.filter(({ loss }, at) => loss !== sides[1]!.steps[at]!.loss).length,
      },
    };
  } finally {
    for (const { release } of sides) await release();
  }
}
