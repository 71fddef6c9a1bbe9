import type { PairEncoding } from '../../base/core/settings.ts';
import type { AnnotatedDocument } from '../../base/core/types.ts';
import { type EntityReport, entityReport } from '../../base/eval/entityMetrics.ts';
import { type RelationReport, type RelationSet, relationReport } from '../../base/eval/relationSetMetrics.ts';
import type { DocumentGraph } from '../predict/documentSchema.ts';
import type { DocumentExtractor } from './documentExtractor.ts';
import { type DocumentTask, extractDocument } from './extractDocument.ts';

/** The graphs that models make of a labelled document. */
export interface AnsweredDocument {
  readonly document: AnnotatedDocument;
  /** With the entities of the document. */
  readonly given: DocumentGraph;
  /** With entities of the model's own; null where only given ones were asked for. */
  readonly found: DocumentGraph | null;
}

export interface EvaluateDocumentsOptions {
  /** Leaves out what needs entities of the model's own. */
  readonly givenOnly: boolean;
  /** Null where the model's thresholds apply. */
  readonly threshold: number | null;
  readonly window: number;
  readonly pairEncoding: PairEncoding;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** Figures of labelled documents: of entities, of relations with the entities given, and of both together. */
export interface DocumentEvaluation {
  readonly entities: EntityReport | null;
  readonly given: RelationReport;
  readonly end_to_end: RelationReport | null;
}

/** The graphs of labelled documents, with their own entities and with those that are found. */
export async function answerDocuments(
  extractor: DocumentExtractor,
  documents: readonly AnnotatedDocument[],
  { givenOnly, threshold, window, pairEncoding, signal, onProgress }: EvaluateDocumentsOptions,
): Promise<AnsweredDocument[]> {
  const answered: AnsweredDocument[] = [];
  const options = signal ? { signal } : {};
  for (const document of documents) {
    const task: DocumentTask = {
      ...{
        id: document.id,
        text: document.text,
        pairs: 'typed',
        pairEncoding,
        window,
        join: false,
        uncertain: false,
        threshold,
      },
      entities: document.entities,
    };
    const given = await extractDocument(extractor.parts, task, options);
    const found = givenOnly ? null : await extractDocument(extractor.parts, { ...task, entities: null }, options);
    answered.push({ document, given, found });
    onProgress?.(answered.length);
  }
  return answered;
}

/** The figures of answered documents, with intervals. */
export function evaluateDocuments(
  answered: readonly AnsweredDocument[],
  { seed }: Pick<EvaluateDocumentsOptions, 'seed'>,
): DocumentEvaluation {
  const found = answered.flatMap(({ document, found }) => (found === null ? [] : [{ document, graph: found }]));
  const given = answered.map(({ document, given }) => relationSetOf(document, given));
  const hasFound = found.length > 0;
  return {
    entities: hasFound ? entitiesOf(found, seed) : null,
    given: relationReport(given, { seed }),
    end_to_end: hasFound
      ? relationReport(
          found.map(({ document, graph }) => relationSetOf(document, graph)),
          { seed },
        )
      : null,
  };
}

function entitiesOf(
  answers: readonly { readonly document: AnnotatedDocument; readonly graph: DocumentGraph }[],
  seed: number,
) {
  const typed = <Named extends { readonly type: string | null }>(entities: readonly Named[]) =>
    entities.map((entity) => ({ ...entity, type: entity.type ?? '' }));
  const gold = answers.map(({ document }) => typed(document.entities));
  const annotated = new Set(gold.flat().map(({ type }) => type));
  // A data set without works and titles says nothing about them.
  const found = answers.map(({ graph }) => typed(graph.mentions).filter(({ type }) => annotated.has(type)));
  return entityReport({ gold, found }, [...annotated].sort(), { seed });
}

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

/** By places and types of both ends, so that entities that are given and those that are found are compared alike. */
export const relationKey = (subject: Placed, relation: string, object: Placed): string =>
  [subject, object].map(({ start, end, type }) => `${start}-${end}-${type ?? ''}`).join(` ${relation} `);

/** What a labelled document holds, and what a graph of it asserts. */
function relationSetOf({ entities, relations, unsure }: AnnotatedDocument, graph: DocumentGraph): RelationSet {
  const mentionOf = new Map(graph.mentions.map((mention) => [mention.id, mention]));
  const keyOf = ({ subject, relation, object }: { subject: number; relation: string; object: number }) =>
    relationKey(entities[subject]!, relation, entities[object]!);
  return {
    gold: (relations ?? []).map((each) => ({ key: keyOf(each), relation: each.relation })),
    unsure: new Set(unsure.map(keyOf)),
    asserted: graph.relations.map(({ subject, relation, object, confidence }) => ({
      ...{ key: relationKey(mentionOf.get(subject)!, relation, mentionOf.get(object)!), relation, confidence },
    })),
  };
}
