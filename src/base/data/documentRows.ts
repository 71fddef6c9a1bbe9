import type { AnnotatedDocument, DocumentRelation, Entity, Example, LabelledExample } from '../core/types.ts';
import type { Losses } from './formats/losses.ts';
import { groupBy } from './grouping.ts';
import { overlap, type Span } from './span.ts';

/** Whether a pair of entity types has a relation in some of these rows; a pair with an unknown type always may. */
export function relatedTypes(rows: readonly LabelledExample[], noRelation: string | null): PairChoice['isPossible'] {
  const key = (subject: string | null, object: string | null) => JSON.stringify([subject, object]);
  const related = rows.filter(({ label }) => label !== noRelation);
  const seen = new Set(related.map(({ subject, object }) => key(subject.type, object.type)));
  return (subject, object) => subject === null || object === null || seen.has(key(subject, object));
}

/** Which pairs of a document are asked of. */
export interface PairChoice {
  /** Whether a pair of entity types can have a relation at all. */
  isPossible(subject: string | null, object: string | null): boolean;
}

/** The ordered pairs of entities that do not overlap and whose types can have a relation. */
export function entityPairs(
  entities: readonly Entity[],
  { isPossible }: PairChoice,
): [subject: number, object: number][] {
  return entities.flatMap((subject, i) =>
    entities.flatMap((object, j): [number, number][] =>
      i !== j && !overlap(subject, object) && isPossible(subject.type, object.type) ? [[i, j]] : [],
    ),
  );
}

/** How many ordered pairs of entities do not overlap, without making them. */
export function countPairs(entities: readonly Span[]): number {
  const starts = entities.map(({ start }) => start).sort((a, b) => a - b);
  const ends = entities.map(({ end }) => end).sort((a, b) => a - b);
  let before = 0;
  // For each entity, those that end before it begins; the pair counts in both directions.
  return starts.reduce((count, start) => {
    while (ends[before]! < start) before++;
    return count + 2 * before;
  }, 0);
}

/** What a document says of a pair: its relation, "no relation", or null where the annotators could not decide. */
export type PairLabels = (subject: number, object: number) => string | null;

/** Errors: none; `relations` must not be null. */
export function pairLabels({ relations, unsure }: AnnotatedDocument, noRelation: string): PairLabels {
  const key = (subject: number, object: number) => `${subject} ${object}`;
  const known = new Map(relations?.map((row) => [key(row.subject, row.object), row.relation]));
  const open = new Set(unsure.map((row) => key(row.subject, row.object)));
  return (subject, object) => {
    const pair = key(subject, object);
    return known.get(pair) ?? (open.has(pair) ? null : noRelation);
  };
}

/** The same as `relatedTypes`, of documents. */
export function relatedTypesOf(documents: readonly AnnotatedDocument[]): PairChoice {
  const key = (subject: string | null, object: string | null) => JSON.stringify([subject, object]);
  const seen = new Set(
    documents.flatMap(({ entities, relations }) =>
      (relations ?? []).map(({ subject, object }) => key(entities[subject]!.type, entities[object]!.type)),
    ),
  );
  // Where nothing is annotated, nothing says which types go together.
  if (seen.size === 0) return ALL_PAIRS;
  return { isPossible: (subject, object) => subject === null || object === null || seen.has(key(subject, object)) };
}

/** The pairs of a document as rows, without labels where its relations were not annotated. */
export function documentExamples(document: AnnotatedDocument, noRelation: string, choice: PairChoice): Example[] {
  if (document.relations !== null) return documentRows(document, noRelation, choice);
  return documentRows({ ...document, relations: [] }, noRelation, choice).map((row) => ({ ...row, label: null }));
}

/**
 * The pairs of an annotated document as rows in KLUE's layout, each its text with one marked pair and its label: the possible
 * pairs and all that have a relation. Pairs that the annotators could not decide give none.
 */
export function documentRows(
  document: AnnotatedDocument,
  noRelation: string,
  { isPossible }: PairChoice,
): LabelledExample[] {
  const labelOf = pairLabels(document, noRelation);
  const { id, text, source, entities } = document;
  return entityPairs(entities, ALL_PAIRS).flatMap(([i, j]) => {
    const label = labelOf(i, j);
    const [subject, object] = [entities[i]!, entities[j]!];
    if (label === null || (label === noRelation && !isPossible(subject.type, object.type))) return [];
    return [{ guid: `${id}~${i}-${j}`, sentence: text, subject, object, label, source }];
  });
}

/**
 * The other way: rows of one sentence together are a document, with the entities that they mark, in the order of their
 * places. A row without a label says nothing of its pair; where all are without, relations were not annotated.
 *
 * @param lost counts what the document cannot say: ids of the rows, pairs that none asks about, entities of two types
 */
export function rowsDocument(rows: readonly Example[], noRelation: string | null, lost: Losses): AnnotatedDocument {
  const { guid, sentence: text } = rows[0]!;
  const made = documentOf(guid);
  const id = made ?? guid;
  const key = ({ start, end, type }: Entity) => JSON.stringify([start, end, type]);
  const distinct = new Map(
    rows.flatMap(({ subject, object }) => [subject, object]).map((entity) => [key(entity), entity]),
  );
  const entities = [...distinct.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  const places = new Map(entities.map((entity, place) => [key(entity), place]));
  const placeOf = (entity: Entity) => places.get(key(entity))!;
  const asked = new Set(rows.map(({ subject, object }) => `${placeOf(subject)} ${placeOf(object)}`));
  const labelled = rows.filter(({ label }) => label !== null);
  const pairs = new Set<string>();
  const relations = labelled.flatMap(({ subject, object, label }): DocumentRelation[] => {
    if (label === noRelation) return [];
    const relation = { subject: placeOf(subject), relation: label!, object: placeOf(object) };
    const pair = `${relation.subject} ${relation.object}`;
    if (!pairs.has(pair)) return pairs.add(pair) && [relation];
    lost.add('several_relations', id);
    return [];
  });
  if (made === null) lost.add('ids', id, rows.length - 1);
  lost.add('unlabelled', id, labelled.length === 0 ? 0 : rows.length - labelled.length);
  if (labelled.length > 0) lost.add('unasked_pairs', id, countPairs(entities) - asked.size);
  const sources = new Set(rows.map(({ source }) => source));
  lost.add('sources', id, sources.size - 1);
  return {
    id,
    text,
    source: rows[0]!.source,
    entities,
    relations: labelled.length === 0 ? null : relations,
    unsure: [],
  };
}

/** Rows as documents, in the order in which their sentences come first; rows that were made of a document are its own. */
export const rowsDocuments = (rows: readonly Example[], noRelation: string | null, lost: Losses): AnnotatedDocument[] =>
  [...groupBy(rows, ({ guid, sentence }) => JSON.stringify([documentOf(guid), sentence])).values()].map((group) =>
    rowsDocument(group, noRelation, lost),
  );

/** The document that a row was made of, by its guid. */
const documentOf = (guid: string): string | null => /^(.+)~\d+-\d+$/s.exec(guid)?.[1] ?? null;

/** Every pair of entities. */
export const ALL_PAIRS: PairChoice = { isPossible: () => true };
