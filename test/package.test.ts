import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunningServer } from '../src/app/serve/server.ts';
import { foreignBinaries, installedBinaries, ownPlatform } from '../src/engine/runtime/foreignBinaries.js';
import { lacksPython } from './support/needs.ts';
import { startTinyServer } from './support/tinyServer.ts';

// The package as somebody else gets it: packed, unpacked elsewhere, beside its dependencies (and nothing of ours more).

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
let consumer: string;
let packed: string[];
/** Bytes of the package when it is unpacked. */
let unpacked: number;

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});
let manifest: z.output<typeof manifestSchema>;

/** Lays packages of the checkout beside the one that is tested. */
async function link(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const to = join(consumer, 'node_modules', name);
    await mkdir(dirname(to), { recursive: true });
    await symlink(join(root, 'node_modules', name), to, 'junction');
  }
}

beforeAll(async () => {
  consumer = await mkdtemp(join(tmpdir(), 'korex-package-'));
  const modules = join(consumer, 'node_modules');
  await run(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer];
  const { stdout } = await run('npm', pack, { cwd: root, maxBuffer: 1e8, shell: process.platform === 'win32' });
  const [{ filename, files, unpackedSize }] = JSON.parse(stdout) as [
    { filename: string; files: { path: string }[]; unpackedSize: number },
  ];
  packed = files.map(({ path }) => path);
  unpacked = unpackedSize;
  await mkdir(join(modules, 'korex'), { recursive: true });
  await run('tar', ['-xzf', join(consumer, filename), '--strip-components=1', '-C', join(modules, 'korex')]);
  manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  await link([...Object.keys(manifest.dependencies), '@types/node']);
  await writeFile(join(consumer, 'package.json'), '{ "type": "module" }');
}, 300_000);
afterAll(() => rm(consumer, { recursive: true, force: true }));

/** Errors of the compiler are on its standard output. */
const expectCompiles = async (project: string): Promise<void> =>
  expect(await run(process.execPath, [tsc, '-p', project]).catch((error: unknown) => error)).toMatchObject({
    stdout: '',
  });

/** Compiles TypeScript of a strict project beside the package. */
async function compile(folder: string, include: readonly string[]): Promise<void> {
  const strict = { strict: true, module: 'nodenext', target: 'es2023', noEmit: true, types: ['node'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, include }));
  await expectCompiles(folder);
}

const cli = () => join(consumer, 'node_modules/korex/dist/app/cli/main.js');

