import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The package as somebody else gets it: packed, unpacked elsewhere, beside its dependencies (and nothing of ours more).

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
let consumer: string;
let packed: string[];

beforeAll(async () => {
  consumer = await mkdtemp(join(tmpdir(), 'korex-package-'));
  const modules = join(consumer, 'node_modules');
  await run(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer];
  const { stdout } = await run('npm', pack, { cwd: root, maxBuffer: 1e8, shell: process.platform === 'win32' });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  await mkdir(join(modules, 'korex'), { recursive: true });
  await run('tar', ['-xzf', join(consumer, filename), '--strip-components=1', '-C', join(modules, 'korex')]);
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  await writeFile(join(consumer, 'package.json'), '{ "type": "module" }');
}, 300_000);
afterAll(() => rm(consumer, { recursive: true, force: true }));

const cli = () => join(consumer, 'node_modules/korex/dist/app/cli/main.js');

test('holds what is needed to run, and no tests or sources', () => {
  for (const path of ['LICENSE', 'NOTICE', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'dist/app/cli/main.js'])
    expect(packed).toContain(path);
  expect(packed.some((path) => path.startsWith('data/sample/'))).toBe(true);
  expect(packed.filter((path) => /\.test\.|^(src|test|tools)\//.test(path))).toEqual([]);
});

test('can be imported', async () => {
  await writeFile(
    join(consumer, 'use.js'),
    `import { computeMetrics, markExample, KLUE_LABELS } from 'korex';
const entity = (word, start) => ({ word, start, end: start + word.length - 1, type: 'PER' });
const marked = markExample({ sentence: '가람은 나래의 친구다.', subject: entity('가람', 0), object: entity('나래', 4) }, 'entity');
const prediction = { guid: 'a', predicted: 'per:title', probabilities: null };
console.log(JSON.stringify([marked.text, computeMetrics(['per:title'], [prediction], { labels: KLUE_LABELS, noRelation: 'no_relation' }).accuracy]));
`,
  );
  const { stdout } = await run(process.execPath, ['use.js'], { cwd: consumer });
  expect(JSON.parse(stdout)).toEqual(['[E1]가람[/E1]은 [E2]나래[/E2]의 친구다.', 1]);
});

test('its types compile in a strict project, and say no to wrong use', async () => {
  await writeFile(
    join(consumer, 'use.ts'),
    `import { type Example, KorexError, type Metrics, runStages, scoreFiles } from 'korex';
const macro = (metrics: Metrics): number => metrics.macro_f1;
export async function use(example: Example): Promise<number> {
  await runStages({ trainRows: 100, marker: 'typed-punct' }, { stages: ['eda'] });
  // @ts-expect-error: there is no such marker
  await runStages({ marker: 'stars' });
  if (example.label === null) throw new KorexError('usage', 'no label');
  return macro(await scoreFiles('gold.json', 'predictions.jsonl', { seed: 1 }, { info() {}, warn() {}, progress: () => ({ update() {}, end() {} }) }));
}
`,
  );
  const strict = { strict: true, module: 'nodenext', target: 'es2023', noEmit: true, types: ['node'] };
  await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, files: ['use.ts'] }));
  await run(process.execPath, [tsc, '-p', consumer]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
});

test('brings the command, with the sample and the encoder it works on', async () => {
  expect((await stat(cli())).mode & 0o111).not.toBe(0);
  const help = await run(process.execPath, [cli(), '--help'], { cwd: consumer });
  expect(help.stdout).toContain('Usage: korex');
  const eda = ['eda', '--train-rows', '60', '--eval-rows', '40', '--json'];
  const { stdout } = await run(process.execPath, [cli(), ...eda], { cwd: consumer });
  expect(JSON.parse(stdout).stages.eda.result.rows).toEqual({ train: 60, test: 40 });
});

test('says by its exit code how it went, also through a closed pipe', async () => {
  const failed = run(process.execPath, [cli(), 'eda', '--data', 'nowhere'], { cwd: consumer });
  await expect(failed).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.not.stringContaining('    at ') });
  const piped = run('sh', ['-c', `"${process.execPath}" "${cli()}" config | head -n 1`], { cwd: consumer });
  expect(await piped).toMatchObject({ stdout: 'ROWS\n', stderr: '' });
});
