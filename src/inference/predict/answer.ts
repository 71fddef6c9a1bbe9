import type { Entity, LabelledExample, LabelSet } from '../../base/core/types.ts';
import { relationDescription } from '../../base/data/relations.ts';
import { softmax } from '../../base/eval/softmax.ts';
import type { TextSetting } from '../../engine/runs/textSetting.ts';
import type { Decision, Relation } from './schema.ts';

/** Relations that the training rows had for a pair of entity types. */
export interface TypePair {
  readonly subject: string;
  readonly object: string;
  readonly relations: readonly string[];
}

/** From which confidence on an answer counts; a relation's own wins over the default. */
export interface Thresholds {
  readonly default: number;
  readonly per_relation: Readonly<Record<string, number>>;
}

/** What makes answers of logits: plain data, the same on a server and in a browser. */
export interface Postprocessing {
  /** Name of the model. */
  readonly model: string;
  readonly labelSet: LabelSet;
  /** Divides the logits (Guo et al., 2017, arXiv:1706.04599); 1 leaves them as they are. */
  readonly temperature: number;
  readonly thresholds: Thresholds;
  /** π′(y) / π(y) in label order, for other class priors than those of training; null leaves the model's. */
  readonly priorRatios: readonly number[] | null;
  /** Rules out relations that a type pair never had in training; null rules out none. */
  readonly typePairs: readonly TypePair[] | null;
  /** How the pairs of a text are decided; null for a model that was not calibrated for text. */
  readonly text: TextSetting | null;
}

/** Of a row, what its answer needs beside the logits. */
export interface AnswerRow {
  readonly subject: Entity;
  readonly object: Entity;
  readonly shortened: boolean;
  readonly topK: number;
  /** Wins over the model's thresholds; null where the request has none. */
  readonly threshold: number | null;
  /** Whether the probability of every label is asked for. */
  readonly probabilities?: boolean;
}

/** An answer; with the probability of every label, in label order, where the row asks for them. */
export type Answer = Relation & { readonly probabilities?: Readonly<Record<string, number>> };

/**
 * Probabilities in label order, in double precision: softmax(logits / T), times π′(y)/π(y), without the relations that
 * the type pair rules out, normalised. Where priors of 0 leave none of the allowed relations, the type pair rules out none.
 */
export function probabilitiesOf(
  logits: ArrayLike<number>,
  { subject, object }: Pick<AnswerRow, 'subject' | 'object'>,
  post: Pick<Postprocessing, 'labelSet' | 'temperature' | 'priorRatios' | 'typePairs'>,
): number[] {
  const { labels } = post.labelSet;
  const scores = labels.map((_, id) => logits[id]! / post.temperature + Math.log(post.priorRatios?.[id] ?? 1));
  const allowed = allowedRelations(subject.type, object.type, post);
  const left = scores.map((score, id) => (allowed?.has(labels[id]!) === false ? Number.NEGATIVE_INFINITY : score));
  return softmax(left.some((score) => score > Number.NEGATIVE_INFINITY) ? left : scores);
}

/** The answer to one row from its logits (labels, in id order). Of equally probable relations the first by id wins. */
export function answerOf(logits: ArrayLike<number>, row: AnswerRow, post: Postprocessing): Answer {
  const { labels, noRelation } = post.labelSet;
  const probabilities = probabilitiesOf(logits, row, post);
  const ranked = labels
    .map((relation, id) => ({ relation, probability: probabilities[id]! }))
    .sort((a, b) => b.probability - a.probability);
  const { relation, probability } = ranked[0]!;
  const threshold = row.threshold ?? thresholdOf(relation, post.thresholds);
  return {
    relation,
    description: { ko: relationDescription(relation, 'ko'), en: relationDescription(relation, 'en') },
    confidence: probability,
    decision: decisionOf(relation, probability, threshold, noRelation),
    threshold,
    no_relation_probability: noRelation === null ? null : probabilities[labels.indexOf(noRelation)]!,
    top: ranked.slice(0, row.topK),
    subject: { ...row.subject },
    object: { ...row.object },
    shortened: row.shortened,
    model: post.model,
    ...(row.probabilities && {
      probabilities: Object.fromEntries(labels.map((label, id) => [label, probabilities[id]!])),
    }),
  };
}

/** Below the threshold nothing is claimed, neither a relation nor that there is none. */
export function decisionOf(
  relation: string,
  confidence: number,
  threshold: number,
  noRelation: string | null,
): Decision {
  if (confidence < threshold) return 'uncertain';
  return relation === noRelation ? 'no_relation' : 'relation';
}

export const thresholdOf = (relation: string, thresholds: Thresholds): number =>
  Object.hasOwn(thresholds.per_relation, relation) ? thresholds.per_relation[relation]! : thresholds.default;

/**
 * The relations that a type pair may have, "no relation" always among them. Null rules out none: without types, and for
 * a pair that training never had, since its rows say nothing of it.
 */
function allowedRelations(
  subject: string | null,
  object: string | null,
  { typePairs, labelSet }: Pick<Postprocessing, 'typePairs' | 'labelSet'>,
): ReadonlySet<string> | null {
  const pair = typePairs?.find((row) => row.subject === subject && row.object === object);
  if (pair === undefined) return null;
  return new Set(labelSet.noRelation === null ? pair.relations : [...pair.relations, labelSet.noRelation]);
}

/** Relations by pair of entity types, as rows have them, in the order of types and labels; null where rows have no types. */
export function typePairsOf(rows: readonly LabelledExample[], { labels }: LabelSet): TypePair[] | null {
  const pairs = new Map<string, { subject: string; object: string; seen: Set<string> }>();
  for (const { subject, object, label } of rows) {
    if (subject.type === null || object.type === null) continue;
    const key = JSON.stringify([subject.type, object.type]);
    const pair = pairs.get(key) ?? { subject: subject.type, object: object.type, seen: new Set() };
    pair.seen.add(label);
    pairs.set(key, pair);
  }
  if (pairs.size === 0) return null;
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { subject, object, seen }]) => ({
      subject,
      object,
      relations: labels.filter((label) => seen.has(label)),
    }));
}
