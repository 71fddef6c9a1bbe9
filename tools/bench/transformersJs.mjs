// transformers.js's text-classification pipeline on an exported model, for korex bench: answers lines of JSON on standard
// input with lines of JSON on standard output.
//
// By hand, for a JSONL file of {"text": …} (or JSON strings), each a sentence with its markers, in the order of the file:
//   node tools/bench/transformersJs.mjs EXPORTED_FOLDER ROWS.jsonl [BATCH_SIZE=32] [DTYPE=fp32|q8]
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { env, pipeline } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.localModelPath = '/';

let classify;
let texts = [];

const HANDLERS = {
  async load({ folder, rows, threads, max_length, dtype = 'fp32' }) {
    texts = JSON.parse(readFileSync(rows, 'utf8'));
    await open(folder, dtype, threads, max_length);
    return { transformersjs: env.version };
  },
  run: ({ batch_size }) => answer(batch_size),
  peak: () => ({ bytes: process.resourceUsage().maxRSS * 1024 }),
};

async function open(folder, dtype, threads, maxLength) {
  const session_options = { intraOpNumThreads: threads ?? availableParallelism() };
  classify = await pipeline('text-classification', resolve(folder), { dtype, device: 'cpu', session_options });
  // The tokenizer's own length is a getter without a setter.
  if (maxLength !== undefined) Object.defineProperty(classify.tokenizer, 'model_max_length', { value: maxLength });
}

async function answer(batchSize) {
  const labels = [];
  const start = performance.now();
  for (let at = 0; at < texts.length; at += batchSize)
    for (const { label } of await classify(texts.slice(at, at + batchSize))) labels.push(label);
  return { seconds: (performance.now() - start) / 1000, labels };
}

async function byHand([folder, file, batchSize = '32', dtype = 'fp32']) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  texts = lines.map((line) => (typeof line === 'string' ? line : line.text));
  await open(folder, dtype);
  const { seconds } = await answer(Number(batchSize));
  const figures = { rows: texts.length, batch_size: Number(batchSize), dtype, seconds };
  console.log(JSON.stringify({ ...figures, rows_per_second: texts.length / seconds, transformersjs: env.version }));
}

async function serve() {
  for await (const line of createInterface(process.stdin)) {
    const { do: what, ...request } = JSON.parse(line);
    try {
      console.log(JSON.stringify(await HANDLERS[what](request)));
    } catch (error) {
      console.error(error);
      console.log(JSON.stringify({ error: String(error) }));
    }
  }
}

const args = process.argv.slice(2);
await (args.length > 0 ? byHand(args) : serve());
