// Probes by trap: `npm run build && node tools/probes/byTrap.mjs [MODEL [FILE]]`. For each trap of `data/probes/probes.jsonl`,
// and of all texts together (of other annotated documents, FILE, that line alone): texts whose relations are all right and
// nothing else is asserted, then precision, recall and F1 over the relations, each with the pairs decided as marked pairs and
// decided together. As Markdown.
import { readFileSync } from 'node:fs';
import { checkDocument } from '../../dist/base/data/formats/documents.js';
import { decideEach } from '../../dist/inference/extract/decideEach.js';
import { decoderOf } from '../../dist/inference/extract/decideTogether.js';
import { scoredDocuments } from '../../dist/inference/extract/scoredDocuments.js';
import { RelationExtractor } from '../../dist/inference/predict/relationExtractor.js';

const rows = readFileSync(process.argv[3] ?? 'data/probes/probes.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const documents = rows.map((row) => checkDocument(row, { labels: null, entityTypes: null }, row.id).document);
const extractor = await RelationExtractor.load(process.argv[2] ?? null);
const scored = await scoredDocuments(extractor, documents);
await extractor.release();

function judged({ document, pairs }, decide) {
  const key = ({ subject, object }) => `${subject} ${object}`;
  const gold = new Map(document.relations.map((row) => [key(row), row.relation]));
  const open = new Set(document.unsure.map(key));
  const asserted = decide(document.entities, pairs, { threshold: null }).filter(
    (pair) => pair.decision === 'relation' && !(open.has(key(pair)) && !gold.has(key(pair))),
  );
  const right = asserted.filter((pair) => gold.get(key(pair)) === pair.relation).length;
  return { right, asserted: asserted.length, all: gold.size };
}

function figures(trap, decide) {
  const results = scored.filter((_, at) => trap === null || rows[at].trap === trap).map((each) => judged(each, decide));
  const sum = (name) => results.reduce((total, row) => total + row[name], 0);
  const [precision, recall] = [sum('right') / Math.max(1, sum('asserted')), sum('right') / Math.max(1, sum('all'))];
  const whole = results.filter(({ right, asserted, all }) => right === asserted && right === all).length;
  const f1 = (2 * precision * recall) / Math.max(1e-9, precision + recall);
  return `${((100 * whole) / results.length).toFixed(0)} % · ${[precision, recall, f1].map((value) => value.toFixed(2)).join('/')}`;
}

const ways = [decideEach(extractor.postprocessing), decoderOf(extractor.postprocessing)];
console.log('| trap | each pair as a marked pair | decided together |\n| :--- | :--- | :--- |');
for (const trap of [...new Set(rows.flatMap(({ trap }) => trap ?? [])), null])
  console.log(`| ${trap ?? 'all'} | ${ways.map((way) => figures(trap, way)).join(' | ')} |`);
