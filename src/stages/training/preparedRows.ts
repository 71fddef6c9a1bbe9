import type { Dataset } from '../../core/types.ts';
import { splitValidation } from '../../data/split.ts';
import type { RelationModel } from '../../nn/relationModel.ts';
import { digestOf } from '../../train/plan.ts';
import type { TrainingRow, TrainingRows } from '../../train/trainingLoop.ts';
import type { StageContext } from '../stage.ts';

/** Rows of stage 06: training and validation as the model reads them, and a digest that a checkpoint remembers. */
export interface PreparedRows extends TrainingRows {
  readonly digest: string;
  /** Digest of the given rows in two: runs that share it were validated on the same rows, and trained on the same others. */
  readonly split: string;
}

/** The training rows in two, and the digest of both. */
export function splitRows({ dataset, settings }: Pick<StageContext, 'dataset' | 'settings'>) {
  const { train, validation } = splitValidation(dataset.train, settings.validation, settings.seed);
  return { train, validation, split: digestOf([train, validation]) };
}

/** Splits the training rows and encodes both sides. */
export function prepareRows(
  context: Pick<StageContext, 'dataset' | 'settings'>,
  { inputs }: Pick<RelationModel, 'inputs'>,
): PreparedRows {
  const { train, validation, split } = splitRows(context);
  // Nothing but what a batch needs: each step's gradients make the garbage collector go through all that is kept, and with
  // texts and tokens of all rows that took a seventh of a training's time.
  const encode = (rows: Dataset['train']): TrainingRow[] =>
    rows.map((example) => {
      const { ids, subjectStart, objectStart, subjectWord, objectWord } = inputs.encode(example);
      return { example, encoded: { ids, subjectStart, objectStart, subjectWord, objectWord } };
    });
  return { train: encode(train), validation: encode(validation), digest: split, split };
}
