import { escapeXml } from '../../../base/core/escape.ts';
import { nodesAndEdges } from './graphParts.ts';
import { oneFile } from './graphWriter.ts';

/** What nodes and edges carry, by the names that Gephi, yEd and networkx show. */
const KEYS = [
  ['node', 'label', 'string'],
  ['node', 'type', 'string'],
  ['node', 'names', 'string'],
  ['node', 'mentions', 'int'],
  ['node', 'document', 'string'],
  ['edge', 'relation', 'string'],
  ['edge', 'confidence', 'double'],
  ['edge', 'decision', 'string'],
  ['edge', 'sentence', 'string'],
] as const;

/** GraphML (http://graphml.graphdrawing.org): entities as nodes, relations as directed edges. */
export const graphml = oneFile({ name: 'GraphML', extension: '.graphml', mediaType: 'application/xml' }, () => ({
  begin: () =>
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
      ...KEYS.map(
        ([on, name, type]) => `  <key id="${on}_${name}" for="${on}" attr.name="${name}" attr.type="${type}"/>`,
      ),
      '  <graph edgedefault="directed">\n',
    ].join('\n'),
  document(graph) {
    const { nodes, edges } = nodesAndEdges(graph);
    const lines = [
      ...nodes.map(({ id, name, type, names, mentions }) => {
        const values = { label: name, type: type ?? '', names: names.join(' | '), mentions: `${mentions.length}` };
        return `    <node id="${escapeXml(id)}">${data('node', { ...values, document: graph.id })}</node>`;
      }),
      ...edges.map(({ subject, relation, object, confidence, decision, sentences }) => {
        const values = { relation, confidence: `${confidence}`, decision, sentence: sentences[0]! };
        return `    <edge source="${escapeXml(subject.id)}" target="${escapeXml(object.id)}">${data('edge', values)}</edge>`;
      }),
    ];
    return lines.map((line) => `${line}\n`).join('');
  },
  end: () => '  </graph>\n</graphml>\n',
}));

const data = (on: 'node' | 'edge', values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<data key="${on}_${name}">${escapeXml(value)}</data>`)
    .join('');
