import { randomStream, shuffled } from '../../base/core/random.ts';
import type { AnnotatedDocument, LabelSet } from '../../base/core/types.ts';
import { pairLabels } from '../../base/data/documentRows.ts';
import { learnedTraits, type RelationTable, traitsOf } from '../../base/data/relationTraits.ts';
import { expectedCalibrationError, reliabilityBins } from '../../base/eval/reliability.ts';
import type { TextFigures, TextSetting } from '../../engine/runs/textSetting.ts';
import { type DecidedBy, decideTogether } from './decideTogether.ts';
import { fitPairWeights, type JudgedUnit } from './fitPairWeights.ts';
import type { ScoredPair } from './pairScorer.ts';
import { distributionOf, type PairModel, type PairRules, type PairWeights, unitsOf } from './sentencePairs.ts';

/** An annotated document with the model's logits for all pairs that it is asked of. */
export interface ScoredDocument {
  readonly document: AnnotatedDocument;
  readonly pairs: readonly ScoredPair[];
}

export interface TextFit {
  readonly labelSet: LabelSet;
  readonly documents: readonly ScoredDocument[];
  /** What is known of relations, before KLUE's table and what the documents show of others. */
  readonly relations?: RelationTable;
  readonly seed: number;
}

const FOLDS = 5;
/** Within each of these, for the confidence alone. */
const INNER_FOLDS = 5;
/** What a rule has to add to F1: less is within chance. */
const LEAST_GAIN = 0.002;
/** Fine enough to meet a target, coarse enough not to follow single pairs. */
const THRESHOLDS = Array.from({ length: 97 }, (_, i) => (i + 2) / 100);

/** A relation that could be asserted of a document, with its confidence; right is null where annotators could not decide. */
interface Asserted {
  readonly document: number;
  readonly confidence: number;
  readonly isRight: boolean | null;
}

/**
 * How a text's pairs are decided, fitted on annotated documents: scale and biases of the logits, the confidence of what is then
 * asserted, and the threshold with the best F1. Which rules apply, and what the answers are like, is cross-validated over the
 * documents (five folds): a rule that does not raise F1 is left out.
 *
 * Errors: none; the labels have one for "no relation".
 */
export function fitTextSetting(input: TextFit): TextSetting {
  const learned = learnedTraits(input.documents.map(({ document }) => document));
  const relations = Object.fromEntries(
    input.labelSet.labels.flatMap((label) => {
      const traits = traitsOf(label, input.relations ?? {}) ?? traitsOf(label) ?? traitsOf(label, learned);
      return traits ? [[label, traits] as const] : [];
    }),
  );
  const base = { ...input, relations };
  const tried = (rules: PairRules) => ({ rules, ...crossValidated({ ...base, rules }) });
  const all = tried({ types: true, directions: true, counts: true });
  const without = {
    types: tried({ ...all.rules, types: false }),
    directions: tried({ ...all.rules, directions: false }),
    counts: tried({ ...all.rules, counts: false }),
  };
  const helps = (rule: keyof PairRules) => all.measured.f1 > without[rule].measured.f1 + LEAST_GAIN;
  const rules = { types: helps('types'), directions: helps('directions'), counts: helps('counts') };
  const same = [all, ...Object.values(without)].find((each) => JSON.stringify(each.rules) === JSON.stringify(rules));
  const { measured, curve } = same ?? tried(rules);
  const none = tried({ types: false, directions: false, counts: false });
  const setting = fitted({ ...base, rules }, base.documents);
  return {
    ...setting,
    folds: FOLDS,
    measured,
    ablation: {
      each_pair_alone: none.measured,
      all_rules: all.measured,
      without_types: without.types.measured,
      without_directions: without.directions.measured,
      without_counts: without.counts.measured,
    },
    curve,
  };
}

type Fit = Required<TextFit> & { readonly rules: PairRules };
type Fitted = DecidedBy;

