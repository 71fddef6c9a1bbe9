// A long text through `korex extract`: seconds, sentences a second, and the largest resident memory until a quarter, half and
// all of the time was over, beside that of a text a twentieth as long. After `npm run build`:
//
//   node tools/bench/longText.mjs [PAGES] [--entity-model MODEL] [--model MODEL]
//
// The text is made of the written paragraphs in data/paragraphs, with a number in each so that no two are the same; a page
// has 1,800 characters, as printed Korean books do.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = 1_800;
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [first, ...rest] = process.argv.slice(2);
const pages = Number(first ?? 200);
if (!Number.isInteger(pages) || pages < 20) throw new Error(`PAGES is ${first}: expected a whole number from 20 on.`);

const paragraphs = (await readFile(at('data/paragraphs/paragraphs.jsonl'), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).text);

function textOf(count) {
  let text = '';
  for (let i = 0; text.length < count * PAGE; i++)
    text += `${paragraphs[i % paragraphs.length]} 문서 번호는 ${i + 1}번이다.\n\n`;
  return text;
}

const folder = await mkdtemp(join(tmpdir(), 'korex-long-text-'));
const measured = async (count) => {
  const [input, out] = [join(folder, `${count}.txt`), join(folder, `${count}.jsonl`)];
  const text = textOf(count);
  await writeFile(input, text);
  const child = spawn(process.execPath, [at('dist/app/cli/main.js'), 'extract', '--json', ...rest, input, out], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (piece) => {
    printed += piece;
  });
  const started = performance.now();
  const peaks = [];
  // Linux keeps the largest resident set of a process that still runs.
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const kibibytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    if (kibibytes) peaks.push([performance.now() - started, Number(kibibytes)]);
  }, 200);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`korex extract ended with ${code}`);
  const { sentences, mentions, relations, seconds } = JSON.parse(printed);
  const took = performance.now() - started;
  const mebibytes = (share) => Math.round((peaks.findLast(([time]) => time <= share * took)?.[1] ?? 0) / 1024);
  return {
    pages: count,
    characters: text.length,
    ...{ sentences, mentions, relations, seconds: Number(seconds.toFixed(1)) },
    'sentences/s': Number((sentences / seconds).toFixed(1)),
    ...{ 'MiB until 1/4': mebibytes(1 / 4), '1/2': mebibytes(1 / 2), 'the end': mebibytes(1) },
  };
};
try {
  console.table([await measured(pages / 20), await measured(pages)]);
} finally {
  await rm(folder, { recursive: true });
}
