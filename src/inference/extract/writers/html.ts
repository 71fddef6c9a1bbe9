import { escapeXml } from '../../../base/core/escape.ts';
import type { Language } from '../../../base/core/types.ts';
import { entityTypeName, relationDescription } from '../../../base/data/relations.ts';
import { spanText } from '../../../base/data/span.ts';
import type { DocumentGraph } from '../../predict/documentSchema.ts';
import { type GraphEdge, type GraphNode, type GraphTriple, nodesAndEdges, triplesOf } from './graphParts.ts';
import { graphPicture, MOST_NODES } from './graphPicture.ts';
import { GRAPH_STYLE } from './graphStyle.ts';
import { oneFile } from './graphWriter.ts';

const WORDS = {
  ko: {
    title: '엔티티와 관계',
    filter: '표에서 찾기',
    graph: (nodes: number, edges: number) =>
      `엔티티 ${nodes}개와 관계 ${edges}개의 그래프. 같은 내용이 아래 표에 있다.`,
    most: (shown: number, all: number) => `관계가 많은 엔티티 ${shown}개만 그렸다(모두 ${all}개). 표에는 모두 있다.`,
    relations: '관계',
    none: '찾은 관계가 없다.',
    entities: '엔티티',
    columns: ['주어', '관계', '목적어', '신뢰도', '문장'],
    entityColumns: ['이름', '유형', '다른 표현', '나온 횟수'],
    uncertain: '불확실',
  },
  en: {
    title: 'Entities and relations',
    filter: 'Find in the tables',
    graph: (nodes: number, edges: number) =>
      `A graph of ${nodes} entities and ${edges} relations; the tables below say the same.`,
    most: (shown: number, all: number) =>
      `Only the ${shown} entities with most relations are drawn, of ${all}. The tables have all.`,
    relations: 'Relations',
    none: 'No relations were found.',
    entities: 'Entities',
    columns: ['Subject', 'Relation', 'Object', 'Confidence', 'Sentence'],
    entityColumns: ['Name', 'Type', 'Other names', 'Mentions'],
    uncertain: 'uncertain',
  },
} as const;

type Words = (typeof WORDS)[Language];

/** Hides the rows that lack what is looked for; all else works without it. */
const SCRIPT = `
const box = document.querySelector('input[type=search]');
box.parentElement.hidden = false;
box.addEventListener('input', () => {
  const wanted = box.value.trim().toLowerCase();
  for (const row of document.querySelectorAll('tbody tr')) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
`;

/**
 * A page of its own: of each document a picture of the graph, whose parts lead to the rows of two tables that say all of it
 * in words. Nothing is loaded from elsewhere; light and dark follow the system.
 */
export const html = oneFile({ name: 'HTML', extension: '.html', mediaType: 'text/html' }, (lang) => {
  const words = WORDS[lang];
  let count = 0;
  return {
    begin: () => `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${words.title}</title>
<style>${GRAPH_STYLE}</style>
</head>
<body>
<header><h1>${words.title}</h1><label hidden>${words.filter} <input type="search"></label></header>
<main>
`,
    document: (graph) => section(graph, `d${++count}`, lang),
    end: () => `</main>
<script>${SCRIPT}</script>
</body>
</html>
`,
  };
});

function section(graph: DocumentGraph, key: string, lang: Language): string {
  const words = WORDS[lang];
  const { nodes, edges } = nodesAndEdges(graph);
  const triples = triplesOf(graph);
  const entityKey = (node: GraphNode) => `${key}-${node.id.slice(node.id.lastIndexOf('#') + 1)}`;
  const heading = `<h2 id="${key}">${escapeXml(graph.id)}</h2>`;
  return `<section aria-labelledby="${key}">
${heading}
${picture(nodes, edges, triples, key, entityKey, words)}
${relationTable(graph, triples, key, lang)}
${entityTable(nodes, entityKey, lang)}
</section>
`;
}