/** The setting that these documents give; its threshold is the best on them. */
function fitted({ labelSet, relations, rules }: Fit, documents: readonly ScoredDocument[]): Fitted {
  const { labels } = labelSet;
  const none = labels.indexOf(labelSet.noRelation!);
  const model: PairModel = { labelSet, relations, rules };
  const judged = documents.map((document) => judgedUnits(document, model));
  const { scale, bias } = fitPairWeights(judged.flat(), labels.length, none);
  // Probabilities of units that the weights were not fitted on: on their own ones they would look surer than they are.
  const raw = Array.from({ length: INNER_FOLDS }, (_, fold) => {
    const [rest, held] = [false, true].map((isHeld) =>
      judged.filter((_, document) => (document % INNER_FOLDS === fold) === isHeld).flat(),
    ) as [JudgedUnit[], JudgedUnit[]];
    const weights = fitPairWeights(rest, labels.length, none, { scale, bias });
    return held.flatMap((unit) => likeliestRelations(unit, weights, none));
  }).flat();
  const { slope, offset } = fitConfidence(raw);
  const setting: Fitted = {
    documents: documents.length,
    pairs: documents.reduce((sum, { pairs }) => sum + pairs.length, 0),
    temperature: rounded(1 / scale),
    bias: Object.fromEntries(labels.map((label, id) => [label, rounded(bias[id]!)])),
    confidence: { slope: rounded(slope), offset: rounded(offset) },
    thresholds: { default: 0, per_relation: {} },
    rules,
    relations: Object.fromEntries(
      Object.entries(relations).map(([name, { types, inverse, maxObjects }]) => [
        name,
        { types: types && [...types], inverse, max_objects: maxObjects },
      ]),
    ),
  };
  const threshold = bestThreshold(assertedOf(labelSet, setting, documents), documents);
  return { ...setting, thresholds: { default: threshold, per_relation: {} } };
}

/** Six digits, so that a file of them stays readable. */
const rounded = (value: number): number => Number(value.toFixed(6));

/** The units whose labels annotators decided and the rules allow. */
function judgedUnits({ document, pairs }: ScoredDocument, model: PairModel): JudgedUnit[] {
  const { labels, noRelation } = model.labelSet;
  const labelOf = pairLabels(document, noRelation!);
  return unitsOf(document.entities, pairs, model).flatMap((unit): JudgedUnit[] => {
    const at = (direction: typeof unit.back): number => {
      if (direction === null) return 0;
      const label = labelOf(direction.subject, direction.object);
      return label === null ? -1 : direction.labels.indexOf(labels.indexOf(label));
    };
    const gold = { forth: at(unit.forth), back: at(unit.back) };
    const isKnown = gold.forth >= 0 && gold.back >= 0;
    const isAllowed = isKnown && unit.allowed[gold.forth * (unit.back?.labels.length ?? 1) + gold.back] === 1;
    return isAllowed ? [{ unit, gold }] : [];
  });
}

/** The likeliest relation of each direction, with its probability. */
function likeliestRelations({ unit, gold }: JudgedUnit, weights: PairWeights, none: number) {
  const distribution = distributionOf(unit, weights);
  return (['forth', 'back'] as const).flatMap((side) => {
    let [at, p] = [-1, 0];
    for (const [index, label] of (unit[side]?.labels ?? []).entries())
      if (label !== none && distribution[side][index]! > p) [at, p] = [index, distribution[side][index]!];
    return at < 0 ? [] : [{ p, isRight: at === gold[side] }];
  });
}

/** Probabilities below this are of no relation that anybody would assert, and would decide the fit by their number. */
const LEAST_PROBABILITY = 0.15;

/** Slope and offset of the confidence by logistic regression with a weak normal prior around the identity, by Newton's method. */
function fitConfidence(rows: readonly { readonly p: number; readonly isRight: boolean }[]) {
  const points = rows
    .filter(({ p }) => p >= LEAST_PROBABILITY)
    .map(({ p, isRight }) => ({ x: Math.log(p / Math.max(1e-9, 1 - p)), y: isRight ? 1 : 0 }));
  let [slope, offset] = [1, 0];
  for (let step = 0; step < 20; step++) {
    let [gs, go, hss, hso, hoo] = [slope - 1, offset * 0.1, 1, 0, 0.1];
    for (const { x, y } of points) {
      const q = 1 / (1 + Math.exp(-(slope * x + offset)));
      const h = q * (1 - q);
      gs += (q - y) * x;
      go += q - y;
      hss += h * x * x;
      hso += h * x;
      hoo += h;
    }
    const determinant = hss * hoo - hso * hso;
    slope = Math.min(5, Math.max(0.1, slope - (hoo * gs - hso * go) / determinant));
    offset -= (hss * go - hso * gs) / determinant;
  }
  return { slope, offset };
}

