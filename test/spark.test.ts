import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isNotAskedFor, lacks, lacksPython } from './support/needs.ts';

// Spark's own cluster of two worker processes with an executor each; starting it takes most of the time.
vi.setConfig({ testTimeout: 900_000 });

const lacksAny =
  isNotAskedFor('KOREX_TEST_SPARK') ||
  lacks('Java', spawnSync('java', ['-version']).status === 0) ||
  lacksPython('pyspark', 'pandas', 'pyarrow');

describe.skipIf(lacksAny)('deploy/spark.py', () => {
  const folder = mkdtempSync(join(tmpdir(), 'korex-spark-'));
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const korex = join(folder, 'korex');
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: `r${i}`,
    sentence: `가온${i}전자는 ${1900 + i}년에 김하늘${i}이 세운 회사이다.`,
    subject: { word: `가온${i}전자`, type: 'ORG' },
    object: { word: `김하늘${i}`, type: 'PER' },
  }));

  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, KOREX: korex, PYSPARK_PYTHON: 'python3', SPARK_LOCAL_IP: '127.0.0.1' },
    });
    expect(`${status === 0 ? '' : stderr}`).toBe('');
    return stdout;
  };
  /** Two workers of one core and 1 GiB each, which are processes of their own. */
  const submit = (...args: string[]) => {
    const home = run('python3', '-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__), end="")');
    run(join(home, 'bin/spark-submit'), '--master', 'local-cluster[2,1,1024]', path('../deploy/spark.py'), ...args);
  };

  beforeAll(() => {
    writeFileSync(korex, `#!/bin/sh\nexec "${process.execPath}" "${path('../dist/app/cli/main.js')}" "$@"\n`);
    chmodSync(korex, 0o755);
    writeFileSync(join(folder, 'in.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    run(korex, 'batch', 'in.jsonl', 'expected.jsonl', '--threads', '1', '--lang', 'en');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('RDD.pipe gives the lines that one process gives', () => {
    submit('pipe', 'in.jsonl', 'out');
    const parts = readdirSync(join(folder, 'out')).filter((name) => name.startsWith('part-'));
    expect(parts.length).toBeGreaterThan(1);
    const lines = parts.sort().map((name) => readFileSync(join(folder, 'out', name), 'utf8'));
    expect(lines.join('')).toBe(readFileSync(join(folder, 'expected.jsonl'), 'utf8'));
  });

  test('mapInPandas gives the relations and confidences that one process gives', () => {
    run('python3', '-c', 'import pandas; pandas.read_json("in.jsonl", lines=True).to_parquet("in.parquet")');
    submit('pandas', 'in.parquet', 'table');
    const table = JSON.parse(
      run(
        'python3',
        '-c',
        'import pandas; print(pandas.read_parquet("table").to_json(orient="records", double_precision=15))',
      ),
    ) as { id: string; relation: string; confidence: number }[];
    const expected = readFileSync(join(folder, 'expected.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { guid: string; relation: string; confidence: number });
    expect(table).toHaveLength(rows.length);
    for (const { guid, relation, confidence } of expected) {
      const found = table.find(({ id }) => id === guid);
      expect(found).toMatchObject({ relation, confidence: expect.closeTo(confidence, 12) });
    }
  });
});
