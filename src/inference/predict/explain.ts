import type { PredictRequest, Relation } from './schema.ts';

/**
 * What an answer goes by, found by asking again with the sentence changed: pure, so that it runs wherever there is a
 * predictor. Masked entities and entities alone follow Peng et al., 2020 (arXiv:2010.01923), who ask the same of relation
 * extraction models in general; leaving out a word at a time is occlusion (Zeiler and Fergus, 2014, arXiv:1311.2901).
 */

/** An entity in UTF-16 units, end exclusive. */
export interface ExplainedEntity {
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

export interface Explained {
  readonly sentence: string;
  readonly subject: ExplainedEntity;
  readonly object: ExplainedEntity;
}

export type VariantKind =
  | 'masked'
  | 'entities_only'
  | 'types_swapped'
  | 'roles_swapped'
  | 'subject_type'
  | 'object_type';

export interface Variant {
  readonly kind: VariantKind;
  /** The other type, of `subject_type` and `object_type`. */
  readonly type: string | null;
  readonly input: Explained;
}

/** A word that is left out: its place in the original sentence, without what belongs to an entity. */
export interface Occlusion {
  readonly start: number;
  readonly end: number;
  readonly input: Explained;
}

export interface ExplanationPlan {
  readonly original: Explained;
  readonly variants: readonly Variant[];
  readonly occlusions: readonly Occlusion[];
}

/** Stands for an entity whose name is hidden; the type stays, since models read it beside the text. */
export const MASK = '○○';

/** More words than this are joined to stretches, so that a long text costs no more than a short one. */
export const MAX_OCCLUSIONS = 120;

/** All labels: an answer must hold the probability of the relation that is explained. */
const ALL_LABELS = 1000;

/**
 * What to ask. Type variants are made where both entities have a type, with all of `types`.
 *
 * @param types the types that the model reads; none where it does not read any
 */
export function planExplanation(original: Explained, types: readonly string[]): ExplanationPlan {
  return { original, variants: variantsOf(original, types), occlusions: occlusionsOf(original) };
}

/** The requests of a plan, the original first, then variants, then occlusions. */
export const requestsOf = ({ original, variants, occlusions }: ExplanationPlan): PredictRequest[] =>
  [original, ...variants.map(({ input }) => input), ...occlusions.map(({ input }) => input)].map(requestOf);

const requestOf = ({ sentence, subject, object }: Explained): PredictRequest => ({
  sentence,
  subject: entityOf(subject),
  object: entityOf(object),
  top_k: ALL_LABELS,
});

const entityOf = ({ start, end, type }: ExplainedEntity): PredictRequest['subject'] => ({
  start,
  end,
  offsets: 'utf16',
  ...(type !== null && { type }),
});

function variantsOf(original: Explained, types: readonly string[]): Variant[] {
  const { subject, object } = original;
  const variants: Variant[] = [
    { kind: 'masked', type: null, input: masked(original) },
    { kind: 'entities_only', type: null, input: entitiesOnly(original) },
    { kind: 'roles_swapped', type: null, input: { ...original, subject: object, object: subject } },
  ];
  if (types.length === 0 || subject.type === null || object.type === null) return variants;
  const retyped = (subjectType: string | null, objectType: string | null): Explained => ({
    ...original,
    subject: { ...subject, type: subjectType },
    object: { ...object, type: objectType },
  });
  if (subject.type !== object.type)
    variants.push({ kind: 'types_swapped', type: null, input: retyped(object.type, subject.type) });
  for (const type of types)
    if (type !== subject.type) variants.push({ kind: 'subject_type', type, input: retyped(type, object.type) });
  for (const type of types)
    if (type !== object.type) variants.push({ kind: 'object_type', type, input: retyped(subject.type, type) });
  return variants;
}

/** Both names hidden. */
export function masked(original: Explained): Explained {
  const [first, second] = inOrder(original);
  const later = replaced(original, second.start, second.end, MASK);
  return replaced(later, first.start, first.end, MASK);
}

/** Nothing but both names, in their order. */
export function entitiesOnly(original: Explained): Explained {
  const [first, second] = inOrder(original);
  const words = [first, second].map(({ start, end }) => original.sentence.slice(start, end));
  const sentence = words.join(' ');
  const moved = (entity: ExplainedEntity): ExplainedEntity =>
    entity === first
      ? { ...entity, start: 0, end: words[0]!.length }
      : { ...entity, start: words[0]!.length + 1, end: sentence.length };
  return { sentence, subject: moved(original.subject), object: moved(original.object) };
}

const inOrder = ({ subject, object }: Explained): readonly [ExplainedEntity, ExplainedEntity] =>
  subject.start <= object.start ? [subject, object] : [object, subject];

/**
 * The sentence with the stretch from `start` to `end` replaced, entities moved with their words. The stretch lies outside
 * of the entities, or is one of them.
 */
export function replaced(input: Explained, start: number, end: number, text: string): Explained {
  const shift = text.length - (end - start);
  const moved = (entity: ExplainedEntity): ExplainedEntity => {
    if (entity.start >= end) return { ...entity, start: entity.start + shift, end: entity.end + shift };
    return entity.end <= start ? entity : { ...entity, end: entity.end + shift };
  };
  return {
    sentence: input.sentence.slice(0, start) + text + input.sentence.slice(end),
    subject: moved(input.subject),
    object: moved(input.object),
  };
}

/** Each word left out, what of it belongs to no entity: of 비틀즈의 the particle, of 기타리스트 all, with the space behind. */
function occlusionsOf(original: Explained): Occlusion[] {
  const { sentence } = original;
  const [first, second] = inOrder(original);
  const gaps = [
    [0, first.start],
    [first.end, second.start],
    [second.end, sentence.length],
  ] as const;
  const words = gaps.flatMap(([from, to]) =>
    [...sentence.slice(from, to).matchAll(/\S+/gu)].map(({ index, 0: word }) => ({
      start: from + index,
      end: from + index + word.length,
    })),
  );
  return joined(words, [first, second]).map(({ start, end }) => {
    // The space behind a word goes with it, unless the word is the ending of an entity's word.
    const standsAlone = start === 0 || /\s/.test(sentence[start - 1]!);
    const limit = [first.start, second.start].find((at) => at >= end) ?? sentence.length;
    const space = standsAlone ? (/^\s+/.exec(sentence.slice(end, limit))?.[0].length ?? 0) : 0;
    return { start, end, input: replaced(original, start, end + space, '') };
  });
}

/** Neighbouring words joined where there are too many, never over an entity. */
function joined<T extends { start: number; end: number }>(words: readonly T[], entities: readonly ExplainedEntity[]) {
  const size = Math.ceil(words.length / MAX_OCCLUSIONS);
  if (size <= 1) return words;
  const stretches: { start: number; end: number; words: number }[] = [];
  for (const { start, end } of words) {
    const last = stretches.at(-1);
    const isSeparate = entities.some((entity) => last !== undefined && entity.start >= last.end && entity.end <= start);
    if (last === undefined || last.words >= size || isSeparate) stretches.push({ start, end, words: 1 });
    else Object.assign(last, { end, words: last.words + 1 });
  }
  return stretches;
}

export interface VariantAnswer {
  readonly variant: Variant;
  readonly answer: Relation;
  /** Probability of the relation that the original answer gave. */
  readonly probability: number;
}

export interface WordEffect {
  readonly start: number;
  readonly end: number;
  /** How much the original relation loses without the word; negative where it gains. */
  readonly drop: number;
  readonly relation: string;
}

export interface Explanation {
  readonly plan: ExplanationPlan;
  readonly original: Relation;
  readonly variants: readonly VariantAnswer[];
  readonly words: readonly WordEffect[];
}

/** The answers to `requestsOf(plan)`, in their order, as an explanation. */
export function explanationOf(plan: ExplanationPlan, answers: readonly Relation[]): Explanation {
  const [original, ...others] = answers;
  if (original === undefined) throw new Error('An explanation needs the answer to the original request.');
  const probabilityIn = ({ top }: Relation): number =>
    top.find(({ relation }) => relation === original.relation)?.probability ?? 0;
  const variants = plan.variants.map((variant, i) => {
    const answer = others[i]!;
    return { variant, answer, probability: probabilityIn(answer) };
  });
  const words = plan.occlusions.map(({ start, end }, i) => {
    const answer = others[plan.variants.length + i]!;
    return { start, end, drop: original.confidence - probabilityIn(answer), relation: answer.relation };
  });
  return { plan, original, variants, words };
}

/** What is worth noting of an explanation, each to be put in a sentence of plain language. */
export type Finding =
  | { readonly kind: 'names_suffice'; readonly probability: number }
  | { readonly kind: 'sentence_needed'; readonly probability: number; readonly relation: string }
  | { readonly kind: 'context_suffices'; readonly probability: number }
  | { readonly kind: 'names_needed'; readonly probability: number; readonly relation: string }
  | { readonly kind: 'direction_ignored'; readonly probability: number }
  | { readonly kind: 'types_decide'; readonly changed: number; readonly of: number }
  | { readonly kind: 'types_ignored'; readonly of: number }
  | {
      readonly kind: 'key_word';
      readonly start: number;
      readonly end: number;
      readonly drop: number;
      readonly flips: boolean;
    }
  | { readonly kind: 'no_key_word' };

/** A drop of a tenth is what a reader would call a difference; half of the confidence kept counts as kept. */
const NOTABLE_DROP = 0.1;
const KEPT = 0.5;
/** Of the other types, this share must change the answer before they are said to decide. */
const DECISIVE = 0.5;

export function findingsOf({ original, variants, words, plan }: Explanation): Finding[] {
  const findings: Finding[] = [];
  const one = (kind: VariantKind) => variants.find(({ variant }) => variant.kind === kind);
  const isKept = ({ answer, probability }: VariantAnswer): boolean =>
    answer.relation === original.relation && probability >= KEPT * original.confidence;

  const alone = one('entities_only');
  if (alone)
    findings.push(
      isKept(alone)
        ? { kind: 'names_suffice', probability: alone.probability }
        : { kind: 'sentence_needed', probability: alone.probability, relation: alone.answer.relation },
    );
  const hidden = one('masked');
  if (hidden)
    findings.push(
      isKept(hidden)
        ? { kind: 'context_suffices', probability: hidden.probability }
        : { kind: 'names_needed', probability: hidden.probability, relation: hidden.answer.relation },
    );
  const types = variants.filter(({ variant }) => variant.type !== null);
  if (types.length > 0) {
    const changed = types.filter((variant) => !isKept(variant)).length;
    if (changed >= DECISIVE * types.length) findings.push({ kind: 'types_decide', changed, of: types.length });
    if (changed === 0) findings.push({ kind: 'types_ignored', of: types.length });
  }
  const swapped = one('roles_swapped');
  // Between entities of one type some relations hold both ways; of others, the same answer is a sign of not reading roles.
  if (swapped && isKept(swapped) && plan.original.subject.type !== plan.original.object.type)
    findings.push({ kind: 'direction_ignored', probability: swapped.probability });
  const strongest = [...words].sort((a, b) => b.drop - a.drop)[0];
  if (strongest !== undefined && strongest.drop >= NOTABLE_DROP) {
    const { start, end, drop, relation } = strongest;
    findings.push({ kind: 'key_word', start, end, drop, flips: relation !== original.relation });
  } else if (words.length > 0) findings.push({ kind: 'no_key_word' });
  return findings;
}
