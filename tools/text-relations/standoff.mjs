// Documents without their texts: `node tools/text-relations/standoff.mjs DOCUMENTS.jsonl OUT.jsonl`. What stands in
// `data/text-relations/` was made so; `korex data pull --text` puts the texts back.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const lines = readFileSync(from, 'utf8').trim().split('\n');
const bare = lines.map((line) => {
  const { id, source, sentence, text = sentence, entities, relations, unsure } = JSON.parse(line);
  return JSON.stringify({
    id,
    ...(source && { source }),
    sha256: createHash('sha256').update(text).digest('hex'),
    entities: entities.map(({ start, end, type }) => [start, end, type]),
    relations,
    unsure,
  });
});
writeFileSync(to, `${bare.join('\n')}\n`);
