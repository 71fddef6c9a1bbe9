import type { Dataset, Example, LabelledExample, LabelSet } from '../../../base/core/types.ts';
import {
  type Count,
  conflictingGroups,
  type DuplicateGroup,
  distinctSentences,
  duplicateGroups,
  type EntityRole,
  entityDistances,
  labelCounts,
  type NumberSummary,
  relativePositions,
  sentenceLengths,
  sharedSentences,
  shareWithin,
  sourceCounts,
  subjectFirst,
  summarize,
  typeCounts,
  wordLengths,
} from '../../../base/data/profile.ts';
import { majorityLabel } from '../../../base/eval/baselines.ts';
import { computeMetrics } from '../../../base/eval/metrics.ts';
import { type Architecture, multiplyAdds } from '../selection/costModel.ts';
import { COMPARED_LIMITS, deriveMaxLength, STUDY_LIMIT, TARGET_SHARE } from './maxLength.ts';
import type { EdaFacts } from './summary.ts';
import { pairRule, typePairRows } from './typePairs.ts';

export interface EncoderFacts {
  readonly name: string;
  readonly marker: string;
  readonly architecture: Architecture;
  readonly positions: number;
  /** Share of tokens that its vocabulary lacks. */
  readonly unknown: { readonly train: number; readonly test: number };
}

/** Tokens of each row's input, special tokens included, in the order of the rows. */
export interface TokenLengths {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Everything stage 01 states of a data set. There is at least one training row; the test side may be empty. */
export function edaFacts(dataset: Dataset, tokens: TokenLengths, encoder: EncoderFacts): EdaFacts {
  const { train, test, labelSet } = dataset;
  const scored = test.length > 0 ? test : train;
  const both = <T>(figure: (rows: readonly LabelledExample[]) => T) => ({ train: figure(train), test: figure(test) });
  const summaries = (figure: (rows: readonly Example[]) => number[]) =>
    both((rows) => summarize(figure(rows)) ?? NO_ROWS);
  const derived = deriveMaxLength(tokens.train, encoder.positions);
  const keptWithin = (limit: number) => ({
    train: shareWithin(tokens.train, limit),
    test: shareWithin(tokens.test, limit),
  });
  const limits = [...new Set([...COMPARED_LIMITS, derived.value])].sort((a, b) => a - b);
  const cost = (length: number) => multiplyAdds(encoder.architecture, length);

  return {
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      train_rows: train.length,
      test_rows: test.length,
      scored_on: test.length > 0 ? 'test' : 'train',
      entity_types: [...dataset.entityTypes],
      no_relation: labelSet.noRelation,
    },
    labels: labelFacts(train, test, labelSet),
    lengths: {
      encoder: encoder.name,
      marker: encoder.marker,
      characters: summaries(sentenceLengths),
      tokens: { train: summarize(tokens.train) ?? NO_ROWS, test: summarize(tokens.test) ?? NO_ROWS },
      unknown: encoder.unknown,
      kept: limits.map((limit) => ({ limit, ...keptWithin(limit), cost: cost(limit) / cost(STUDY_LIMIT) })),
    },
    max_length: {
      target: TARGET_SHARE,
      exact: derived.exact,
      value: derived.value,
      positions: encoder.positions,
      ...keptWithin(derived.value),
      power_of_two: derived.powerOfTwo,
    },
    entities: {
      types: (['subject', 'object'] as const).flatMap((role) =>
        joined(typeCounts(train, role), typeCounts(test, role)).map(({ value, ...sides }) => ({
          role,
          type: value,
          ...sides,
        })),
      ),
      word_lengths: perRole((role) => summaries((rows) => wordLengths(rows, role))),
      positions: perRole((role) => summaries((rows) => relativePositions(rows, role))),
      distances: summaries(entityDistances),
      subject_first: both((rows) => counted(subjectFirst(rows))),
    },
    type_pairs: { rows: typePairRows(train, labelSet), rule: scores(scored, pairRule(train, labelSet), labelSet) },
    sources: joined(sourceCounts(train), sourceCounts(test)).map(({ value, ...sides }) => ({
      source: value,
      ...sides,
    })),
    repetition: repetitionFacts(train, test),
  };
}

