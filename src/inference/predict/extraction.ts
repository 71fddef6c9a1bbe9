import type { Entity } from '../../base/core/types.ts';
import { overlap } from '../../base/data/span.ts';
import type { ExtractRequest, ExtractResponse, ModelResponse, Relation } from './schema.ts';

/** Indices of subject and object. */
export type Pair = readonly [subject: number, object: number];

/**
 * The ordered pairs of entities to ask for. Entities that overlap, such as a name within a name, make no pair: a sentence
 * cannot be marked with both. `typed` leaves out pairs of types that training only had without a relation, or never;
 * where an entity has no type, or the model knows no type pairs, nothing is left out.
 */
export function pairsOf(
  entities: readonly Entity[],
  kind: 'typed' | 'all',
  { type_pairs, no_relation }: Pick<ModelResponse, 'type_pairs' | 'no_relation'>,
): Pair[] {
  const known = new Set(
    type_pairs
      ?.filter(({ relations }) => relations.some((relation) => relation !== no_relation))
      .map(({ subject, object }) => JSON.stringify([subject, object])),
  );
  const isPossible = (a: Entity, b: Entity) =>
    kind === 'all' ||
    type_pairs === null ||
    a.type === null ||
    b.type === null ||
    known.has(JSON.stringify([a.type, b.type]));
  return entities.flatMap((subject, i) =>
    entities.flatMap((object, j): Pair[] =>
      i !== j && !overlap(subject, object) && isPossible(subject, object) ? [[i, j]] : [],
    ),
  );
}

/**
 * The answers to pairs as a graph: an edge for each pair whose most probable answer is a relation, sure or uncertain, and
 * with `include_no_relation` for every other pair as well; the most confident first.
 */
export function graphOf(
  { sentence, include_no_relation = false }: Pick<ExtractRequest, 'sentence' | 'include_no_relation'>,
  entities: readonly Entity[],
  pairs: readonly Pair[],
  answers: readonly Relation[],
  { id, no_relation }: Pick<ModelResponse, 'id' | 'no_relation'>,
): ExtractResponse {
  const relations = answers
    .map((answer, i) => ({ subject_index: pairs[i]![0], object_index: pairs[i]![1], ...answer }))
    .filter(({ relation }) => include_no_relation || relation !== no_relation)
    .sort((a, b) => b.confidence - a.confidence);
  return { sentence, entities: entities.map((entity) => ({ ...entity })), relations, pairs: pairs.length, model: id };
}
