import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../src/app/serve/server.ts';
import { lacks } from './support/needs.ts';
import { startTinyServer } from './support/tinyServer.ts';

// Requests that schemathesis makes up from the OpenAPI document: valid ones, ones at the edges and wrong ones. Needs
// `pip install schemathesis`, on the PATH or named by KOREX_SCHEMATHESIS.

const program = process.env.KOREX_SCHEMATHESIS ?? 'schemathesis';
const lacksProgram = lacks('schemathesis', spawnSync(program, ['--version']).status === 0);
const hooks = fileURLToPath(new URL('support/schemathesis_hooks.py', import.meta.url));
const SEED = '20';

let server: RunningServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-schemathesis-'));
  server = await startTinyServer();
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function run(lines: boolean, ...options: string[]): Promise<{ code: number | null; output: string }> {
  const args = ['run', `${server.url}/openapi.json`, '--seed', SEED, '--no-color', ...options];
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: hooks, KOREX_LINES: lines ? '1' : '0' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

test.skipIf(lacksProgram)(
  'no request makes the server fail, and every answer is as the document says',
  async () => {
    // Whether an entity stands in the sentence no JSON Schema can say, so valid requests may be refused.
    const checks = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];
    const { code, output } = await run(false, ...checks, '--max-examples', '10', '--exclude-path', '/v1/batch');
    expect(code, output).toBe(0);
  },
  180_000,
);

test.skipIf(lacksProgram)(
  'no stream of lines does',
  async () => {
    const checks = 'not_a_server_error,status_code_conformance,content_type_conformance';
    const { code, output } = await run(
      true,
      '--checks',
      checks,
      '--max-examples',
      '10',
      '--include-path-regex',
      '^/v1/(batch|extract)$',
    );
    expect(code, output).toBe(0);
  },
  180_000,
);
