import type { Example, LabelledExample } from '../../base/core/types.ts';
import { groupBy } from '../../base/data/grouping.ts';
import { questionOf } from '../../base/data/profile.ts';
import type { AnalyzedRow } from './analyzedRow.ts';

/** Rows that ask the same (sentence, subject, object) and disagree on the label, as stage 01 counts them, and across both sides. */
export interface Contradictions {
  readonly trainGroups: number;
  readonly testGroups: number;
  /** Groups whose labels differ only because a training row disagrees with a test row. */
  readonly mixedGroups: number;
  readonly isContradicted: (row: AnalyzedRow) => boolean;
}

export function findContradictions(
  train: readonly LabelledExample[],
  test: readonly LabelledExample[],
): Contradictions {
  const inTrain = conflicts(train);
  const inTest = conflicts(test);
  const anywhere = conflicts([...train, ...test]);
  return {
    trainGroups: inTrain.size,
    testGroups: inTest.size,
    mixedGroups: [...anywhere].filter((question) => !inTrain.has(question) && !inTest.has(question)).length,
    isContradicted: ({ example }) => anywhere.has(questionOf(example)),
  };
}

/** Questions that are answered in more than one way. */
const conflicts = (rows: readonly Example[]): ReadonlySet<string> =>
  new Set(
    [...groupBy(rows, questionOf)].flatMap(([question, group]) =>
      new Set(group.map(({ label }) => label)).size > 1 ? question : [],
    ),
  );
