import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lacks } from './support/needs.ts';
import { lacksRedis, type RedisServer, startRedis } from './support/redisServer.ts';

const cli = fileURLToPath(new URL('../dist/app/cli/main.js', import.meta.url));
const lacksAny =
  lacksRedis() ||
  lacks('the build (npm run build)', existsSync(cli)) ||
  lacks('openssl', spawnSync('openssl', ['version']).status === 0);

let folder: string;
let redis: RedisServer;
beforeAll(async () => {
  if (lacksAny) return;
  folder = await mkdtemp(join(tmpdir(), 'korex-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=queue', '-addext', 'subjectAltName=IP:127.0.0.1'];
  spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', key, '-out', certificate, ...names],
  ]);
  const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-auth-clients', 'no'];
  redis = await startRedis([...tls, '--requirepass', 'open sesame'], 'rediss');
});
afterAll(async () => {
  await redis?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** `korex work status`, and what it said. */
async function status(queue: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  const args = [cli, 'work', 'status', '--queue', queue, '--lang', 'en'];
  return promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout,
      err: stderr,
    }),
  );
}

test.skipIf(lacksAny)('TLS with a password, from the address or the environment', async () => {
  const trusted = { NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem') };
  const [given, inEnvironment, wrong, none, stranger] = await Promise.all([
    status(redis.url.replace('//', '//:open%20sesame@'), trusted),
    status(redis.url, { ...trusted, KOREX_QUEUE_PASSWORD: 'open sesame' }),
    status(redis.url.replace('//', '//:closed@'), trusted),
    status(redis.url, trusted),
    status(redis.url, { KOREX_QUEUE_PASSWORD: 'open sesame' }),
  ]);
  for (const answer of [given, inEnvironment])
    expect(answer).toMatchObject({ code: 0, out: 'No works.\n\nNo workers.\n' });
  for (const answer of [wrong, none]) {
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('refuses the user or password');
    expect(answer.err).not.toContain('closed');
  }
  expect(stranger.code).toBe(75);
  expect(stranger.err).toMatch(/No Redis answers .*self-signed/);
});

test.skipIf(lacksAny)('nobody there: a word, and the exit code that says try again', async () => {
  const answer = await status('redis://127.0.0.1:1');
  expect(answer).toMatchObject({
    code: 75,
    err: expect.stringContaining('No Redis answers at redis://127.0.0.1:1: connection refused.'),
  });
});
