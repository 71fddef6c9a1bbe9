import type { Dataset } from '../../core/types.ts';
import { splitValidation } from '../../data/split.ts';
import type { RelationModel } from '../../nn/relationModel.ts';
import type { Encoded } from '../../text/inputEncoder.ts';
import { digestOf } from '../../train/plan.ts';
import type { TrainingRow, TrainingRows } from '../../train/trainingLoop.ts';
import type { StageContext } from '../stage.ts';

/** A row as the model reads it, which people can look at too. */
export interface PreparedRow extends TrainingRow {
  readonly encoded: Encoded;
}

/** Rows of stage 06: training and validation as the model reads them, and a digest that a checkpoint remembers. */
export interface PreparedRows extends TrainingRows {
  readonly train: readonly PreparedRow[];
  readonly validation: readonly PreparedRow[];
  readonly digest: string;
}

/** Splits the training rows and encodes both sides. */
export function prepareRows(
  { dataset, settings }: Pick<StageContext, 'dataset' | 'settings'>,
  { inputs }: Pick<RelationModel, 'inputs'>,
): PreparedRows {
  const { train, validation } = splitValidation(dataset.train, settings.validation, settings.seed);
  const encode = (rows: Dataset['train']): PreparedRow[] =>
    rows.map((example) => ({ example, encoded: inputs.encode(example) }));
  return { train: encode(train), validation: encode(validation), digest: digestOf([train, validation]) };
}
