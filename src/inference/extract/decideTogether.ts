import type { TextSetting } from '../../engine/runs/textSetting.ts';
import { type Postprocessing, thresholdOf } from '../predict/answer.ts';
import { bestSet, type Choice } from './bestSet.ts';
import { decideEach } from './decideEach.ts';
import type { DecidedPair, Decoder } from './decoder.ts';
import {
  type Direction,
  distributionOf,
  type PairModel,
  type PairUnit,
  type UnitDistribution,
  unitsOf,
} from './sentencePairs.ts';

/** The decoder of a model: over all pairs of a sentence where it was calibrated for text, else each pair by itself. */
export function decoderOf(post: Postprocessing): Decoder {
  const { text, labelSet } = post;
  return text === null || labelSet.noRelation === null ? decideEach(post) : decideTogether(post.labelSet, text);
}

/** What of a setting decides. */
export type DecidedBy = Omit<TextSetting, 'folds' | 'measured' | 'ablation' | 'curve'>;

/** A relation that a direction may be decided to have, with its calibrated probability. */
interface Candidate {
  readonly label: number;
  readonly confidence: number;
}

/**
 * Decides on all pairs of a sentence: of the sets of relations that the rules allow, the one whose confidence over the threshold
 * adds up to most. With thresholds of t that is the set of the least expected cost, where a wrong relation costs t and a missed
 * one 1 - t. The confidence of a relation is its calibrated probability given both directions and the rules about them.
 */
export function decideTogether(labelSet: PairModel['labelSet'], text: DecidedBy): Decoder {
  const model: PairModel = { labelSet, relations: relationTable(text), rules: text.rules };
  const { labels } = labelSet;
  const none = labels.indexOf(labelSet.noRelation!);
  const weights = { scale: 1 / text.temperature, bias: labels.map((label) => text.bias[label] ?? 0) };
  const calibrated = (p: number) => confidenceOf(p, text.confidence);
  const limits = labels.map((label) => (text.rules.counts ? (model.relations[label]?.maxObjects ?? null) : null));

  return (entities, pairs, { threshold }) => {
    const thresholds = labels.map((label) => threshold ?? thresholdOf(label, text.thresholds));
    const units = unitsOf(entities, pairs, model).map((unit) => {
      const marginals = distributionOf(unit, weights);
      const choices = choicesOf(unit, marginals);
      return { unit, marginals, choices };
    });

    /** What a unit may be: nothing, or relations from their threshold on, in both directions where they go together. */
    function choicesOf({ forth, back, allowed }: PairUnit, marginals: UnitDistribution) {
      const options = (direction: Direction | null, probabilities: Float64Array): (Candidate & { at: number })[] => {
        const nothing = { label: none, confidence: 0, at: direction?.labels.indexOf(none) ?? 0 };
        if (direction === null) return [nothing];
        const relations = direction.labels
          .map((label, at) => ({ label, confidence: calibrated(probabilities[at]!), at }))
          .filter(({ label, confidence }) => label !== none && confidence >= thresholds[label]!);
        return [nothing, ...relations];
      };
      const worthOf = ({ label, confidence }: Candidate) =>
        label === none ? 0 : confidence - thresholds[label]! + EPSILON;
      const usesOf = ({ label }: Candidate, { subject }: Direction) =>
        limits[label] === null ? [] : [`${label} ${subject}`];
      const width = marginals.back.length;
      return options(forth, marginals.forth).flatMap((a) =>
        options(back, marginals.back)
          .filter((b) => allowed[a.at * width + b.at])
          .map((b) => ({
            ...{ a, b, worth: worthOf(a) + worthOf(b) },
            uses: [...usesOf(a, forth), ...(back ? usesOf(b, back) : [])],
          })),
      );
    }

    const chosen = bestSet(
      units.map(({ choices }): readonly Choice[] => choices),
      (resource) => limits[Number(resource.split(' ')[0])]!,
    );
    const decided = new Array<DecidedPair>(pairs.length);
    for (const [index, { unit, marginals, choices }] of units.entries()) {
      const { a, b } = choices[chosen[index]!]!;
      decided[unit.forth.pair] = decision(unit.forth, marginals.forth, a);
      if (unit.back) decided[unit.back.pair] = decision(unit.back, marginals.back, b);
    }
    return decided;
  };

  /** A relation that was not asserted though it is likelier than none is uncertain. */
  function decision(
    { subject, object, labels: ids }: Direction,
    probabilities: Float64Array,
    asserted: Candidate,
  ): DecidedPair {
    const pair = { subject, object };
    if (asserted.label !== none)
      return { ...pair, relation: labels[asserted.label]!, confidence: asserted.confidence, decision: 'relation' };
    const likeliest = probabilities.indexOf(Math.max(...probabilities));
    const label = ids[likeliest]!;
    return label === none
      ? { ...pair, relation: labels[none]!, confidence: probabilities[likeliest]!, decision: 'no_relation' }
      : { ...pair, relation: labels[label]!, confidence: calibrated(probabilities[likeliest]!), decision: 'uncertain' };
  }
}

/** So that a relation exactly at its threshold is asserted. */
const EPSILON = 1e-12;
/** Probabilities closer to 0 or 1 than this have no logit. */
const LEAST = 1e-9;

/** Calibrated confidence: the logistic function of slope · logit(p) + offset (Platt, 1999, equation 2). */
export function confidenceOf(p: number, { slope, offset }: TextSetting['confidence']): number {
  const bounded = Math.min(1 - LEAST, Math.max(LEAST, p));
  return 1 / (1 + Math.exp(-(slope * Math.log(bounded / (1 - bounded)) + offset)));
}

const relationTable = ({ relations }: Pick<TextSetting, 'relations'>): PairModel['relations'] =>
  Object.fromEntries(
    Object.entries(relations).map(([name, { types, inverse, max_objects }]) => [
      name,
      { types, inverse, inverseInRows: inverse !== null, maxObjects: max_objects },
    ]),
  );
