import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { randomStream, shuffled } from '../../../base/core/random.ts';
import type { Encoded } from '../../../base/text/inputEncoder.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { epochBatches } from '../../../engine/train/batches.ts';
import { learningRate } from '../../../engine/train/schedule.ts';
import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { saveForPeers, saveRows } from '../peers/peer.ts';
import { versionsSchema } from '../peers/torchSteps.ts';
import type { Measured } from '../result.ts';
import { openTrainingSide, STEP_OPTIONS, type TrainingSide } from '../trainingSide.ts';
import { DROPOUT } from './step.ts';

const ROUNDS = 3;
const WARMUP_STEPS = 2;
const epochSchema = z.object({ tokenization: z.number(), training: z.number(), steps: z.number() });

/** Trainer's `train_sampling_strategy`, its default first. */
const SAMPLINGS = { random: 'Trainer', group_by_length: 'Trainer, length-grouped batches' } as const;

/**
 * A whole epoch on the training rows of `--data`, from text to trained weights, in rows per second: batches of similar
 * length and, to tell what they alone are worth, batches in random order; against Hugging Face's Trainer with its
 * defaults, and with its own grouping by length. Where Trainer's epoch is extrapolated, korex's in random order is left out.
 */
export async function measureEpoch(context: BenchContext): Promise<Measured> {
  const { options, settings, batchSize, threads, signal, reporter, shape } = context;
  const { train, labelSet, entityTypes } = await context.dataset();
  if (train.length === 0)
    throw usageError(
      { en: 'An epoch needs training rows.', ko: '에포크를 재려면 학습 행이 있어야 한다.' },
      { en: 'Name them with --data.', ko: '--data로 행을 준다.' },
    );
  const model = await context.openModel({ labelSet, entityTypes });
  const labels = train.map(({ label }) => labelSet.labels.indexOf(label));
  const trainer = options.against.includes('trainer') ? await openTrainer(context, model, labels) : null;
  const ours = await openTrainingSide(model, DROPOUT, { device: settings.device, threads });
  const runEpoch = (encoded: readonly Encoded[], batches: readonly (readonly number[])[]) =>
    trainEpoch(
      ours,
      batches.map((batch) => ({ rows: batch.map((row) => encoded[row]!), labels: batch.map((row) => labels[row]!) })),
      signal,
    );
  const side = (system: string, batchesOf: (lengths: readonly number[], epoch: number) => number[][]): Side => ({
    system,
    run: async (index) => {
      const start = performance.now();
      const encoded = train.map((row) => model.inputs.encode(row));
      const lengths = encoded.map(({ ids }) => ids.length);
      await runEpoch(encoded, batchesOf(lengths, index));
      return (performance.now() - start) / 1000;
    },
  });
  const inRandomOrder = side('korex, batches in random order', (lengths, epoch) =>
    randomBatches(lengths.length, batchSize, settings.seed, epoch),
  );
  const sides = [
    side('korex', (lengths, epoch) => epochBatches(lengths, batchSize, settings.seed, epoch)),
    ...(options.trainerSteps === null ? [inRandomOrder] : []),
    ...(trainer?.sides ?? []),
  ];
  try {
    const first = train.slice(0, WARMUP_STEPS * batchSize).map((row) => model.inputs.encode(row));
    await runEpoch(first, randomBatches(first.length, batchSize, settings.seed, 0));
    const watch = { signal, reporter, title: `epoch ${shape}` };
    const timings = await alternate(sides, { warmup: 0, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    return {
      figures: figuresOf(sides, timings, { ours: 1, rows: train.length }),
      details: [],
      facts: {
        rows: train.length,
        batch: batchSize,
        max_length: model.task.maxLength,
        threads,
        dropout: DROPOUT,
        trainer_steps: options.trainerSteps,
        ...trainer?.versions,
      },
    };
  } finally {
    await ours.release();
  }
}

/** Linear decay without warm-up, as Trainer's default. */
async function trainEpoch(
  side: TrainingSide,
  batches: readonly Parameters<TrainingSide['step']>[0][],
  signal: AbortSignal,
) {
  const schedule = { peak: STEP_OPTIONS.lr, steps: batches.length, warmup: 0, schedule: 'linear' } as const;
  for (const [step, batch] of batches.entries()) {
    signal.throwIfAborted();
    await side.step(batch, learningRate(step, schedule));
  }
}

function randomBatches(rows: number, size: number, seed: number, epoch: number): number[][] {
  const order = shuffled(
    Array.from({ length: rows }, (_, row) => row),
    randomStream(seed, 'bench rows', epoch),
  );
  return Array.from({ length: Math.ceil(rows / size) }, (_, batch) => order.slice(batch * size, (batch + 1) * size));
}

async function openTrainer(context: BenchContext, model: RelationModel, labels: readonly number[]) {
  const { options, settings, batchSize, threads, scratch } = context;
  const { train } = await context.dataset();
  const peer = await context.openScript('trainer_epoch.py');
  const rows = train.map((row, index) => ({ text: model.inputs.encode(row).marked.text, label: labels[index]! }));
  const versions = await peer.ask(
    {
      do: 'load',
      folder: await saveForPeers(scratch, model),
      rows: await saveRows(scratch, 'rows', rows),
      threads,
      batch_size: batchSize,
      max_length: model.task.maxLength,
      seed: settings.seed,
    },
    versionsSchema,
  );
  await peer.ask({ do: 'epoch', sampling: 'random', steps: WARMUP_STEPS }, epochSchema);
  const wholeEpoch = Math.ceil(train.length / batchSize);
  const sides = Object.entries(SAMPLINGS).map(
    ([sampling, system]): Side => ({
      system,
      run: async () => {
        const request = { do: 'epoch', sampling, steps: options.trainerSteps };
        const { tokenization, training, steps } = await peer.ask(request, epochSchema);
        return tokenization + (training * wholeEpoch) / steps;
      },
    }),
  );
  return { versions, sides };
}