/** What a setting would assert from a threshold of 0 on: of each pair its best relation as the rules let it. */
function assertedOf(labelSet: LabelSet, setting: Fitted, documents: readonly ScoredDocument[]): Asserted[] {
  const decide = decideTogether(labelSet, setting);
  return documents.flatMap(({ document, pairs }, index) => {
    const labelOf = pairLabels(document, labelSet.noRelation!);
    return decide(document.entities, pairs, { threshold: THRESHOLDS[0]! }).flatMap((decided) => {
      if (decided.decision !== 'relation') return [];
      const label = labelOf(decided.subject, decided.object);
      return [
        {
          document: index,
          confidence: decided.confidence,
          isRight: label === null ? null : label === decided.relation,
        },
      ];
    });
  });
}

/** Figures of what is asserted from a threshold on; those that annotators could not decide do not count. */
function figuresOf(
  asserted: readonly Asserted[],
  documents: readonly ScoredDocument[],
  threshold: number,
): TextFigures {
  const given = asserted.filter(({ confidence, isRight }) => isRight !== null && confidence >= threshold);
  const right = given.filter(({ isRight }) => isRight).length;
  const all = documents.reduce((sum, { document }) => sum + (document.relations?.length ?? 0), 0);
  const precision = given.length > 0 ? right / given.length : 0;
  const recall = all > 0 ? right / all : 0;
  const free = documents.flatMap(({ document }, index) =>
    document.relations?.length === 0 && document.unsure.length === 0 ? [index] : [],
  );
  const wrong = new Set(given.map(({ document }) => document));
  const bins = reliabilityBins(given.map(({ confidence, isRight }) => ({ confidence, isRight: isRight === true })));
  return {
    precision: rounded(precision),
    recall: rounded(recall),
    f1: right === 0 ? 0 : rounded((2 * precision * recall) / (precision + recall)),
    relation_free: free.length > 0 ? rounded(free.filter((index) => wrong.has(index)).length / free.length) : null,
    ece: given.length > 0 ? rounded(expectedCalibrationError(bins)) : 0,
  };
}

function bestThreshold(asserted: readonly Asserted[], documents: readonly ScoredDocument[]): number {
  const scores = THRESHOLDS.map((threshold) => figuresOf(asserted, documents, threshold).f1);
  return THRESHOLDS[scores.indexOf(Math.max(...scores))]!;
}

/** Figures at thresholds that were chosen without the documents that they are measured on, and the curve over all thresholds. */
function crossValidated(fit: Fit): Pick<TextSetting, 'measured' | 'curve'> {
  const { documents } = fit;
  const order = shuffled([...documents.keys()], randomStream(fit.seed, 'fitTextSetting'));
  const foldOf = new Map(order.map((document, place) => [document, place % FOLDS]));
  const asserted: Asserted[] = [];
  const kept: Asserted[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const [rest, held] = [false, true].map((isHeld) =>
      [...documents.keys()].filter((index) => (foldOf.get(index) === fold) === isHeld),
    ) as [number[], number[]];
    if (rest.length === 0 || held.length === 0) continue;
    const setting = fitted(
      fit,
      rest.map((index) => documents[index]!),
    );
    const own = assertedOf(
      fit.labelSet,
      setting,
      held.map((index) => documents[index]!),
    ).map((row) => ({
      ...row,
      document: held[row.document]!,
    }));
    asserted.push(...own);
    kept.push(...own.filter(({ confidence }) => confidence >= setting.thresholds.default));
  }
  const curve = THRESHOLDS.map((threshold) => {
    const { precision, recall } = figuresOf(asserted, documents, threshold);
    const isEmpty = !asserted.some(({ confidence }) => confidence >= threshold);
    return { threshold, precision: isEmpty ? null : precision, recall };
  });
  return { measured: figuresOf(kept, documents, 0), curve };
}
