import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { foreignBinaries, installedBinaries, ownPlatform, removeBinaries } from './foreignBinaries.js';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'korex-binaries-'));
});
afterEach(() => rmSync(bin, { recursive: true }));

/** Binaries of a platform as onnxruntime-node lays them out. */
function platform(name: string, file = 'onnxruntime_binding.node') {
  const folder = join(bin, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), name);
  return { platform: name, folder, bytes: name.length };
}

test('the binaries of this machine’s platform are installed', () => {
  const own = installedBinaries().find((each) => each.platform === ownPlatform);
  expect(own!.bytes).toBeGreaterThan(1e7);
});

test('all but those to keep are foreign, and removed with the folders that they leave empty', () => {
  const all = [platform('linux/x64'), platform('linux/arm64'), platform('win32/x64')];
  const foreign = foreignBinaries(all, ['linux/x64']);
  expect(foreign.map((each) => each.platform)).toEqual(['linux/arm64', 'win32/x64']);
  expect(foreignBinaries(all, ['linux/x64', 'win32/x64'])).toEqual([all[1]]);
  removeBinaries(foreign);
  expect(readdirSync(bin, { recursive: true }).sort()).toEqual([
    'linux',
    'linux/x64',
    'linux/x64/onnxruntime_binding.node',
  ]);
});

test('nothing is removed where what is to stay is not there as it is known', () => {
  const all = [platform('linux/x64', 'another.node'), platform('win32/x64')];
  expect(foreignBinaries(all, ['linux/x64'])).toEqual([]);
  expect(foreignBinaries(all, ['darwin/x64'])).toEqual([]);
});
