// Lays out the sentences that korex-entities is trained on: `node tools/entities/prepare.mjs ENTITIES KLUE_RE OUT`, after
// `npm run build`. ENTITIES holds klue-ner-v1.1_given.tsv, konne_given.jsonl, text_train.jsonl and the sentences for measuring;
// KLUE_RE the official klue-re-v1.1_train.json. OUT gets
//   korex-entities-gold/train.jsonl   sentences all of whose entities are known; 520 are held out of them by their id
//   korex-entities-spans/train.jsonl  these, and 7,000 of KLUE-RE's sentences with the two entities that are known
// each with the same dev.jsonl, and klue-ner-dev.jsonl with these and KLUE-NER's own types alone. None of these files may be passed on: they hold the data sets' sentences.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flatEntities } from '../../dist/base/data/entities/entitySentence.js';
import { readEntityFile } from '../../dist/base/data/entities/readEntities.js';

const [entities, klueRe, out] = process.argv.slice(2);
/** Files that are for measuring alone. */
const MEASURED = ['pairs_dev.jsonl', 'wiki_dev.jsonl'];
const HELD_OUT = 520;

const PARTIAL = 7000;
/** What sentences count, of which all tokens are known, and of which few are. */
const GOLD_WEIGHT = 2;
const PARTIAL_WEIGHT = 4;

const digest = (text) => createHash('sha256').update(text).digest('hex');
const byDigest = (a, b) => (digest(a.id) < digest(b.id) ? -1 : 1);
const spaceless = (text) => text.replace(/\s+/g, '');

/** KLUE-NER's own entities, and where none of them is, konne's titles and works. */
async function given() {
  const sentences = await readEntityFile(join(entities, 'klue-ner-v1.1_given.tsv'));
  const konne = new Map((await readEntityFile(join(entities, 'konne_given.jsonl'))).map((row) => [row.id, row]));
  return sentences.map((row) => {
    const other = konne.get(row.id);
    const works = other?.sentence === row.sentence ? other.entities.filter(({ type }) => type === 'POH') : [];
    const own = new Set(row.entities);
    const apart = works.filter((work) => row.entities.every((each) => each.end < work.start || each.start > work.end));
    return { ...row, entities: flatEntities([...own, ...apart]) };
  });
}

const lines = (rows) =>
  rows
    .map(({ id, sentence, entities: found, partial, weight }) =>
      JSON.stringify({ id, sentence, ...(found && { entities: found }), partial, weight }),
    )
    .join('\n')
    .concat('\n');
const write = (name, rows) => {
  mkdirSync(join(out, name), { recursive: true });
  writeFileSync(join(out, name, 'train.jsonl'), lines(rows));
  writeFileSync(join(out, name, 'dev.jsonl'), lines(dev));
  console.log(`${name}: ${rows.length} sentences`);
};

const all = (await given()).sort(byDigest);
const dev = all.slice(0, HELD_OUT);
const seen = new Set(dev.map(({ sentence }) => spaceless(sentence)));
for (const name of MEASURED)
  for (const { sentence } of await readEntityFile(join(entities, name))) seen.add(spaceless(sentence));
const unseen = ({ sentence }) => !seen.has(spaceless(sentence));
const text = (await readEntityFile(join(entities, 'text_train.jsonl'))).filter(unseen);
const own = all.slice(HELD_OUT).filter(unseen);
const gold = [...own, ...text].map((row) => ({ ...row, weight: GOLD_WEIGHT }));
const known = new Set(gold.map(({ sentence }) => spaceless(sentence)));
const fresh = (row) => unseen(row) && !known.has(spaceless(row.sentence));
const partial = (await readEntityFile(join(klueRe, 'klue-re-v1.1_train.json'))).filter(fresh).sort(byDigest);
write('korex-entities-gold', gold);
const spans = partial.slice(0, PARTIAL).map((row) => ({ ...row, weight: PARTIAL_WEIGHT }));
write('korex-entities-spans', [...gold, ...spans]);
// Without the titles and works, which are konne's: what KLUE-NER itself annotates.
const klueNer = dev.map((row) => ({ ...row, entities: row.entities.filter(({ type }) => type !== 'POH') }));
writeFileSync(join(out, 'klue-ner-dev.jsonl'), lines(klueNer));
console.log(`dev: ${dev.length} sentences`);
