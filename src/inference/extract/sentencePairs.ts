import type { Entity, LabelSet } from '../../base/core/types.ts';
import type { RelationTable } from '../../base/data/relationTraits.ts';
import type { ScoredPair } from './pairScorer.ts';

/** Which rules about several pairs of a sentence apply. */
export interface PairRules {
  /** A pair has only relations that its types can have. */
  readonly types: boolean;
  /** Where a relation has an inverse, the pair with subject and object swapped has that. */
  readonly directions: boolean;
  /** A subject has at most so many objects of a relation. */
  readonly counts: boolean;
}

/** What the pairs of a sentence are judged by. */
export interface PairModel {
  readonly labelSet: LabelSet;
  readonly relations: RelationTable;
  readonly rules: PairRules;
}

/**
 * Two entities of a sentence with both directions, or with the one that was asked. `labels` are the ids that a direction can
 * have, "no relation" among them, and `allowed` says for each two of them whether they go together.
 */
export interface PairUnit {
  readonly forth: Direction;
  readonly back: Direction | null;
  /** Whether labels of both go together, 1 or 0: rows those of `forth`, columns those of `back`, one where there is none. */
  readonly allowed: Uint8Array;
}

export interface Direction {
  /** Index into the sentence's scored pairs. */
  readonly pair: number;
  readonly subject: number;
  readonly object: number;
  readonly labels: readonly number[];
  /** Of these labels. */
  readonly logits: Float64Array;
}

/** Weights of the log-linear model of a unit: what a logit counts, and what is added for each label, in label order. */
export interface PairWeights {
  readonly scale: number;
  readonly bias: readonly number[];
}

/** The units of a sentence's scored pairs. Errors: none; the labels have one for "no relation". */
export function unitsOf(entities: readonly Entity[], pairs: readonly ScoredPair[], model: PairModel): PairUnit[] {
  const places = new Map(pairs.map(({ subject, object }, pair) => [`${subject} ${object}`, pair]));
  const directionOf = (pair: number): Direction => {
    const { subject, object } = pairs[pair]!;
    const labels = possibleLabels(entities[subject]!.type, entities[object]!.type, model);
    return { pair, subject, object, labels, logits: Float64Array.from(labels, (id) => pairs[pair]!.logits[id]!) };
  };
  return pairs.flatMap(({ subject, object }, pair): PairUnit[] => {
    const other = places.get(`${object} ${subject}`);
    if (other !== undefined && other < pair) return [];
    const forth = directionOf(pair);
    const back = other === undefined ? null : directionOf(other);
    const allowed = Uint8Array.from(
      forth.labels.flatMap((a) => back?.labels.map((b) => (goTogether(a, b, forth, back, model) ? 1 : 0)) ?? [1]),
    );
    return [{ forth, back, allowed }];
  });
}

function possibleLabels(subject: string | null, object: string | null, model: PairModel): number[] {
  const { labels, noRelation } = model.labelSet;
  return labels.flatMap((label, id) => {
    const types = model.rules.types ? (traits(label, model)?.types ?? null) : null;
    const isPossible =
      label === noRelation ||
      types === null ||
      subject === null ||
      object === null ||
      types.includes(`${subject}>${object}`);
    return isPossible ? [id] : [];
  });
}

const traits = (label: string, { relations }: Pick<PairModel, 'relations'>) =>
  Object.hasOwn(relations, label) ? relations[label]! : null;

/** Whether both directions can have these labels: each has the other's inverse, where the other direction can have it. */
function goTogether(a: number, b: number, forth: Direction, back: Direction, model: PairModel): boolean {
  if (!model.rules.directions) return true;
  const demands = (label: number, other: number, labels: readonly number[]) => {
    const inverse = model.labelSet.labels.indexOf(traits(model.labelSet.labels[label]!, model)?.inverse ?? '');
    return inverse < 0 || !labels.includes(inverse) || inverse === other;
  };
  return demands(a, b, back.labels) && demands(b, a, forth.labels);
}

/** How a unit's labels are distributed: both directions together, and each by itself, by `labels` of each. */
export interface UnitDistribution {
  /** Rows the labels of `forth`, columns those of `back`, one where there is none. */
  readonly joint: Float64Array;
  readonly forth: Float64Array;
  readonly back: Float64Array;
}

/**
 * The distribution of a unit's labels: both directions' softmax scores multiplied, what does not go together left out,
 * normalised (a product of experts; Hinton, 2002, "Training Products of Experts by Minimizing Contrastive Divergence",
 * equation 1).
 */
export function distributionOf({ forth, back, allowed }: PairUnit, { scale, bias }: PairWeights): UnitDistribution {
  const scores = ({ labels, logits }: Direction) => logits.map((logit, at) => scale * logit + bias[labels[at]!]!);
  const [rows, columns] = [scores(forth), back ? scores(back) : new Float64Array(1)];
  const width = columns.length;
  const joint = new Float64Array(rows.length * width);
  let largest = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < rows.length; a++)
    for (let b = 0; b < width; b++)
      if (allowed[a * width + b] && rows[a]! + columns[b]! > largest) largest = rows[a]! + columns[b]!;
  let total = 0;
  for (let a = 0; a < rows.length; a++)
    for (let b = 0; b < width; b++)
      if (allowed[a * width + b]) {
        joint[a * width + b] = Math.exp(rows[a]! + columns[b]! - largest);
        total += joint[a * width + b]!;
      }
  const [first, second] = [new Float64Array(rows.length), new Float64Array(width)];
  for (let a = 0; a < rows.length; a++)
    for (let b = 0; b < width; b++) {
      const p = joint[a * width + b]! / total;
      joint[a * width + b] = p;
      first[a]! += p;
      second[b]! += p;
    }
  return { joint, forth: first, back: second };
}
