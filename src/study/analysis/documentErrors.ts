import type { Entity } from '../../base/core/types.ts';
import { overlap } from '../../base/data/span.ts';
import { type AnsweredDocument, relationKey } from '../../inference/extract/evaluateDocuments.ts';
import type { DocumentGraph, Mention } from '../../inference/predict/documentSchema.ts';

/** What can be wrong with an entity: its place, its type, or that it is there at all. */
export const ENTITY_ERRORS = ['boundary', 'type', 'missed', 'invented'] as const;
export type EntityError = (typeof ENTITY_ERRORS)[number];

/**
 * What can be wrong with a relation, end to end: that of an entity it joins (`entity_…`), or its own: another relation
 * between the same two, the right one the wrong way round, one missed though both entities were found, one invented.
 */
export const RELATION_ERRORS = [
  ...['entity_boundary', 'entity_type', 'entity_missed', 'entity_invented'],
  ...['wrong_relation', 'wrong_direction', 'missed', 'invented'],
] as const;
export type RelationError = (typeof RELATION_ERRORS)[number];

export interface DocumentErrors {
  readonly entities: Readonly<Record<EntityError, number>>;
  /** Relations that are there and were not found, and relations that were found and are not there, by cause. */
  readonly missing: Readonly<Record<string, number>>;
  readonly wrong: Readonly<Record<string, number>>;
  /** The first of each kind: ids of documents and places, no text. */
  readonly examples: readonly DocumentErrorExample[];
}

export interface DocumentErrorExample {
  readonly document: string;
  readonly kind: string;
  readonly what: string;
}

/** Examples that are kept of a kind. */
const EXAMPLES = 5;

/** Tells errors of entities apart from errors of relations, over documents that were answered with entities found. */
export function documentErrors(answered: readonly AnsweredDocument[]): DocumentErrors {
  const entities = new Map<EntityError, number>(ENTITY_ERRORS.map((kind) => [kind, 0]));
  const [missing, wrong] = [new Map<string, number>(), new Map<string, number>()];
  const examples: DocumentErrorExample[] = [];
  const note = <Kind extends string>(
    counts: Map<Kind, number>,
    list: string,
    kind: Kind,
    document: string,
    what: string,
  ) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const name = `${list}: ${kind}`;
    if (examples.filter((example) => example.kind === name).length < EXAMPLES)
      examples.push({ document, kind: name, what });
  };
  for (const { document, found } of answered) {
    if (found === null) continue;
    const gold = document.entities;
    const stateOf = (entity: Entity) => entityState(entity, found.mentions, 'missed');
    for (const entity of gold) {
      const state = stateOf(entity);
      if (state !== null) note(entities, 'entity', state, document.id, placeOf(entity));
    }
    for (const mention of found.mentions)
      if (entityState(mention, gold, 'invented') === 'invented')
        note(entities, 'entity', 'invented', document.id, placeOf(mention));
    for (const { cause, what } of missingRelations(document, found, stateOf))
      note(missing, 'missing', cause, document.id, what);
    for (const { cause, what } of wrongRelations(document, found)) note(wrong, 'wrong', cause, document.id, what);
  }
  return {
    entities: Object.fromEntries(entities) as Record<EntityError, number>,
    ...{ missing: Object.fromEntries(missing), wrong: Object.fromEntries(wrong), examples },
  };
}

/** Null where an entity is among others with its place and type, else what keeps it from being. */
function entityState<None extends EntityError>(
  entity: Pick<Entity, 'start' | 'end' | 'type'>,
  others: readonly Pick<Entity, 'start' | 'end' | 'type'>[],
  none: None,
): 'boundary' | 'type' | None | null {
  const same = others.filter(({ start, end }) => start === entity.start && end === entity.end);
  if (same.some(({ type }) => type === entity.type)) return null;
  if (same.length > 0) return 'type';
  return others.some((other) => overlap(other, entity)) ? 'boundary' : none;
}

interface Cause {
  readonly cause: RelationError;
  readonly what: string;
}

type Document = AnsweredDocument['document'];

function missingRelations(
  { entities, relations }: Document,
  found: DocumentGraph,
  stateOf: (entity: Entity) => 'boundary' | 'type' | 'missed' | null,
): Cause[] {
  const { keys, pairs } = assertedIn(found);
  return (relations ?? []).flatMap(({ subject, relation, object }): Cause[] => {
    const [a, b] = [entities[subject]!, entities[object]!];
    if (keys.has(relationKey(a, relation, b))) return [];
    const what = `${placeOf(a)} ${relation} ${placeOf(b)}`;
    const state = stateOf(a) ?? stateOf(b);
    if (state !== null) return [{ cause: `entity_${state}`, what }];
    if (pairs.has(pairKey(a, b))) return [{ cause: 'wrong_relation', what }];
    return [{ cause: keys.has(relationKey(b, relation, a)) ? 'wrong_direction' : 'missed', what }];
  });
}

function wrongRelations({ entities, relations, unsure }: Document, found: DocumentGraph): Cause[] {
  const place = ({ subject, relation, object }: { subject: number; relation: string; object: number }) =>
    relationKey(entities[subject]!, relation, entities[object]!);
  const right = new Set([...(relations ?? []), ...unsure].map(place));
  const pairs = new Set((relations ?? []).map(({ subject, object }) => pairKey(entities[subject]!, entities[object]!)));
  const mentionOf = new Map(found.mentions.map((mention) => [mention.id, mention]));
  return found.relations.flatMap(({ subject, relation, object }): Cause[] => {
    const [a, b] = [mentionOf.get(subject)!, mentionOf.get(object)!];
    if (right.has(relationKey(a, relation, b))) return [];
    const what = `${placeOf(a)} ${relation} ${placeOf(b)}`;
    const state = entityState(a, entities, 'invented') ?? entityState(b, entities, 'invented');
    if (state !== null) return [{ cause: `entity_${state}`, what }];
    if (pairs.has(pairKey(a, b))) return [{ cause: 'wrong_relation', what }];
    return [{ cause: right.has(relationKey(b, relation, a)) ? 'wrong_direction' : 'invented', what }];
  });
}

function assertedIn({ mentions, relations }: DocumentGraph) {
  const mentionOf = new Map<string, Mention>(mentions.map((mention) => [mention.id, mention]));
  const ends = relations.map(({ subject, relation, object }) => ({
    ...{ a: mentionOf.get(subject)!, relation, b: mentionOf.get(object)! },
  }));
  return {
    keys: new Set(ends.map(({ a, relation, b }) => relationKey(a, relation, b))),
    pairs: new Set(ends.map(({ a, b }) => pairKey(a, b))),
  };
}

const pairKey = (a: Pick<Entity, 'start' | 'end'>, b: Pick<Entity, 'start' | 'end'>): string =>
  `${a.start}-${a.end} ${b.start}-${b.end}`;

/** `12-14/PER`: where an entity is and of which type, without its words. */
const placeOf = ({ start, end, type }: Pick<Entity, 'start' | 'end' | 'type'>): string =>
  `${start}-${end}/${type ?? ''}`;
