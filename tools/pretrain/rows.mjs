// Writes official rows as the model reads them, for the Python scripts beside this one: token ids, places of markers and
// words, labels as numbers; no text. Training rows are marked as fitting or validation rows.
//
// Usage: node tools/pretrain/rows.mjs FILE.json OUT.json.gz [VALIDATION_ROWS]   (after `npm run build`)
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { loadRows } from '../../dist/base/data/loadRows.js';
import { splitValidation } from '../../dist/base/data/split.js';
import { createInputEncoder } from '../../dist/base/text/inputEncoder.js';
import { loadTokenizer } from '../../dist/base/text/loadTokenizer.js';

const [file, out, validationRows = '0'] = process.argv.slice(2);
const ENCODER = new URL('../../models/encoder-ko', import.meta.url).pathname;
const SEED = 42;

const { rows, labelSet, entityTypes } = await loadRows(file, { onBadRow: 'error' });
const tokenizer = await loadTokenizer(ENCODER);
const inputs = createInputEncoder({ tokenizer, marker: 'typed-punct', entityTypes, maxLength: 256 });
const { validation } = splitValidation(rows, Number(validationRows) / rows.length, SEED);
const held = new Set(validation.map(({ guid }) => guid));
const sentences = new Map();
const sentenceOf = (sentence) => {
  if (!sentences.has(sentence)) sentences.set(sentence, sentences.size);
  return sentences.get(sentence);
};
const typeId = (entity) => entityTypes.indexOf(entity.type);

const encoded = rows.map((row) => {
  const { ids, subjectStart, objectStart, markers } = inputs.encode(row);
  const { subject, object } = markers();
  const word = ({ open, close }) => [open.end, Math.max(open.end + 1, close.start)];
  return {
    ids,
    reads: [subjectStart, objectStart],
    words: [word(subject), word(object)],
    question: tokenizer.tokenize(`${row.subject.word}, ${row.object.word}의 관계는?`).ids,
    types: [typeId(row.subject), typeId(row.object)],
    label: labelSet.labels.indexOf(row.label),
    sentence: sentenceOf(row.sentence),
    held: held.has(row.guid) ? 1 : 0,
  };
});
const plain = [...sentences.keys()].map((sentence) => {
  const ids = [...tokenizer.prefix, ...tokenizer.tokenize(sentence).ids, ...tokenizer.suffix];
  return ids.slice(0, 256);
});
const wordStarts = Array.from({ length: tokenizer.size }, (_, id) => (tokenizer.token(id).startsWith('▁') ? 1 : 0));
const text = JSON.stringify({ labels: labelSet.labels, entityTypes, wordStarts, plain, rows: encoded });
writeFileSync(out, gzipSync(text, { level: 9 }));
console.log(`${rows.length} rows, ${held.size} held out, ${plain.length} sentences`);
