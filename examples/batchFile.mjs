// A JSONL file of requests, answered as it is read: memory does not grow with its length. `korex batch` does the same with
// more formats, lists rows that cannot be answered, and goes on where it was interrupted.
//
//   node examples/batchFile.mjs IN.jsonl OUT.jsonl
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { RelationExtractor } from 'korex';

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) {
  console.error('Usage: node examples/batchFile.mjs IN.jsonl OUT.jsonl');
  process.exit(2);
}

/** @type {string[]} */
const ids = [];

/** @param {string} path */
async function* requestsOf(path) {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { id, ...request } = JSON.parse(line);
    ids.push(id);
    yield request;
  }
}

const extractor = await RelationExtractor.load();
const file = await open(output, 'w');
let count = 0;
for await (const answer of extractor.predict(requestsOf(input))) {
  const { relation, confidence, decision } = answer;
  await file.write(`${JSON.stringify({ id: ids.shift(), relation, confidence, decision })}\n`);
  count += 1;
}
await file.close();
await extractor.release();
console.log(`${count} rows answered.`);
