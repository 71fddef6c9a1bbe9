import type { TrainingPlan } from '../runs/plan.ts';
import { orderedBatches } from './batches.ts';
import { epochRows } from './sampling.ts';
import { unitBatches } from './sharedBatches.ts';
import type { OpenTask } from './trainingTask.ts';

/** What batches are made of: the training rows' groups for sampling, their lengths, which are pairs of documents, and which share a pass. */
export interface EpochRows extends Pick<OpenTask, 'lengths' | 'isText' | 'packing'> {
  readonly groups: readonly string[];
}

/**
 * The batches of an epoch of a plan, as row indices: the rows that sampling draws, and where the plan puts rows of documents
 * last, those of documents behind the others; rows that share a pass of the encoder are in one batch. The same arguments give the same batches.
 */
export function batchesOf(
  { sampling, batchSize, seed, textOrder }: Pick<TrainingPlan, 'sampling' | 'batchSize' | 'seed' | 'textOrder'>,
  { groups, lengths, isText = () => false, packing = null }: EpochRows,
  epoch: number,
): number[][] {
  const chosen = epochRows(sampling, groups, seed, epoch);
  const parts = textOrder === 'last' ? [chosen.filter((row) => !isText(row)), chosen.filter(isText)] : [chosen];
  if (packing)
    return unitBatches(
      parts.map((part) => packing.unitsOf(epoch, part)),
      batchSize,
      seed,
      epoch,
    );
  return orderedBatches(lengths, batchSize, seed, epoch, parts);
}
