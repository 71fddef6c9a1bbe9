import type { LabelledExample, LabelSet } from '../core/types.ts';
import { rowsDigest } from './digest.ts';
import { distinctSentences, labelCounts, sharedSentences } from './profile.ts';

/** Content of `splits.json`: what each part of the data holds, and how many sentences two parts share. */
export interface SplitFacts {
  readonly parts: Readonly<Record<PartName, PartFacts>>;
  readonly shared_sentences: Readonly<Record<'train_validation' | 'train_test' | 'validation_test', number>>;
}

export interface PartFacts {
  readonly rows: number;
  readonly sentences: number;
  /** Rows per label, in the order of the label set. */
  readonly labels: Readonly<Record<string, number>>;
  /** SHA-256 of the rows in their order. */
  readonly sha256: string;
}

type PartName = 'train' | 'validation' | 'test';
type Parts = Readonly<Record<PartName, readonly LabelledExample[]>>;

/** `train_validation` is 0 where `splitValidation` made the parts. */
export function splitFacts({ train, validation, test }: Parts, labelSet: LabelSet): SplitFacts {
  const facts = (rows: readonly LabelledExample[]): PartFacts => ({
    rows: rows.length,
    sentences: distinctSentences(rows),
    labels: Object.fromEntries(labelCounts(rows, labelSet).map(({ value, count }) => [value, count])),
    sha256: rowsDigest(rows),
  });
  return {
    parts: { train: facts(train), validation: facts(validation), test: facts(test) },
    shared_sentences: {
      train_validation: sharedSentences(train, validation).length,
      train_test: sharedSentences(train, test).length,
      validation_test: sharedSentences(validation, test).length,
    },
  };
}