/** What occurs more than once, within a side and across both. */
export function repetitionFacts(
  train: readonly LabelledExample[],
  test: readonly LabelledExample[],
): EdaFacts['repetition'] {
  const both = <T>(figure: (rows: readonly LabelledExample[]) => T) => ({ train: figure(train), test: figure(test) });
  return {
    distinct_sentences: both(distinctSentences),
    duplicates: both((rows) => groupSize(duplicateGroups(rows))),
    conflicts: both((rows) => groupSize(conflictingGroups(rows))),
    shared: sharedFacts(train, test),
  };
}

const NO_ROWS: NumberSummary = {
  n: 0,
  min: 0,
  max: 0,
  mean: 0,
  deviation: 0,
  median: 0,
  p90: 0,
  p95: 0,
  p99: 0,
  p999: 0,
};

const perRole = <T>(figure: (role: EntityRole) => T) => ({ subject: figure('subject'), object: figure('object') });

const counted = ({ count, share }: Count) => ({ count, share });

/** How the labels are distributed on both sides. There is at least one training row. */
export function labelFacts(
  train: readonly LabelledExample[],
  test: readonly LabelledExample[],
  labelSet: LabelSet,
): EdaFacts['labels'] {
  const [trainCounts, testCounts] = [labelCounts(train, labelSet), labelCounts(test, labelSet)];
  const ranked = trainCounts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const [largest, smallest] = [ranked[0], ranked.at(-1)];
  const majority = majorityLabel(train, labelSet);
  return {
    rows: trainCounts.map((first, id) => ({
      id,
      label: first.value,
      train: counted(first),
      test: counted(testCounts[id]!),
      ratio: first.count === 0 ? null : testCounts[id]!.share / first.share,
    })),
    largest: majority,
    smallest: smallest?.value ?? majority,
    imbalance: (largest?.count ?? 1) / (smallest?.count ?? 1),
    labels_for_80_percent: labelsForShare(ranked, 0.8),
    effective_labels: Math.exp(-ranked.reduce((sum, { share }) => sum + share * Math.log(share), 0)),
    prior_shift:
      test.length === 0
        ? 0
        : trainCounts.reduce((sum, { share }, id) => sum + Math.abs(share - testCounts[id]!.share), 0) / 2,
    majority: scores(test.length > 0 ? test : train, () => majority, labelSet),
  };
}

/** How many labels, the most frequent first, it takes to hold a share of the rows. */
function labelsForShare(ranked: readonly Count[], share: number): number {
  let held = 0;
  for (const [i, row] of ranked.entries()) {
    held += row.share;
    if (held >= share - 1e-9) return i + 1;
  }
  return ranked.length;
}

/** Accuracy and macro-F1 of a rule that answers each row with a label. */
function scores(rows: readonly LabelledExample[], rule: (row: Example) => string, labelSet: LabelSet) {
  const predictions = rows.map((row) => ({ guid: row.guid, predicted: rule(row), probabilities: null }));
  const { accuracy, macro_f1 } = computeMetrics(
    rows.map(({ label }) => label),
    predictions,
    labelSet,
  );
  return { accuracy, macro_f1 };
}

/** Both lists by value, in the order of the first, then what only the second has. */
function joined(first: readonly Count[], second: readonly Count[]) {
  const values = [...new Set([...first, ...second].map(({ value }) => value))];
  const find = (counts: readonly Count[], value: string) =>
    counted(counts.find((row) => row.value === value) ?? { value, count: 0, share: 0 });
  return values.map((value) => ({ value, train: find(first, value), test: find(second, value) }));
}

const groupSize = (groups: readonly DuplicateGroup[]) => ({
  groups: groups.length,
  rows: groups.reduce((sum, { guids }) => sum + guids.length, 0),
});

function sharedFacts(train: readonly LabelledExample[], test: readonly LabelledExample[]) {
  const sentences = new Set(sharedSentences(train, test));
  const question = ({ sentence, subject, object }: Example) =>
    JSON.stringify([sentence, subject.start, subject.end, object.start, object.end]);
  const answers = new Map(train.map((row) => [question(row), row.label]));
  const rows = test.filter((row) => sentences.has(row.sentence));
  return {
    sentences: sentences.size,
    rows: rows.length,
    row_share: test.length === 0 ? 0 : rows.length / test.length,
    same_question: rows.filter((row) => answers.has(question(row))).length,
    same_answer: rows.filter((row) => answers.get(question(row)) === row.label).length,
  };
}
