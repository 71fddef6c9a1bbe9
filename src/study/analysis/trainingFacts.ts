import type { Entity, Example, LabelledExample } from '../../base/core/types.ts';
import { tally } from '../../base/data/grouping.ts';

/** What the training rows show, as far as errors are explained by it. */
export interface TrainingFacts {
  readonly rows: number;
  rowsOf(label: string): number;
  /** Share of the training rows. */
  shareOf(label: string): number;
  /** Whether the word occurs as an entity, in either role. */
  knowsWord(word: string): boolean;
  /** Whether both words occur together as subject and object, in this order. */
  knowsPair(example: Example): boolean;
  /** Whether some row has the label between entities of these types; true where types are missing or the type pair never occurs. */
  knowsRelation(example: Example, label: string): boolean;
  /** The most frequent label of the pair of types, or of all rows where it never occurs. */
  usualLabel(example: Example): string;
  readonly hasTypes: boolean;
}

/** Relations below this share of the training rows are rare, those from the second one on frequent. */
export const RARE_BELOW = 0.01;
export const FREQUENT_FROM = 0.05;

/** Null without training rows. */
export function trainingFacts(train: readonly LabelledExample[]): TrainingFacts | null {
  if (train.length === 0) return null;
  const labels = tally(train.map(({ label }) => label));
  const words = new Set(train.flatMap(({ subject, object }) => [subject.word, object.word]));
  const pairs = new Set(train.map(pairOf));
  const typed = train.filter(hasTypes);
  const relations = new Map<string, Map<string, number>>();
  for (const row of typed) {
    const counts = relations.get(typesOf(row)) ?? new Map<string, number>();
    counts.set(row.label, (counts.get(row.label) ?? 0) + 1);
    relations.set(typesOf(row), counts);
  }
  const usual = mostFrequent(labels);
  const usualByTypes = new Map([...relations].map(([types, counts]) => [types, mostFrequent(counts)]));
  const rowsOf = (label: string) => labels.get(label) ?? 0;
  return {
    rows: train.length,
    rowsOf,
    shareOf: (label) => rowsOf(label) / train.length,
    knowsWord: (word) => words.has(word),
    knowsPair: (example) => pairs.has(pairOf(example)),
    knowsRelation: (example, label) => relations.get(typesOf(example))?.has(label) ?? true,
    usualLabel: (example) => usualByTypes.get(typesOf(example)) ?? usual,
    hasTypes: typed.length > 0,
  };
}

/** The label with most rows, of equals the first to occur. */
const mostFrequent = (counts: ReadonlyMap<string, number>): string =>
  [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];

const pairOf = ({ subject, object }: Example): string => JSON.stringify([subject.word, object.word]);

const hasTypes = ({ subject, object }: Example): boolean => subject.type !== null && object.type !== null;
/** A key of the types of both entities. */
const typesOf = ({ subject, object }: { readonly subject: Entity; readonly object: Entity }): string =>
  JSON.stringify([subject.type, object.type]);
