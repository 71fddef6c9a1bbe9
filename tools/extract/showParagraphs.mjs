// What `korex extract` makes of three written paragraphs (news, encyclopedia, company profile), as the README shows it. After
// `npm run build`:
//
//   node tools/extract/showParagraphs.mjs [--threshold P]
import { readFile } from 'node:fs/promises';
import { extract } from '../../dist/index.js';
import { nodesAndEdges } from '../../dist/inference/extract/writers/graphParts.js';

const SHOWN = ['news-1', 'encyclopedia-1', 'company-1'];
const at = process.argv.indexOf('--threshold');
const threshold = at < 0 ? {} : { threshold: Number(process.argv[at + 1]) };
const lines = (await readFile(new URL('../../data/paragraphs/paragraphs.jsonl', import.meta.url), 'utf8')).trimEnd();
const rows = lines.split('\n').map((line) => JSON.parse(line));
const documents = SHOWN.map((id) => ({ id, text: rows.find((row) => row.id === id).text, ...threshold }));
for (const graph of await extract(documents)) {
  console.log(`${graph.text}\n`);
  for (const { subject, relation, object, confidence } of nodesAndEdges(graph).edges)
    console.log(`  ${subject.name} → ${object.name}  ${relation}  ${confidence.toFixed(2)}`);
  console.log();
}
