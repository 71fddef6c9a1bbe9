import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { lacks } from './needs.ts';

afterEach(() => vi.unstubAllEnvs());

test('what is missing skips a test, or fails it under KOREX_REQUIRE_ALL', () => {
  vi.stubEnv('KOREX_REQUIRE_ALL', '');
  expect([lacks('a moon', false), lacks('a moon', true)]).toEqual([true, false]);
  vi.stubEnv('KOREX_REQUIRE_ALL', '1');
  expect(() => lacks('a moon', false)).toThrow('needs a moon');
  expect(lacks('a moon', true)).toBe(false);
});

test('no test is skipped in another way, but for those of a device', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = ['src', 'test', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
  const skipping = files.filter((file) =>
    /\.(?:skip|skipIf|runIf|todo)\((?!lacks)/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(skipping).toEqual([join('src', 'engine', 'train', 'deviceTrial.test.ts')]);
});
