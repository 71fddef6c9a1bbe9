import { utf16Index } from '../../../base/text/codePoints.ts';
import type { DocumentGraph, GraphEntity, GraphRelation, Mention } from '../../predict/documentSchema.ts';

/** What writers tell of a graph: entities with all their names, relations between entities with the sentences that say so. */

/** An entity as a node; its id is unique over all documents of a file. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly type: string | null;
  /** As the text names it, each once, in the order of the text. */
  readonly names: readonly string[];
  readonly mentions: readonly Mention[];
}

/** A relation between two entities, however many mentions of them hold it: an edge. */
export interface GraphEdge {
  readonly subject: GraphNode;
  readonly relation: string;
  readonly object: GraphNode;
  /** Of the most confident one. */
  readonly confidence: number;
  /** Whether at least one was decided. */
  readonly decision: GraphRelation['decision'];
  /** Sentences that hold it, each once, the most confident first. */
  readonly sentences: readonly string[];
}

/** A relation with its mentions and the text that holds both. */
export interface GraphTriple extends Pick<GraphRelation, 'relation' | 'confidence' | 'decision'> {
  readonly subject: Mention;
  readonly object: Mention;
  readonly sentence: string;
  /** Index of the first sentence of it. */
  readonly sentenceIndex: number;
}

/** What a graph's relations say, mention by mention. */
export function triplesOf(graph: DocumentGraph): GraphTriple[] {
  const mentionOf = new Map(graph.mentions.map((mention) => [mention.id, mention]));
  const sentences = sentenceReader(graph);
  return graph.relations.map(({ subject, object, relation, confidence, decision }) => {
    const [a, b] = [mentionOf.get(subject)!, mentionOf.get(object)!];
    const sentenceIndex = Math.min(a.sentence, b.sentence);
    const sentence = sentences(sentenceIndex, Math.max(a.sentence, b.sentence));
    return { subject: a, relation, object: b, confidence, decision, sentence, sentenceIndex };
  });
}

/** Entities as nodes and relations as edges between them; a relation of an entity to itself, such as its other name, is none. */
export function nodesAndEdges(graph: DocumentGraph) {
  const mentionOf = new Map(graph.mentions.map((mention) => [mention.id, mention]));
  const nodes = graph.entities.map((entity) => nodeOf(graph.id, entity, mentionOf));
  const nodeOfEntity = new Map(graph.entities.map(({ id }, i) => [id, nodes[i]!]));
  const merged = new Map<string, GraphTriple[]>();
  for (const triple of triplesOf(graph)) {
    const { subject, object } = triple;
    if (subject.entity === object.entity) continue;
    const key = JSON.stringify([subject.entity, triple.relation, object.entity]);
    const known = merged.get(key);
    if (known) known.push(triple);
    else merged.set(key, [triple]);
  }
  const edges = [...merged.values()].map((triples): GraphEdge => {
    const [best] = triples.sort((a, b) => b.confidence - a.confidence);
    const { subject, object, relation, confidence } = best!;
    const isDecided = triples.some(({ decision }) => decision === 'relation');
    return {
      ...{ subject: nodeOfEntity.get(subject.entity)!, relation, object: nodeOfEntity.get(object.entity)!, confidence },
      decision: isDecided ? 'relation' : best!.decision,
      sentences: [...new Set(triples.map(({ sentence }) => sentence))],
    };
  });
  return { nodes, edges };
}

function nodeOf(document: string, entity: GraphEntity, mentionOf: ReadonlyMap<string, Mention>): GraphNode {
  const mentions = entity.mentions.map((id) => mentionOf.get(id)!);
  const names = [...new Set([entity.name, ...mentions.map(({ word }) => word)])];
  return { id: `${document}#${entity.id}`, name: entity.name, type: entity.type, names, mentions };
}

/** Reads sentences of a text from first to last; the text is taken apart once. */
function sentenceReader({ text, sentences }: DocumentGraph): (first: number, last: number) => string {
  let [point, unit] = [0, 0];
  const places = sentences.map(({ start, end }) => {
    const from = unit + utf16Index(text.slice(unit), start - point);
    const to = from + utf16Index(text.slice(from), end + 1 - start);
    [point, unit] = [end + 1, to];
    return { from, to };
  });
  return (first, last) => text.slice(places[first]!.from, places[last]!.to);
}
