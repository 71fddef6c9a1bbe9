import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { openTorchSteps, torchSides } from '../peers/torchSteps.ts';
import { type Detail, type Measured, spreadOf } from '../result.ts';
import { fullBatches } from '../syntheticRows.ts';
import { openTrainingSide, type TimedStep } from '../trainingSide.ts';

export const DROPOUT = 0.1;
const BATCHES = 8;
const ROUNDS = 5;
const WARMUP = 2;
const BLOCK = 2;

/**
 * A whole training step on full synthetic batches: forward, backward, clipping and AdamW, dropout on. Against PyTorch
 * with fp32, and with its bf16 autocast as a further figure.
 */
export async function measureStep(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter } = context;
  const model = await context.openModel();
  const batches = fullBatches(model.spec, {
    batches: BATCHES,
    size: batchSize,
    length: options.length,
    seed: settings.seed,
  });
  const torch = options.against.includes('pytorch') ? await openTorchSteps(context, model, batches, DROPOUT) : null;
  const ours = await openTrainingSide(model, DROPOUT, { device: settings.device, threads });
  const steps: TimedStep[] = [];
  const ready = performance.now() / 1000;
  let firstStep = 0;
  const korex: Side = {
    system: 'korex',
    run: async (index) => {
      const step = await ours.step(batches[index % batches.length]!);
      if (index === 0) firstStep = performance.now() / 1000;
      steps.push(step);
      return step.seconds;
    },
  };
  const sides = [korex, ...(torch ? torchSides(torch, ['fp32', 'bf16']) : [])];
  try {
    const schedule = { warmup: options.warmup ?? WARMUP, block: BLOCK, rounds: options.repeat ?? ROUNDS };
    const timings = await alternate(sides, schedule, { signal, reporter, title: `step ${context.shape}` });
    const counted = steps.slice(schedule.warmup);
    return {
      figures: figuresOf(sides, timings, { unit: 's/step' }),
      details: partsOf(counted),
      facts: {
        batch: batchSize,
        length: options.length,
        threads,
        dropout: DROPOUT,
        first_loss: steps[0]!.loss,
        ...torch?.versions,
      },
      process: {
        peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
        seconds_until_ready: ready,
        seconds_until_first_step: firstStep,
      },
    };
  } finally {
    await ours.release();
  }
}

/** A step's time by part, where the parts can be told apart. */
export function partsOf(steps: readonly TimedStep[], title = 'korex’s step'): Detail[] {
  const parted = steps.flatMap(({ seconds, gradientSeconds }) =>
    gradientSeconds === null ? [] : [{ gradient: gradientSeconds, rest: seconds - gradientSeconds }],
  );
  if (parted.length === 0) return [];
  return [
    {
      title,
      rows: [
        { part: 'forward and backward', seconds: spreadOf(parted.map(({ gradient }) => gradient)).median },
        { part: 'clipping and AdamW', seconds: spreadOf(parted.map(({ rest }) => rest)).median },
      ],
    },
  ];
}