function picture(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  triples: readonly GraphTriple[],
  key: string,
  entityKey: (node: GraphNode) => string,
  words: Words,
): string {
  const degree = new Map<GraphNode, number>();
  for (const { subject, object } of edges)
    for (const node of [subject, object]) degree.set(node, (degree.get(node) ?? 0) + 1);
  const connected = nodes.filter((node) => degree.has(node));
  if (connected.length === 0) return '';
  const shown = new Set(connected.toSorted((a, b) => degree.get(b)! - degree.get(a)!).slice(0, MOST_NODES));
  const drawn = edges.filter(({ subject, object }) => shown.has(subject) && shown.has(object));
  const rowOf = ({ subject, relation, object }: GraphEdge) =>
    triples.findIndex(
      (triple) =>
        triple.relation === relation &&
        subject.mentions.includes(triple.subject) &&
        object.mentions.includes(triple.object),
    );
  const svg = graphPicture(
    connected.filter((node) => shown.has(node)),
    drawn,
    { node: (node) => `#${entityKey(node)}`, edge: (edge) => `#${key}-r${rowOf(edge)}` },
    words.graph(shown.size, drawn.length),
  );
  const note = shown.size < connected.length ? `<p class="note">${words.most(shown.size, connected.length)}</p>` : '';
  return `<div class="picture">${svg}</div>${note}`;
}

function relationTable(graph: DocumentGraph, triples: readonly GraphTriple[], key: string, lang: Language): string {
  const words = WORDS[lang];
  if (triples.length === 0) return `<p>${words.none}</p>`;
  const rows = triples.map((triple, i) => {
    const { subject, relation, object, confidence, decision } = triple;
    const doubt = decision === 'uncertain' ? ` <small>${words.uncertain}</small>` : '';
    const cells = [
      `<th scope="row">${entity(subject)}</th>`,
      `<td><span title="${escapeXml(relationDescription(relation, lang))}">${escapeXml(relation)}</span>${doubt}</td>`,
      `<td>${entity(object)}</td>`,
      `<td class="number">${confidence.toFixed(2)}</td>`,
      `<td class="sentence">${markedSentence(graph, triple)}</td>`,
    ];
    return `<tr id="${key}-r${i}" tabindex="-1">${cells.join('')}</tr>`;
  });
  return table(words.relations, words.columns, rows);
}

function entityTable(nodes: readonly GraphNode[], entityKey: (node: GraphNode) => string, lang: Language): string {
  const words = WORDS[lang];
  const rows = nodes.map((node) => {
    const { name, type, names, mentions } = node;
    const cells = [
      `<th scope="row">${entity({ word: name, type })}</th>`,
      `<td>${type === null ? '' : escapeXml(entityTypeName(type, lang))}</td>`,
      `<td>${escapeXml(names.filter((other) => other !== name).join(', '))}</td>`,
      `<td class="number">${mentions.length}</td>`,
    ];
    return `<tr id="${entityKey(node)}" tabindex="-1">${cells.join('')}</tr>`;
  });
  return rows.length === 0 ? '' : table(words.entities, words.entityColumns, rows);
}

const table = (caption: string, columns: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => `<th scope="col">${column}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;

const entity = ({ word, type }: { readonly word: string; readonly type: string | null }): string =>
  `<span class="entity type-${escapeXml(type ?? 'none')}">${escapeXml(word)}</span>`;

/** The sentence with its subject and object marked, as far as they do not lie within each other. */
function markedSentence(
  { sentences }: DocumentGraph,
  { sentence, sentenceIndex, subject, object }: GraphTriple,
): string {
  const from = sentences[sentenceIndex]!.start;
  let text = '';
  let done = 0;
  for (const { start, end, type } of [subject, object].sort((a, b) => a.start - b.start)) {
    if (start - from < done) continue;
    text += escapeXml(spanText(sentence, done, start - from - 1));
    text += `<mark class="type-${escapeXml(type ?? 'none')}">${escapeXml(spanText(sentence, start - from, end - from))}</mark>`;
    done = end - from + 1;
  }
  return text + escapeXml(spanText(sentence, done, Number.POSITIVE_INFINITY));
}
