import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spanText } from '../src/base/data/span.ts';
import { written } from '../src/inference/extract/writers/graphWriter.ts';
import { graphFormatOf } from '../src/inference/extract/writers/table.ts';
import type { DocumentGraph } from '../src/inference/predict/documentSchema.ts';
import { DOCUMENT_SCHEMAS } from '../src/inference/predict/documentSchema.ts';
import { SAMPLE_EDGES, SAMPLE_GRAPH } from './support/graphs.ts';
import { lacksPython } from './support/needs.ts';
import { lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { runPython } from './support/python.ts';

// Graphs as they are written, read back by the tools of each format.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-graphs-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Another document with the same ids of its own, and one without anything. */
const others: DocumentGraph[] = [
  { ...SAMPLE_GRAPH, id: 'doc-2' },
  { ...SAMPLE_GRAPH, id: 'empty', mentions: [], entities: [], relations: [] },
];
const contents = (extension: string, graphs: readonly DocumentGraph[] = [SAMPLE_GRAPH, ...others]) =>
  written(graphFormatOf(`x${extension}`), graphs, 'ko');

const byPython = async (format: string): Promise<string[][]> => {
  const path = join(folder, `graph.${format}`);
  await writeFile(path, contents(`.${format}`)['']!);
  const edges = JSON.parse(runPython('test/support/read_graphs.py', format, path)) as string[][];
  return edges.sort();
};
const twice = [...SAMPLE_EDGES, ...SAMPLE_EDGES].sort();

test('the sample is a graph as the API gives it', () => {
  expect(DOCUMENT_SCHEMAS.DocumentGraph.parse(SAMPLE_GRAPH)).toEqual(SAMPLE_GRAPH);
  for (const { word, start, end } of SAMPLE_GRAPH.mentions) expect(spanText(SAMPLE_GRAPH.text, start, end)).toBe(word);
});

test('JSONL is the graphs themselves', () => {
  const lines = contents('.jsonl')['']!.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([SAMPLE_GRAPH, ...others]);
});

test('CSV: a triple a row with its sentence and places; no cell is a formula', () => {
  const text = contents('.csv', [SAMPLE_GRAPH])['']!;
  expect(text.startsWith('\uFEFF')).toBe(true);
  const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
  expect(rows).toHaveLength(SAMPLE_GRAPH.relations.length);
  expect(rows[3]).toEqual({
    ...{ document: '문서 "1"/a#b', subject: '서 대표', subject_type: 'PER', relation: 'per:product' },
    ...{ relation_ko: '사람이 만든 제품이나 작품', object: "'=1+2", object_type: 'POH', confidence: '0.41' },
    ...{ decision: 'uncertain', sentence: '서 대표는 "=1+2"라는 <제품> & \'그것\'을 만들었다.', sentence_index: '1' },
    ...{ subject_start: '33', subject_end: '36', subject_entity: 'e2' },
    ...{ object_start: '40', object_end: '43', object_entity: 'e4' },
  });
});

test.skipIf(lacksPython('networkx'))('GraphML, read by networkx', async () => {
  expect(await byPython('graphml')).toEqual(twice);
});

test.skipIf(lacksPython('rdflib'))('JSON-LD, read by rdflib', async () => {
  expect(await byPython('jsonld')).toEqual(twice);
});

test.skipIf(lacksPython('antlr4_cypher'))('Cypher, read by the parser of openCypher', async () => {
  expect(await byPython('cypher')).toEqual(twice);
});

test('Neo4j’s pair of CSV files, by the rules of its import', () => {
  const files = contents('.neo4j');
  const read = (name: string): string[][] => parse(files[name]!, { bom: false });
  const [nodeHeader, ...nodes] = read('nodes.csv');
  const [edgeHeader, ...edges] = read('relationships.csv');
  expect(nodeHeader).toEqual(['id:ID', 'name', 'names:string[]', 'mentions:int', 'document', ':LABEL']);
  expect(edgeHeader).toEqual([':START_ID', ':END_ID', ':TYPE', 'confidence:double', 'decision', 'sentences:string[]']);
  const nameOf = new Map(nodes.map(([id, name]) => [id!, name!]));
  expect(nameOf.size).toBe(10);
  expect(edges.map(([start, end, type]) => [nameOf.get(end!)!, type!, nameOf.get(start!)!]).sort()).toEqual(twice);
  expect(nodes[0]!.slice(1)).toEqual(['한빛전자', '한빛전자;한빛', '2', '문서 "1"/a#b', 'Entity;ORG']);
  // An array's parts are told by the semicolon.
  expect(nodes[4]![2]).toBe('가온물산,나루');
});

test.skipIf(lacksChromium)(
  'HTML: a page of its own, in both languages, that axe has nothing against',
  async () => {
    const browser = await launchBrowser();
    try {
      for (const lang of ['ko', 'en'] as const)
        for (const colorScheme of ['light', 'dark'] as const) {
          const path = join(folder, `graph.${lang}.html`);
          await writeFile(path, written(graphFormatOf(path), [SAMPLE_GRAPH, ...others], lang)['']!);
          const { page, complaints, close } = await openPage(browser, pathToFileURL(path).href, { colorScheme });
          await page.goto(pathToFileURL(path).href);
          expect(await page.locator('html').getAttribute('lang')).toBe(lang);
          expect(await page.locator('svg.graph .node').count()).toBe(10);
          expect(await page.locator('svg.graph .edge').count()).toBe(10);
          const row = page.locator('tr:has-text("per:product")').first();
          expect(await row.locator('mark').allTextContents()).toEqual(['서 대표', '=1+2']);
          await page.keyboard.press('Tab');
          await page.keyboard.type('대전');
          expect(await page.locator('tbody tr:visible').count()).toBe(8);
          await page.keyboard.press('Control+a');
          await page.keyboard.press('Delete');
          // The way of a keyboard from an edge to its sentence.
          await page.locator('svg.graph .edge').first().focus();
          await page.keyboard.press('Enter');
          await page.locator('tr:target').waitFor();
          // The page's own policy lets no other script in.
          const result = await page.evaluate(`(() => { ${axe.source}; return axe.run(); })()`);
          const { violations } = result as { violations: { id: string; impact: string }[] };
          expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
          expect(complaints).toEqual([]);
          await close();
        }
    } finally {
      await browser.close();
    }
  },
  60_000,
);

test('an ending that no format has is refused with those that are known', () => {
  expect(() => graphFormatOf('graph.xlsx')).toThrow(/its ending/);
  expect(graphFormatOf('-').name).toBe('JSONL');
  expect(graphFormatOf('out/graph.neo4j/').name).toBe('Neo4j CSV');
});
