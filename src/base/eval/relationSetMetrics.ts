import { z } from 'zod';
import { BOOTSTRAP, type BootstrapOptions, percentileInterval, resamples } from './bootstrap.ts';
import { f1 } from './metrics.ts';
import { expectedCalibrationError, reliabilityBins } from './reliability.ts';

/** A relation that a system asserts, by a key that tells it from all others of its text. */
export interface AssertedRelation {
  readonly key: string;
  readonly relation: string;
  readonly confidence: number;
}

/** What a text holds and what was asserted of it. */
export interface RelationSet {
  readonly gold: readonly Omit<AssertedRelation, 'confidence'>[];
  /** Keys that count neither way. */
  readonly unsure: ReadonlySet<string>;
  readonly asserted: readonly AssertedRelation[];
}

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const interval = z.tuple([z.number(), z.number()]);
const figures = z.object({ gold: count, asserted: count, right: count, precision: share, recall: share, f1: share });

export const relationReportSchema = z.object({
  texts: count,
  ...figures.shape,
  /** Texts that hold no relation, not even an unsure one, and in how many of them one is asserted; the share is null where there are none. */
  relation_free: z.object({ texts: count, asserted: count, share: share.nullable() }),
  /** Expected calibration error of what is asserted; null where nothing is. */
  ece: share.nullable(),
  intervals: z.object({
    precision: interval,
    recall: interval,
    f1: interval,
    relation_free: interval.nullable(),
    ece: interval.nullable(),
  }),
  relations: z.record(z.string(), figures),
});
export type RelationReport = z.output<typeof relationReportSchema>;

interface Counts {
  readonly gold: number;
  readonly asserted: number;
  readonly right: number;
}

/** What counts of a text: unsure ones are no assertions, and what is asserted twice counts once. */
function counted({ gold, unsure, asserted }: RelationSet) {
  const there = new Set(gold.map(({ key }) => key));
  const kept = [...new Map(asserted.map((each) => [each.key, each])).values()].filter(({ key }) => !unsure.has(key));
  const judged = kept.map((each) => ({ ...each, isRight: there.has(each.key) }));
  return { gold, judged, isFree: there.size === 0 && unsure.size === 0, isAsserted: kept.length > 0 };
}

type Counted = ReturnType<typeof counted>;

/**
 * Precision, recall and F1 of relations over texts, the share of relation-free texts in which one is asserted, and the expected
 * calibration error of what is asserted (Guo et al., 2017, equation 3; 15 bins), with percentile intervals over resampled texts.
 */
export function relationReport(texts: readonly RelationSet[], options: BootstrapOptions): RelationReport {
  const all = texts.map(counted);
  const once = new Uint32Array(all.length).fill(1);
  const point = figuresOn(all, once);
  const samples = Array.from(resamples(all.length, options), (weights) => figuresOn(all, weights));
  const { level = BOOTSTRAP.level } = options;
  const intervalOf = (values: readonly (number | null)[]): [number, number] | null => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return null;
    const [low, high] = percentileInterval(known, level);
    return [low, high];
  };
  const names = [...new Set(all.flatMap(({ gold, judged }) => [...gold, ...judged].map(({ relation }) => relation)))];
  return {
    texts: all.length,
    ...point.counts,
    ...{ precision: point.precision, recall: point.recall, f1: point.f1 },
    relation_free: { ...point.free, share: point.freeShare },
    ece: point.ece,
    intervals: {
      precision: intervalOf(samples.map(({ precision }) => precision)) ?? [0, 0],
      recall: intervalOf(samples.map(({ recall }) => recall)) ?? [0, 0],
      f1: intervalOf(samples.map((sample) => sample.f1)) ?? [0, 0],
      relation_free: point.freeShare === null ? null : intervalOf(samples.map(({ freeShare }) => freeShare)),
      ece: point.ece === null ? null : intervalOf(samples.map(({ ece }) => ece)),
    },
    relations: Object.fromEntries(names.sort().map((name) => [name, ratios(countsOf(all, once, name))])),
  };
}

function figuresOn(texts: readonly Counted[], weights: Uint32Array) {
  const counts = countsOf(texts, weights);
  const free = { texts: 0, asserted: 0 };
  const judged: Counted['judged'] = [];
  for (const [i, text] of texts.entries()) {
    if (text.isFree) free.texts += weights[i]!;
    if (text.isFree && text.isAsserted) free.asserted += weights[i]!;
    for (let time = 0; time < weights[i]!; time++) judged.push(...text.judged);
  }
  const { precision, recall, f1 } = ratios(counts);
  const freeShare = free.texts === 0 ? null : free.asserted / free.texts;
  const ece = judged.length === 0 ? null : expectedCalibrationError(reliabilityBins(judged));
  return { counts, precision, recall, f1, free, freeShare, ece };
}

function countsOf(texts: readonly Counted[], weights: Uint32Array, name: string | null = null): Counts {
  const sum = { gold: 0, asserted: 0, right: 0 };
  const isMeant = ({ relation }: { readonly relation: string }) => name === null || relation === name;
  for (const [i, { gold, judged }] of texts.entries()) {
    const meant = judged.filter(isMeant);
    sum.gold += weights[i]! * new Set(gold.filter(isMeant).map(({ key }) => key)).size;
    sum.asserted += weights[i]! * meant.length;
    sum.right += weights[i]! * meant.filter(({ isRight }) => isRight).length;
  }
  return sum;
}

const ratios = ({ gold, asserted, right }: Counts) => ({
  ...{ gold, asserted, right },
  precision: asserted === 0 ? 0 : right / asserted,
  recall: gold === 0 ? 0 : right / gold,
  f1: f1(right, gold, asserted),
});