test('holds what is needed to run, and no tests or sources', () => {
  for (const path of [
    'LICENSE',
    'NOTICE',
    'package.json',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/app/cli/main.js',
    'dist/cli/main.js',
  ])
    expect(packed).toContain(path);
  expect(packed.some((path) => path.startsWith('data/sample/'))).toBe(true);
  expect(packed.filter((path) => /\.test\.|^(src|test|tools)\//.test(path))).toEqual([]);
});

describe('what people install', () => {
  const bytesIn = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sum + (entry.name === '.cache' ? 0 : bytesIn(path));
      return sum + (entry.isFile() ? statSync(path).size : 0);
    }, 0);
  const lock = z.object({
    packages: z.record(
      z.string(),
      z.object({
        dev: z.boolean().default(false),
        optional: z.boolean().default(false),
        devOptional: z.boolean().default(false),
      }),
    ),
  });
  /** Bytes of the packages that the lock file names, each without those nested in it, which have lines of their own. */
  async function installed(isMeant: (flags: { dev: boolean; optional: boolean; devOptional: boolean }) => boolean) {
    const { packages } = lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
    const names = Object.entries(packages).flatMap(([name, flags]) => (name !== '' && isMeant(flags) ? [name] : []));
    const sizes = names.map((name) => {
      const nested = join(root, name, 'node_modules');
      return existsSync(join(root, name)) ? bytesIn(join(root, name)) - (existsSync(nested) ? bytesIn(nested) : 0) : 0;
    });
    const foreign = foreignBinaries(installedBinaries(), [ownPlatform]);
    return [...sizes, ...foreign.map(({ bytes }) => -bytes)].reduce((sum, bytes) => sum + bytes, 0);
  }

  test('stays within its budgets: 225 MB, to answer 185 MB, to work on it 600 MB', async () => {
    expect(unpacked / 1e6).toBeLessThan(100);
    expect((unpacked + (await installed(({ dev }) => !dev))) / 1e6).toBeLessThan(225);
    const toAnswer = await installed(({ dev, optional, devOptional }) => !dev && !optional && !devOptional);
    expect((unpacked + toAnswer) / 1e6).toBeLessThan(185);
    expect((await installed(() => true)) / 1e6).toBeLessThan(600);
  });

  test('korex/web is one module of at most 0.4 MB, 0.13 MB compressed, without the runtime of Node', async () => {
    expect(packed).toContain('dist/web-entry/korex-web.js');
    const module = await readFile(join(consumer, 'node_modules/korex/dist/web-entry/korex-web.js'));
    expect(module.length / 1e6).toBeLessThan(0.4);
    expect(gzipSync(module).length / 1e6).toBeLessThan(0.13);
    expect(module.includes('onnxruntime-node')).toBe(false);
    await writeFile(
      join(consumer, 'web.ts'),
      `import { openModel, type WebModel } from 'korex/web';
const ask = async (model: WebModel): Promise<string> => (await model.predict({ sentence: '', subject: { word: '' }, object: { word: '' } })).relation;
export const asked = async (): Promise<string> => ask(await openModel('/page/', { onProgress: (loaded: number) => console.log(loaded) }));
`,
    );
    await compile(consumer, ['web.ts']);
  });

  // The optional packages are linked at its end: all that follows may need them.
  test('answers without the optional packages, and says what to install where they are needed', async () => {
    const sentence = [
      '--sentence',
      '한빛전자는 서지우가 세웠다.',
      '--subject',
      '한빛전자/ORG',
      '--object',
      '서지우/PER',
    ];
    const { stdout } = await run(process.execPath, [cli(), 'predict', ...sentence], { cwd: consumer });
    expect(stdout).toContain('한빛전자');
    const charts = run(process.execPath, [cli(), 'eda', '--lang', 'en'], { cwd: consumer });
    await expect(charts).rejects.toMatchObject({
      code: 1,
      stderr: 'Charts need packages that are not installed: vega, vega-lite.\nnpm install vega vega-lite\n',
    });
    const queue = ['work', 'status', '--queue', 'redis://127.0.0.1:1', '--lang', 'en'];
    await expect(run(process.execPath, [cli(), ...queue], { cwd: consumer })).rejects.toMatchObject({
      code: 1,
      stderr: 'Queues need packages that are not installed: bullmq, ioredis.\nnpm install bullmq ioredis\n',
    });
    await link(Object.keys(manifest.optionalDependencies));
  });
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

test('its types compile in a strict project, and reject wrong use', async () => {
  await writeFile(
    join(consumer, 'use.ts'),
    `import { type Example, KorexError, type Metrics, runStages, scoreFiles } from 'korex';
const macro = (metrics: Metrics): number => metrics.macro_f1;
export async function use(example: Example): Promise<number> {
  await runStages({ trainRows: 100, marker: 'typed-punct' }, { stages: ['eda'] });
  // @ts-expect-error: there is no such marker
  await runStages({ marker: 'stars' });
  if (example.label === null) throw new KorexError('usage', { en: 'no label', ko: '라벨이 없다' });
  return macro(await scoreFiles('gold.json', 'predictions.jsonl', { seed: 1 }, { info() {}, warn() {}, progress: () => ({ update() {}, end() {} }) }));
}
`,
  );
  await compile(consumer, ['use.ts']);
});

test('brings the command, with the sample and the encoder it works on', async () => {
  expect((await stat(cli())).mode & 0o111).not.toBe(0);
  const help = await run(process.execPath, [cli(), '--help', '--lang', 'en'], { cwd: consumer });
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

describe('examples', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startTinyServer();
    await cp(join(root, 'examples'), join(consumer, 'examples'), { recursive: true });
  });
  afterAll(() => server.close());
  const example = async (program: string, ...args: string[]): Promise<string> => {
    const command = program.endsWith('.py') ? 'python3' : process.execPath;
    return (await run(command, [join('examples', program), ...args], { cwd: consumer })).stdout;
  };

  test('their types compile', async () => {
    expect(await run(process.execPath, [tsc, '-p', join(root, 'examples')])).toMatchObject({ stdout: '' });
  });

  test('predict.mjs', async () => {
    const lines = (await example('predict.mjs')).trimEnd().split('\n');
    expect(lines[0]).toBe('org:founded_by 0.58 (relation)');
    expect(lines).toContain('한빛전자 -- org:founded --> 2011년');
    expect(lines.at(-1)).toMatch(/^\/subject\/word: .*가람/);
  });

  test('batchFile.mjs', async () => {
    const printed = await example('batchFile.mjs', 'examples/requests.jsonl', 'answers.jsonl');
    expect(printed).toBe('3 rows answered.\n');
    const answers = (await readFile(join(consumer, 'answers.jsonl'), 'utf8')).trimEnd().split('\n');
    const relations = answers.map((line) => [JSON.parse(line).id, JSON.parse(line).relation]);
    expect(relations).toEqual([
      ['1', 'org:founded_by'],
      ['2', 'org:founded'],
      ['3', 'per:place_of_birth'],
    ]);
  });

  test('trainOwnRows.mjs', { timeout: 180_000 }, async () => {
    const printed = await example('trainOwnRows.mjs', join(root, 'data/tutorial'), '1', 'trained');
    expect(printed).toMatch(/^macro-F1 on the test rows: 0\.\d{4}\n.+ -- \w+ --> .+ \(labelled \w+\)\n$/);
  });

  // What a model of random weights finds is chance; that the wrong request is refused is not.
  test('restClient.mjs', async () => {
    const printed = await example('restClient.mjs', server.url);
    expect(printed).toMatch(/^\d relations\n(.+ -- .+ \(\d\.\d\d\) --> .+\n)*422 .*가람.*\n$/);
  });

  test.skipIf(lacksPython())('rest_client.py', async () => {
    const printed = await example('rest_client.py', server.url);
    expect(printed).toMatch(/^(\w+ [\d.]+ (relation|no_relation|uncertain)\n){2}422 .*가람.*\n$/);
  });
});

describe('TypeScript in the documents', () => {
  const FILES = ['README', 'docs/library', 'docs/hub'].flatMap((name) => [`${name}.md`, `${name}.ko.md`]);
  const blocksOf = async (file: string) =>
    [...(await readFile(join(root, file), 'utf8')).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

  test('compiles', async () => {
    const folder = join(consumer, 'documented');
    await mkdir(folder);
    for (const file of FILES) {
      const blocks = await blocksOf(file);
      expect(blocks.length, file).toBeGreaterThan(0);
      for (const [index, code] of blocks.entries())
        await writeFile(join(folder, `${file.replaceAll(/\W/g, '-')}-${index}.ts`), code);
    }
    await compile(folder, ['*.ts']);
  });

  test.each(FILES)('prints what its comments say: %s', async (file) => {
    for (const code of await blocksOf(file)) {
      // Official rows are not here.
      if (code.includes('klue-re-v1.1')) continue;
      const said = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text!);
      expect(said.length).toBeGreaterThan(0);
      await writeFile(join(consumer, 'documented.mjs'), code);
      const { stdout } = await run(process.execPath, ['documented.mjs'], { cwd: consumer });
      for (const line of said) expect(stdout.split('\n')).toContain(line);
    }
  });
});
