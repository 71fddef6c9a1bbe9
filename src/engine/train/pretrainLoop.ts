import { randomStream } from '../../base/core/random.ts';
import type { MaskedRow } from '../nn/maskedBatch.ts';
import type { MaskedLanguageModel } from '../nn/maskedLanguageModel.ts';
import { dropoutRates } from '../nn/trainingGraph.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { epochBatches } from './batches.ts';
import { openMaskedLoss, openMaskedSteps } from './maskedStep.ts';
import { maskRow, maskTokensOf } from './masking.ts';
import type { Optimizer } from './optimizer.ts';
import type { PretrainPlan } from './pretrainPlan.ts';
import { learningRate } from './schedule.ts';

/** A sentence as ids, special tokens included: as it is, and as the relation model reads each of its rows. */
export interface PretrainSentence {
  readonly plain: readonly number[];
  readonly marked: readonly (readonly number[])[];
}

export interface PretrainSentences {
  readonly train: readonly PretrainSentence[];
  /** Plain sentences that the loss is measured on and that none of `train` is. */
  readonly heldOut: readonly (readonly number[])[];
}

/** What a pretraining starts or continues from; the loop changes weights and optimizer in place. */
export interface PretrainState {
  readonly model: MaskedLanguageModel;
  readonly optimizer: Optimizer;
}

export interface PretrainStep {
  readonly kind: 'step';
  /** Steps done, from 1. */
  readonly step: number;
  readonly epoch: number;
  /** Mean over the masked tokens. */
  readonly loss: number;
  readonly lr: number;
  readonly sentences: number;
  /** Brings the state's arrays up to date, which a device may be ahead of: before they are read. */
  settle(): Promise<void>;
}

/** Before the first step and after each epoch. */
export interface HeldOutLoss {
  readonly kind: 'held-out';
  readonly step: number;
  /** Null where no sentence is held out. */
  readonly loss: number | null;
}

/** The optimizer steps of a pretraining. */
export function pretrainSteps({ batchSize, epochs }: Pick<PretrainPlan, 'batchSize' | 'epochs'>, sentences: number) {
  const perEpoch = Math.ceil(sentences / batchSize);
  return { perEpoch, steps: perEpoch * epochs };
}

/**
 * Continued pretraining on a task's sentences (TAPT: Gururangan et al., 2020, arXiv:2004.10964): in each epoch each
 * sentence once, half of them marked, with other tokens hidden each time. A generator, so that logging, checkpoints and stopping are
 * the caller's: inputs, masks, dropout and rate depend on the plan and `optimizer.steps` alone.
 *
 * @param measuredStep the last step at which the held-out loss was measured before; null where it never was
 * Errors: `failed` for a loss that is not finite, `usage` for a tokenizer without a mask token.
 */
export async function* pretrainLoop(
  plan: PretrainPlan,
  { model, optimizer }: PretrainState,
  { train, heldOut }: PretrainSentences,
  options: SessionOptions,
  measuredStep: number | null,
): AsyncGenerator<PretrainStep | HeldOutLoss> {
  const { config, weights, tokenizer } = model;
  const { seed, batchSize } = plan;
  const tokens = maskTokensOf(tokenizer);
  const { perEpoch, steps } = pretrainSteps(plan, train.length);
  const hidden = heldOut.map((ids, i) => maskRow(ids, tokens, randomStream(seed, 'held-out', i)));
  const rates = dropoutRates(config, plan.dropout);
  const taken = await openMaskedSteps(config, rates, { weights, optimizer }, options, plan);
  const measure = await openMaskedLoss(config, weights, options);
  let measured = measuredStep ?? -1;
  let inputs = { epoch: -1, rows: [] as MaskedRow[], batches: [] as number[][] };
  try {
    while (true) {
      const done = optimizer.steps;
      if (done > measured && done % perEpoch === 0) {
        measured = done;
        await taken.settle();
        yield { kind: 'held-out', step: done, loss: hidden.length > 0 ? await measure.run(hidden, batchSize) : null };
      }
      if (done >= steps) return;
      const epoch = Math.floor(done / perEpoch);
      if (inputs.epoch !== epoch) {
        const rows = formsOf(train, seed, epoch).map((ids, i) =>
          maskRow(ids, tokens, randomStream(seed, 'mask', epoch, i)),
        );
        const lengths = rows.map(({ ids }) => ids.length);
        inputs = { epoch, rows, batches: epochBatches(lengths, batchSize, seed, epoch) };
      }
      const batch = inputs.batches[done - epoch * perEpoch]!;
      const lr = learningRate(done, { peak: plan.lr, steps, warmup: plan.warmup, schedule: 'linear' });
      const rows = batch.map((row) => inputs.rows[row]!);
      const { loss } = await taken.take(rows, done, { lr, seed });
      const { settle } = taken;
      yield { kind: 'step', step: optimizer.steps, epoch: epoch + 1, loss, lr, sentences: batch.length, settle };
    }
  } finally {
    await taken.release();
    await measure.release();
  }
}

/** How each sentence is read in an epoch: plain or as one of its rows, each as likely. */
function formsOf(train: readonly PretrainSentence[], seed: number, epoch: number): (readonly number[])[] {
  const stream = randomStream(seed, 'form', epoch);
  return train.map(({ plain, marked }, i) =>
    marked.length > 0 && stream.uniform(2 * i) < 0.5
      ? marked[Math.floor(stream.uniform(2 * i + 1) * marked.length)]!
      : plain,
  );
}
