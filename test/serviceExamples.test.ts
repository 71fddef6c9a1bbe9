import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../src/app/serve/server.ts';
import { API_SCHEMAS } from '../src/inference/predict/schema.ts';
import { lacks, lacksPython } from './support/needs.ts';
import { startTinyServer } from './support/tinyServer.ts';

// The guide's examples of the API, as written but for the server's address; the README shows the first of them.

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

let server: RunningServer;
let folder: string;
beforeAll(async () => {
  server = await startTinyServer();
  folder = await mkdtemp(join(tmpdir(), 'korex-examples-'));
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Code blocks of a language that ask the server. */
function examples(file: string, language: string): string[] {
  const blocks = [...readFileSync(join(root, file), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return blocks
    .filter(([, tag, code]) => tag === language && code!.includes('http://localhost:8080'))
    .map(([, , code]) => code!.replaceAll('http://localhost:8080', server.url));
}

test.each(['', '.ko'])('README%s.md shows the first example of the guide', (suffix) => {
  const [shown] = examples(`README${suffix}.md`, 'sh');
  expect(shown).toBe(examples(`docs/serve${suffix}.md`, 'sh')[0]);
});

for (const file of ['docs/serve.md', 'docs/serve.ko.md']) {
  test.skipIf(lacks('curl', spawnSync('curl', ['--version']).status === 0))(`curl in ${file}`, async () => {
    const [one, stream] = examples(file, 'sh');
    API_SCHEMAS.Relation.parse(JSON.parse((await run('sh', ['-c', one!])).stdout));
    const lines = (await run('sh', ['-c', stream!])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => API_SCHEMAS.Relation.parse(JSON.parse(line)).subject.word)).toEqual(['가온', '나루']);
  });

  test(`JavaScript in ${file}`, async () => {
    const [code] = examples(file, 'js');
    const path = join(folder, `${basename(file)}.mjs`);
    await writeFile(path, code!);
    // What a model of random weights finds is chance, but an answer without relations would print nothing.
    const { stdout, stderr } = await run(process.execPath, [path]);
    expect([stderr, stdout.replace(/^.+ -- .+ \(\d\.\d\d\) --> .+\n/gm, '')]).toEqual(['', '']);
  });

  test.skipIf(lacksPython())(`Python in ${file}`, async () => {
    const [code] = examples(file, 'python');
    const { stdout } = await run('python3', ['-c', code!]);
    expect(stdout).toMatch(/^(\w+ [\d.]+ (relation|no_relation|uncertain)\n){2}$/);
  });
}
