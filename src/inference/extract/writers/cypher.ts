import { type GraphEdge, type GraphNode, nodesAndEdges } from './graphParts.ts';
import { oneFile } from './graphWriter.ts';

/**
 * Cypher statements (openCypher 9) for `cypher-shell` and Neo4j's browser, one a line: run twice they change nothing. A
 * relation is a relationship of its own type, an entity has the label of its type beside `Entity`.
 */
export const cypher = oneFile({ name: 'Cypher', extension: '.cypher', mediaType: 'text/plain' }, () => ({
  begin: () => '',
  document(graph) {
    const { nodes, edges } = nodesAndEdges(graph);
    const lines = [...nodes.map((node) => nodeLine(node, graph.id)), ...edges.map(edgeLine)];
    return lines.map((line) => `${line};\n`).join('');
  },
  end: () => '',
}));

const nodeLine = ({ id, name, type, names, mentions }: GraphNode, document: string): string => {
  const values = { name, names, mentions: mentions.length, document };
  const label = type === null ? '' : `, n:${nameOf(type)}`;
  return `MERGE (n:Entity {id: ${literal(id)}}) SET ${setting('n', values)}${label}`;
};

const edgeLine = ({ subject, relation, object, confidence, decision, sentences }: GraphEdge): string => {
  const ends = `MATCH (s:Entity {id: ${literal(subject.id)}}), (o:Entity {id: ${literal(object.id)}})`;
  return `${ends} MERGE (s)-[r:${nameOf(relation)}]->(o) SET ${setting('r', { confidence, decision, sentences })}`;
};

type Value = string | number | readonly string[];

const setting = (of: string, values: Readonly<Record<string, Value>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${of}.${name} = ${literal(value)}`)
    .join(', ');

/** A name that may hold any character. */
const nameOf = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

function literal(value: Value): string {
  if (typeof value === 'number') return `${value}`;
  if (typeof value !== 'string') return `[${value.map(literal).join(', ')}]`;
  const escaped = value.replace(/[\\'\n\r\t\b\f]/g, (character) => ESCAPES[character]!);
  // Other control characters and line ends, which would end a statement for some clients.
  return `'${escaped.replace(/[\p{Cc}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};
