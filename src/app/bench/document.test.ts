import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJson } from '../../base/core/files.ts';
import { fillDocument, readResults, updateDocument } from './document.ts';
import { type BenchResult, resultSchema, spreadOf } from './result.ts';
import { commandOf } from './runBench.ts';
import { resultMarkdown, resultTables } from './tables.ts';

const RESULT: BenchResult = {
  part: 'step',
  shape: 'bundled',
  command: 'korex bench --only step --against pytorch',
  date: '2026-11-28',
  machine: {
    cpu: 'Some CPU',
    cores: 2,
    memory_gib: 7.8,
    platform: 'linux x64',
    node: 'v20.20.0',
    onnxruntime: '1.30.0',
    korex: '0.1.0',
  },
  figures: [
    { system: 'korex', unit: 's/step', value: spreadOf([1.25, 1, 1.5]), ratio: null },
    { system: 'PyTorch fp32', unit: 's/step', value: spreadOf([2.5, 2, 3]), ratio: spreadOf([2]) },
  ],
  details: [{ title: 'korex’s step', rows: [{ part: 'clipping and AdamW', seconds: 0.125 }] }],
  facts: { batch: 32, torch: '2.13.0', trainer_steps: null },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-document-'));
  await writeJson(join(folder, 'bench', 'step-bundled.json'), RESULT);
});
afterEach(() => rm(folder, { recursive: true }));

test('the schema takes what is written, and no figure that is not a number', () => {
  expect(resultSchema.parse(JSON.parse(JSON.stringify(RESULT)))).toEqual(RESULT);
  const broken = {
    ...RESULT,
    figures: [{ ...RESULT.figures[0], value: { median: null, min: 1, max: 1, samples: [1] } }],
  };
  expect(resultSchema.safeParse(broken).success).toBe(false);
});

test('tables for a terminal', () => {
  expect(resultTables(RESULT)).toEqual([
    {
      title: 'A whole training step, bundled',
      rows: [
        {
          system: 'korex',
          unit: 's/step',
          median: '1.25',
          range: '1.00–1.50',
          runs: 3,
          ratio: null,
          'ratio’s range': null,
        },
        {
          system: 'PyTorch fp32',
          unit: 's/step',
          median: '2.50',
          range: '2.00–3.00',
          runs: 3,
          ratio: '2.00',
          'ratio’s range': '2.00–2.00',
        },
      ],
    },
    { title: 'korex’s step, bundled', rows: [{ part: 'clipping and AdamW', seconds: '0.125' }] },
  ]);
});

test('Markdown: command, tables, facts, machine', () => {
  expect(resultMarkdown(RESULT)).toMatchInlineSnapshot(`
    "\`\`\`sh
    korex bench --only step --against pytorch
    \`\`\`

    **A whole training step, bundled**

    | system | unit | median | range | runs | ratio | ratio’s range |
    | :--- | :--- | ---: | ---: | ---: | ---: | ---: |
    | korex | s/step | 1.25 | 1.00–1.50 | 3 | – | – |
    | PyTorch fp32 | s/step | 2.50 | 2.00–3.00 | 3 | 2.00 | 2.00–2.00 |

    **korex’s step, bundled**

    | part | seconds |
    | :--- | ---: |
    | clipping and AdamW | 0.125 |

    batch 32, torch 2.13.0. Some, 2 cores, 7.8 GiB, Node v20.20.0, onnxruntime 1.30.0."
  `);
});

test('results go into their places, twice the same; other places stay', async () => {
  const path = join(folder, 'BENCHMARKS.md');
  await writeFile(
    path,
    '# B\n<!-- bench:step-bundled -->\nold\n<!-- /bench -->\nprose\n<!-- bench:step-x -->\nkeep\n<!-- /bench -->\n',
  );
  expect(await updateDocument(path, join(folder, 'bench'))).toEqual(['step-bundled']);
  const once = await readFile(path, 'utf8');
  expect(once).toContain(resultMarkdown(RESULT));
  expect(once).toContain('prose\n<!-- bench:step-x -->\nkeep\n');
  expect(once).not.toContain('old');
  await updateDocument(path, join(folder, 'bench'));
  expect(await readFile(path, 'utf8')).toBe(once);
});

test('no results, a foreign file, a document without places: errors that say what to do', async () => {
  const path = join(folder, 'BENCHMARKS.md');
  await writeFile(path, 'nothing here');
  await expect(updateDocument(path, join(folder, 'bench'))).rejects.toMatchObject({
    kind: 'usage',
    hint: expect.stringContaining('<!-- bench:step-bundled -->'),
  });
  await mkdir(join(folder, 'empty'));
  await expect(updateDocument(path, join(folder, 'empty'))).rejects.toMatchObject({ kind: 'usage' });
  await writeFile(join(folder, 'bench', 'other.json'), '{"part": "step"}');
  await expect(readResults(join(folder, 'bench'))).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('other.json'),
  });
});

test('the command to repeat names files without their folders and leaves out where results went', () => {
  expect(commandOf(['bench', '--data', folder, '--out', folder, '--against', 'pytorch', '--json'])).toBe(
    `korex bench --data ${folder.split('/').at(-1)} --against pytorch`,
  );
});

test('a summary has every figure once; details say where the rows are that they leave out', async () => {
  const rows = Array.from({ length: 13 }, (_, row) => ({ product: `p${row}`, ms: row }));
  await writeJson(join(folder, 'bench', 'step-bundled.json'), { ...RESULT, details: [{ title: 'Products', rows }] });
  const path = join(folder, 'BENCHMARKS.md');
  const places = ['summary', 'step-bundled details'].map((what) => `<!-- bench:${what} -->\n<!-- /bench -->\n`);
  await writeFile(path, places.join('\n'));
  expect(await updateDocument(path, join(folder, 'bench'))).toEqual(['summary', 'step-bundled details']);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(
    '| A whole training step, bundled | PyTorch fp32 | 2.50 s/step | 2.00–3.00 (3) | 2.00 × | Some, 2 cores | 2026-11-28 | ' +
      '`korex bench --only step --against pytorch` |',
  );
  expect(text.match(/\| p\d+ \|/g)).toHaveLength(8);
  expect(text).toContain('… and 5 rows more in [bench/step-bundled.json](bench/step-bundled.json).');
});

test('BENCHMARKS.md says what benchmarks/results holds, all of it', async () => {
  const root = new URL('../../../', import.meta.url);
  const text = await readFile(new URL('BENCHMARKS.md', root), 'utf8');
  const results = await readResults(fileURLToPath(new URL('benchmarks/results', root)));
  expect(results.size).toBeGreaterThan(10);
  const { text: made, filled } = fillDocument(text, results, 'benchmarks/results');
  expect(made, 'run `npm run benchmarks`').toBe(text);
  const withDetails = [...results].filter(([, { details }]) => details.length > 0).map(([name]) => `${name} details`);
  expect(filled).toEqual(expect.arrayContaining(['summary', ...withDetails]));
});
