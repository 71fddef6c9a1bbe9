import { groupBy, tally } from '../../base/data/grouping.ts';
import { entityDistances, UNKNOWN_SOURCE, UNTYPED } from '../../base/data/profile.ts';
import { codePointLength } from '../../base/data/span.ts';
import type { AnalyzedRow } from './analyzedRow.ts';
import { OTHERS, SLICINGS, type Slicing } from './kinds.ts';
import { FREQUENT_FROM, RARE_BELOW, type TrainingFacts } from './trainingFacts.ts';

/** A part of the test rows. The parts of a slicing hold every row once. */
export interface Slice {
  readonly slicing: Slicing;
  /** What the rows share; `sliceName` has it in words. */
  readonly value: string;
  readonly rows: readonly AnalyzedRow[];
}

/** Parts with fewer rows are joined: a handful of rows supports no conclusion. */
const FEWEST = 20;

/** Upper bounds in characters, the value itself included; what is beyond the last one is a part too. */
const LENGTHS = [50, 80, 120];
const DISTANCES = [3, 10, 30];

/** Divides the test rows in every way that the data allow; parts without rows are left out. */
export function slicesOf(
  rows: readonly AnalyzedRow[],
  noRelation: string | null,
  training: TrainingFacts | null,
): Slice[] {
  const values: Readonly<Record<Slicing, ((row: AnalyzedRow) => string) | null>> = {
    type_pair: joinSmall(rows, ({ example: { subject, object } }) =>
      subject.type === null && object.type === null ? UNTYPED : `${subject.type ?? '?'}→${object.type ?? '?'}`,
    ),
    length: ({ example }) => rangeOf(codePointLength(example.sentence), LENGTHS),
    distance: ({ example }) => rangeOf(entityDistances([example])[0]!, DISTANCES),
    order: ({ example: { subject, object } }) => (subject.start < object.start ? 'subject_first' : 'object_first'),
    novelty: training && ((row) => noveltyOf(row, training)),
    source: joinSmall(rows, ({ example }) => example.source ?? UNKNOWN_SOURCE),
    frequency: training && ((row) => frequencyOf(row, noRelation, training)),
  };
  return SLICINGS.flatMap((slicing) => {
    const partOf = values[slicing];
    if (partOf === null) return [];
    const groups = [...groupBy(rows, partOf)].map(([value, group]) => ({ slicing, value, rows: group }));
    return groups.sort((a, b) => rankOf(a.value) - rankOf(b.value) || b.rows.length - a.rows.length);
  });
}

/** The range that a value lies in, e.g. `51–80`, or `121–` beyond the last bound. */
function rangeOf(value: number, bounds: readonly number[]): string {
  const at = bounds.findIndex((bound) => value <= bound);
  const below = at < 0 ? bounds.at(-1)! : (bounds[at - 1] ?? -1);
  return `${below + 1}–${at < 0 ? '' : bounds[at]}`;
}

/** In the order of their meaning, what has none by size, the joined rest last. */
const ORDERED = [
  ...[...LENGTHS, Number.POSITIVE_INFINITY].map((value) => rangeOf(value, LENGTHS)),
  ...[...DISTANCES, Number.POSITIVE_INFINITY].map((value) => rangeOf(value, DISTANCES)),
  ...['subject_first', 'object_first'],
  ...['pair_known', 'words_known', 'subject_new', 'object_new', 'both_new', 'none', 'frequent', 'middle', 'rare'],
];

function rankOf(value: string): number {
  if (value === OTHERS) return Number.POSITIVE_INFINITY;
  return ORDERED.includes(value) ? ORDERED.indexOf(value) : ORDERED.length;
}

/** How new the entities are: the pair known from training, both words but not together, one of them new, both new. */
function noveltyOf({ example }: AnalyzedRow, training: TrainingFacts): string {
  if (training.knowsPair(example)) return 'pair_known';
  const [subject, object] = [training.knowsWord(example.subject.word), training.knowsWord(example.object.word)];
  if (subject && object) return 'words_known';
  if (subject || object) return subject ? 'object_new' : 'subject_new';
  return 'both_new';
}

function frequencyOf({ example: { label } }: AnalyzedRow, noRelation: string | null, training: TrainingFacts): string {
  if (label === noRelation) return 'none';
  const share = training.shareOf(label);
  if (share < RARE_BELOW) return 'rare';
  return share < FREQUENT_FROM ? 'middle' : 'frequent';
}

function joinSmall(rows: readonly AnalyzedRow[], partOf: (row: AnalyzedRow) => string) {
  const sizes = tally(rows.map(partOf));
  return (row: AnalyzedRow): string => {
    const value = partOf(row);
    return sizes.get(value)! < FEWEST ? OTHERS : value;
  };
}
