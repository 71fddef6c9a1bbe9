import { stringify } from 'csv-stringify/sync';
import { nodesAndEdges } from './graphParts.ts';
import type { GraphFormat, GraphWriter } from './graphWriter.ts';

/**
 * The pair of CSV files of `neo4j-admin database import full`: headers name the fields and their types, several values of
 * one field are parted by `;`, which is therefore a comma in them.
 */
export const neo4jCsv: GraphFormat = {
  name: 'Neo4j CSV',
  extension: '.neo4j',
  mediaType: 'text/csv',
  files: [
    {
      name: 'nodes.csv',
      open: () =>
        table(['id:ID', 'name', 'names:string[]', 'mentions:int', 'document', ':LABEL'], (graph) =>
          nodesAndEdges(graph).nodes.map(({ id, name, type, names, mentions }) => [
            ...[id, name, list(names), mentions.length, graph.id],
            type === null ? 'Entity' : `Entity;${type}`,
          ]),
        ),
    },
    {
      name: 'relationships.csv',
      open: () =>
        table([':START_ID', ':END_ID', ':TYPE', 'confidence:double', 'decision', 'sentences:string[]'], (graph) =>
          nodesAndEdges(graph).edges.map(({ subject, object, relation, confidence, decision, sentences }) => [
            ...[subject.id, object.id, relation, confidence, decision, list(sentences)],
          ]),
        ),
    },
  ],
};

/** Cells within one line each: what imports a million rows is not asked for `--multiline-fields`. */
function table(
  header: readonly string[],
  rowsOf: (graph: Parameters<GraphWriter['document']>[0]) => readonly (readonly (string | number)[])[],
): GraphWriter {
  const lines = (rows: readonly (readonly (string | number)[])[]) =>
    stringify(
      rows.map((row) => row.map((cell) => String(cell).replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' '))),
      { quoted_match: /[\s'\\]/ },
    );
  return { begin: () => lines([header]), document: (graph) => lines(rowsOf(graph)), end: () => '' };
}

const list = (values: readonly string[]): string => values.map((value) => value.replaceAll(';', ',')).join(';');
