import type { Entity, Example, LabelSet } from '../core/types.ts';
import { groupBy, tally } from './grouping.ts';
import { codePointLength } from './span.ts';

/**
 * What the rows of a data set look like: pure counting, for stage 01 and the quality checks of stage 02.
 * Lengths and positions are in code points, as KLUE's offsets are. Every list has an order of its own that does not
 * depend on the order of the rows, unless its text says otherwise.
 */

/** How often a value occurs; `share` is of all rows counted, 0 where there are none. */
export interface Count {
  readonly value: string;
  readonly count: number;
  readonly share: number;
}

/** Count per label, in the order of the label set, labels without rows included. Unlabelled rows do not count. */
export function labelCounts(rows: readonly Example[], labelSet: LabelSet): Count[] {
  const counts = tally(rows.flatMap((row) => row.label ?? []));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return labelSet.labels.map((value) => toCount(value, counts.get(value) ?? 0, total));
}

/** Count per source, most frequent first; rows without one count under `unknown`. */
export const sourceCounts = (rows: readonly Example[]): Count[] =>
  ranked(rows.map((row) => row.source ?? UNKNOWN_SOURCE));

/** Count per type of the entities in one role, most frequent first; entities without a type count under `untyped`. */
export const typeCounts = (rows: readonly Example[], role: EntityRole): Count[] =>
  ranked(rows.map((row) => typeOf(row[role])));

export type EntityRole = 'subject' | 'object';

/** What stands for a missing type or source in tables. */
export const UNTYPED = 'untyped';
export const UNKNOWN_SOURCE = 'unknown';

const typeOf = (entity: Entity): string => entity.type ?? UNTYPED;

/** Order and spread of a list of numbers. Quantiles are nearest-rank: values that occur in the list. */
export interface NumberSummary {
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population (divided by n). */
  readonly deviation: number;
  readonly median: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/** Null for an empty list. */
export function summarize(values: readonly number[]): NumberSummary | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const at = (share: number) => sorted[nearestRank(sorted.length, share)]!;
  return {
    n: sorted.length,
    min: at(0),
    max: at(1),
    mean,
    deviation: Math.sqrt(variance),
    median: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}

/** The smallest value of the list that is not exceeded by at least `share` of it. Undefined for an empty list. */
export function quantile(values: readonly number[], share: number): number | undefined {
  return Float64Array.from(values).sort()[nearestRank(values.length, share)];
}

/** Index of the nearest rank; the tiny slack keeps e.g. 0.999 × 1000 from being rounded up to 1000. */
const nearestRank = (n: number, share: number): number => Math.max(0, Math.ceil(share * n - 1e-9) - 1);

/** Share of the values that are at most `limit`; 1 for an empty list. */
export const shareWithin = (values: readonly number[], limit: number): number =>
  values.length === 0 ? 1 : values.filter((value) => value <= limit).length / values.length;

/** Sentence lengths in code points, in the order of the rows. */
export const sentenceLengths = (rows: readonly Example[]): number[] => rows.map((row) => codePointLength(row.sentence));

/** Word lengths of one role in code points, in the order of the rows. */
export const wordLengths = (rows: readonly Example[], role: EntityRole): number[] =>
  rows.map((row) => row[role].end - row[role].start + 1);

/** Where the entity of one role starts, as a share of its sentence: 0 at the first character, under 1 at the last. */
export const relativePositions = (rows: readonly Example[], role: EntityRole): number[] =>
  rows.map((row) => row[role].start / codePointLength(row.sentence));

/** Code points that stand between both entities (0: they touch), in the order of the rows. */
export const entityDistances = (rows: readonly Example[]): number[] =>
  rows.map(({ subject, object }) => Math.max(subject.start, object.start) - Math.min(subject.end, object.end) - 1);

/** How many rows name the subject before the object, and as a share of all (0 without rows). */
export const subjectFirst = (rows: readonly Example[]): Count => {
  const count = rows.filter((row) => row.subject.start < row.object.start).length;
  return toCount('subject first', count, rows.length);
};

/** Rows of one relation between entities of two types. */
export interface TypePairCount {
  readonly subjectType: string;
  readonly objectType: string;
  readonly label: string;
  readonly count: number;
}

/** Cells of the table type pair × relation that have rows: by type pair, then in the order of the label set. */
export function typePairCounts(rows: readonly Example[], labelSet: LabelSet): TypePairCount[] {
  const cells = new Map<string, { subjectType: string; objectType: string; label: string; count: number }>();
  for (const { subject, object, label } of rows) {
    if (label === null) continue;
    const key = JSON.stringify([typeOf(subject), typeOf(object), label]);
    const cell = cells.get(key) ?? { subjectType: typeOf(subject), objectType: typeOf(object), label, count: 0 };
    cell.count++;
    cells.set(key, cell);
  }
  return [...cells.values()].sort(
    (a, b) =>
      byCodeUnits(a.subjectType, b.subjectType) ||
      byCodeUnits(a.objectType, b.objectType) ||
      labelSet.labels.indexOf(a.label) - labelSet.labels.indexOf(b.label),
  );
}

/** Rows that ask the same question: same sentence, same subject span, same object span. */
export interface DuplicateGroup {
  readonly sentence: string;
  readonly subject: Entity;
  readonly object: Entity;
  /** In the order of the rows. */
  readonly guids: readonly string[];
  /** Beside `guids`; null where unlabelled. */
  readonly labels: readonly (string | null)[];
}

/** Groups of two and more rows with the same sentence and entity pair, in the order of their first row. */
export const duplicateGroups = (rows: readonly Example[]): DuplicateGroup[] =>
  [...groupBy(rows, questionOf).values()].filter((group) => group.length > 1).map(toDuplicateGroup);

/** What makes two rows ask the same, as a key. */
export const questionOf = ({ sentence, subject, object }: Example): string =>
  JSON.stringify([sentence, subject.start, subject.end, object.start, object.end]);

/** The duplicate groups whose rows do not agree on the label: no model can get all of them right. */
export const conflictingGroups = (rows: readonly Example[]): DuplicateGroup[] =>
  duplicateGroups(rows).filter(({ labels }) => new Set(labels).size > 1);

/**
 * Distinct sentences of `test` that also stand in `train`, compared character by character, in the order of `test`.
 * KLUE-RE's dev sentences are all different from each other, so there the number of rows is the same: 130 of the
 * complete official dev file, 57 of the rows with an even number.
 */
export function sharedSentences(train: readonly Example[], test: readonly Example[]): string[] {
  const seen = new Set(train.map((row) => row.sentence));
  return [...new Set(test.map((row) => row.sentence))].filter((sentence) => seen.has(sentence));
}

/** How many different sentences the rows have. */
export const distinctSentences = (rows: readonly Example[]): number => new Set(rows.map((row) => row.sentence)).size;

function toDuplicateGroup(group: readonly Example[]): DuplicateGroup {
  const { sentence, subject, object } = group[0]!;
  return { sentence, subject, object, guids: group.map((row) => row.guid), labels: group.map((row) => row.label) };
}

const ranked = (values: readonly string[]): Count[] =>
  [...tally(values)]
    .map(([value, count]) => toCount(value, count, values.length))
    .sort((a, b) => b.count - a.count || byCodeUnits(a.value, b.value));

const toCount = (value: string, count: number, total: number): Count => ({
  value,
  count,
  share: total === 0 ? 0 : count / total,
});

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
