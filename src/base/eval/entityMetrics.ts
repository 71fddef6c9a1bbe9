import { z } from 'zod';
import { mean } from '../core/averages.ts';
import { BOOTSTRAP, type BootstrapOptions, type Interval, percentileInterval, resamples } from './bootstrap.ts';
import { f1 } from './metrics.ts';

/** An entity as it is counted: places in code points, both inclusive. */
export interface CountedEntity {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** What was there and what was found, sentence by sentence; within one, no entity twice. */
export interface EntityAnswers {
  readonly gold: readonly (readonly CountedEntity[])[];
  readonly found: readonly (readonly CountedEntity[])[];
}

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const interval = z.tuple([z.number(), z.number()]);

/** Figures of some entities: those of a type, or all. */
export const entityFiguresSchema = z.object({
  /** Entities that are there, that were found, and that were found right. */
  support: count,
  predicted: count,
  right: count,
  precision: share,
  recall: share,
  f1: share,
});
export type EntityFigures = z.output<typeof entityFiguresSchema>;

const withIntervals = entityFiguresSchema.extend({
  intervals: z.object({ precision: interval, recall: interval, f1: interval }),
});

export const entityReportSchema = z.object({
  sentences: count,
  all: withIntervals,
  /** Entities whose place is right, whatever their type. */
  boundaries: withIntervals,
  types: z.record(z.string(), withIntervals),
  /** Rows of what is there, columns of what was found at the very place: the types in their order, and nothing. */
  confusion: z.array(z.array(count)),
});
export type EntityReport = z.output<typeof entityReportSchema>;

/** Counts of one sentence: there, found, right. */
type Counts = readonly [number, number, number];

const figuresOf = ([support, predicted, right]: Counts): EntityFigures => ({
  support,
  predicted,
  right,
  precision: predicted === 0 ? 0 : right / predicted,
  recall: support === 0 ? 0 : right / support,
  f1: f1(right, support, predicted),
});

/** The key by which two entities count as the same. */
type Key = (entity: CountedEntity) => string;
const strictly: Key = ({ start, end, type }) => `${start}-${end}-${type}`;
const byPlace: Key = ({ start, end }) => `${start}-${end}`;

function countsOf({ gold, found }: EntityAnswers, key: Key, type: string | null): Counts[] {
  const of = (entities: readonly CountedEntity[]) =>
    entities.filter((entity) => type === null || entity.type === type).map(key);
  return gold.map((entities, sentence) => {
    const [there, predicted] = [new Set(of(entities)), of(found[sentence]!)];
    return [there.size, predicted.length, predicted.filter((each) => there.has(each)).length];
  });
}

const added = (counts: readonly Counts[], weights?: Uint32Array): Counts => {
  const sum: [number, number, number] = [0, 0, 0];
  for (const [sentence, each] of counts.entries()) {
    const weight = weights?.[sentence] ?? 1;
    for (let i = 0; i < 3; i++) sum[i]! += weight * each[i]!;
  }
  return sum;
};

/** Counts of a type, sentence by sentence: there, found, right. */
export const typeCounts = (answers: EntityAnswers, type: string): Counts[] => countsOf(answers, strictly, type);

/**
 * Precision, recall and F1 of entities: one is right where begin, end and type all are (Tjong Kim Sang and De Meulder, 2003,
 * cs/0306050), counted over all sentences, as the script `conlleval` and the library seqeval do in its default mode.
 */
export const entityFigures = (answers: EntityAnswers, type: string | null = null): EntityFigures =>
  figuresOf(added(countsOf(answers, strictly, type)));

/** The mean F1 of types, 0 for one that is neither there nor found: seqeval's "macro avg". */
export const meanTypeF1 = (answers: EntityAnswers, types: readonly string[]): number =>
  mean(types.map((type) => entityFigures(answers, type).f1));

/** How often a type was found as another, missed (the last column) or found where nothing is (the last row). */
function confusionOf({ gold, found }: EntityAnswers, types: readonly string[]): number[][] {
  const none = types.length;
  const counts = Array.from({ length: none + 1 }, () => new Array<number>(none + 1).fill(0));
  const add = (there: string | null, as: string | null) => {
    const [row, column] = [there, as].map((type) => (type === null ? none : types.indexOf(type)));
    if (row! >= 0 && column! >= 0) counts[row!]![column!]!++;
  };
  for (const [sentence, there] of gold.entries()) {
    const places = new Map(found[sentence]!.map((entity) => [byPlace(entity), entity.type]));
    const known = new Set(there.map(byPlace));
    for (const entity of there) add(entity.type, places.get(byPlace(entity)) ?? null);
    for (const [place, type] of places) if (!known.has(place)) add(null, type);
  }
  return counts;
}

/** All figures with percentile intervals over resampled sentences; `types` in the order given. */
export function entityReport(
  answers: EntityAnswers,
  types: readonly string[],
  options: BootstrapOptions,
): EntityReport {
  const { level = BOOTSTRAP.level } = options;
  const rows = [
    countsOf(answers, strictly, null),
    countsOf(answers, byPlace, null),
    ...types.map((type) => countsOf(answers, strictly, type)),
  ];
  const samples = rows.map(() => ({ precision: [] as number[], recall: [] as number[], f1: [] as number[] }));
  if (answers.gold.length > 0)
    for (const weights of resamples(answers.gold.length, options))
      for (const [row, counts] of rows.entries()) {
        const figures = figuresOf(added(counts, weights));
        for (const name of ['precision', 'recall', 'f1'] as const) samples[row]![name].push(figures[name]);
      }
  const intervalOf = (values: readonly number[]): [number, number] => {
    const [low, high]: Interval = values.length === 0 ? [0, 0] : percentileInterval(values, level);
    return [low, high];
  };
  const [all, boundaries, ...byType] = rows.map((counts, row) => {
    const { precision, recall, f1: score } = samples[row]!;
    return {
      ...figuresOf(added(counts)),
      intervals: { precision: intervalOf(precision), recall: intervalOf(recall), f1: intervalOf(score) },
    };
  });
  return {
    sentences: answers.gold.length,
    all: all!,
    boundaries: boundaries!,
    types: Object.fromEntries(types.map((type, i) => [type, byType[i]!])),
    confusion: confusionOf(answers, types),
  };
}
