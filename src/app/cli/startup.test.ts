import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
  folder = await mkdtemp(join(tmpdir(), 'korex-startup-'));
  await writeFile(
    join(folder, 'hooks.mjs'),
    `import { appendFileSync } from 'node:fs';
     export const load = (url, context, next) => (appendFileSync(process.env.LOADED, url + '\\n'), next(url, context));`,
  );
  await writeFile(
    join(folder, 'register.mjs'),
    "import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);",
  );
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the built command line; gives back what it printed and the modules that it loaded, below the checkout. */
async function run(main: string, ...args: string[]) {
  const loaded = join(folder, `${main.replaceAll('/', '-')}.txt`);
  const out = execFileSync(
    process.execPath,
    ['--import', pathToFileURL(join(folder, 'register.mjs')).href, join(root, main), ...args],
    { encoding: 'utf8', env: { ...process.env, LOADED: loaded } },
  );
  const urls = (await readFile(loaded, 'utf8')).split('\n').filter((url) => url.startsWith('file:'));
  return { out, modules: urls.map((url) => fileURLToPath(url).slice(root.length).replaceAll('\\', '/')) };
}

test('--help loads the table of commands and no command’s work', async () => {
  const { out, modules } = await run('dist/app/cli/main.js', '--help');
  expect(out).toContain('evaluate');
  const packages = new Set(modules.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
  expect([...packages].sort()).toEqual(['commander', 'get-east-asian-width', 'string-width']);
  const own = modules.filter((path) => path.startsWith('dist/'));
  expect(own).toContain('dist/app/cli/commands.js');
  expect(own.filter((path) => !/^dist\/(app\/cli\/|base\/core\/|base\/text\/particles\.js)/.test(path))).toEqual([]);
});

test('a model answers without what draws charts, counts for Prometheus or trains', async () => {
  const sentence = ['--sentence', '한빛전자는 서지우가 세웠다.', '--subject', '한빛전자/ORG', '--object', '서지우/PER'];
  const { modules } = await run('dist/app/cli/main.js', 'predict', ...sentence);
  expect(modules).toContain('dist/inference/predict/relationExtractor.js');
  const foreign =
    /^node_modules\/(vega|d3-|prom-client|cli-progress|yauzl|hono)|^dist\/(engine\/train|study|base\/charts|app\/(serve|bench|site))\//;
  expect(modules.filter((path) => foreign.test(path))).toEqual([]);
});

test('the path of korex 0.1 still is the command line', async () => {
  const { out } = await run('dist/cli/main.js', '--version');
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
