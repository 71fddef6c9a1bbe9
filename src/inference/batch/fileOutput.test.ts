import { existsSync } from 'node:fs';
import * as disk from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newFolder } from '../../../test/support/dataFiles.ts';
import { openFileOutput } from './fileOutput.ts';
import type { Identity } from './identity.ts';
import type { Part } from './output.ts';

// Every change of the disk goes through these; a test can let the process "die" before, or in the middle of, any of them.
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, full: false }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const spend = () => {
    if (power.left-- <= 0) throw new Error('dead');
  };
  const guarded =
    <Args extends unknown[], Result>(change: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      spend();
      return change(...args);
    };
  const open = async (...args: Parameters<typeof real.open>) => {
    spend();
    const handle = await real.open(...args);
    const writing = (text: string) => {
      if (power.full) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      if (power.left <= 0) return handle.write(Buffer.from(text).subarray(0, Math.floor(text.length / 2)));
      return handle.appendFile(text);
    };
    return {
      appendFile: async (text: string) => {
        await writing(text);
        spend();
      },
      writeFile: guarded((content: string) => handle.writeFile(content)),
      datasync: guarded(() => handle.datasync()),
      sync: guarded(() => handle.sync()),
      close: () => handle.close(),
    };
  };
  return { ...real, open, rename: guarded(real.rename), truncate: guarded(real.truncate), rm: guarded(real.rm) };
});

const identity: Identity = {
  input: { name: 'in.jsonl', bytes: 10, changed: 1, sample_sha256: 'a' },
  model: { name: 'm', sha256: 'b' },
  settings: { top_k: 3, threshold: null },
};
const PARTS: Part[] = Array.from({ length: 4 }, (_, i) => ({
  ...{ lines: `답 ${i}\n`.repeat(i + 1), rejects: i === 2 ? '{"row": 9}\n' : '' },
  ...{ rows: i === 2 ? 4 : i + 1, rejected: i === 2 ? 1 : 0 },
}));
const LOGITS = Float32Array.of(0.1, -2.5e-7, 12345.678);
const ANSWERS = `guid\n${PARTS.map(({ lines }) => lines).join('')}`;

let out: string;
beforeEach(() => {
  out = join(newFolder(), 'folder', 'out.csv');
});
afterEach(() => {
  power.left = Number.POSITIVE_INFINITY;
  power.full = false;
});

/** What a run does: takes over the parts that are not there yet, and finishes. */
async function work(options: { identity?: Identity | null; force?: boolean } = {}, parts = PARTS): Promise<void> {
  const output = await openFileOutput(out, { identity, header: 'guid\n', force: false, ...options });
  try {
    let rows = 0;
    for (const part of parts) {
      if (rows >= output.rows) {
        await output.unwritten?.add(new Map([[rows, LOGITS]]));
        expect(output.unwritten?.found.get(rows) ?? LOGITS).toEqual(LOGITS);
        await output.append(part);
      }
      rows += part.rows;
    }
    if (parts === PARTS) await output.finish();
  } finally {
    await output.close();
  }
}

const contents = async () => {
  const names = (await disk.readdir(join(out, '..'))).sort();
  return Promise.all(names.map(async (name) => [name, await disk.readFile(join(out, '..', name), 'utf8')]));
};
const DONE = [
  ['out.csv', ANSWERS],
  ['out.csv.rejects.jsonl', '{"row": 9}\n'],
];

test('whenever a process is killed, the next one ends in the same bytes', async () => {
  let deaths = 0;
  for (let left = 0; ; left++) {
    await disk.rm(join(out, '..'), { recursive: true, force: true });
    power.left = left;
    const died = await work().then(
      () => false,
      () => true,
    );
    power.left = Number.POSITIVE_INFINITY;
    if (!died) break;
    deaths++;
    await work();
    expect(await contents()).toEqual(DONE);
  }
  expect(deaths).toBeGreaterThan(30);
  expect(await contents()).toEqual(DONE);
});

test('killed again and again, each a little later', async () => {
  for (let left = 3; ; left += 2) {
    power.left = left;
    const error = await work().catch((thrown: unknown) => thrown);
    power.left = Number.POSITIVE_INFINITY;
    if (error === undefined) break;
  }
  expect(await contents()).toEqual(DONE);
});

test('a full disk: one clear error, and nothing that was there is lost', async () => {
  await work({}, PARTS.slice(0, 2));
  power.full = true;
  await expect(work()).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/^Cannot write .*out\.csv\.partial(\.logits\.jsonl)?: no space left on the disk\.$/),
    hint: 'The rows before are kept: free some disk space, then the same command continues from there.',
  });
  power.full = false;
  await work();
  expect(await contents()).toEqual(DONE);
});

test('a finished file is replaced only with force, and stays whole until the new one is', async () => {
  await work();
  await expect(work()).rejects.toMatchObject({ kind: 'usage', message: `${out} is there already.` });
  await work({ force: true }, PARTS.slice(0, 1));
  expect(await disk.readFile(out, 'utf8')).toBe(ANSWERS);
  // Whoever forced it once does not mean to lose the beginning now.
  await work();
  expect(await contents()).toEqual(DONE);
});

test('rejects of an earlier run go with it', async () => {
  await work();
  const clean = PARTS.map((part) => ({ ...part, rejects: '', rejected: 0 }));
  const output = await openFileOutput(out, { identity, header: 'guid\n', force: true });
  for (const part of clean) await output.append(part);
  await output.finish();
  await output.close();
  expect(existsSync(`${out}.rejects.jsonl`)).toBe(false);
});

test.each([
  [
    'another input',
    { ...identity, input: { ...identity.input, name: 'b.jsonl' } },
    '1 rows of another input, in.jsonl',
  ],
  [
    'a changed input',
    { ...identity, input: { ...identity.input, changed: 2 } },
    'in.jsonl as it was before it changed',
  ],
  ['another model', { ...identity, model: { name: 'n', sha256: 'b' } }, 'another model, m'],
  ['a retrained model', { ...identity, model: { name: 'm', sha256: 'c' } }, 'the model m as it was before'],
  ['other settings', { ...identity, settings: { top_k: 5, threshold: null } }, 'other settings: top_k 3, not 5'],
  ['a pipe', null, 'another input'],
] as const)('%s does not go on where a run of another stopped', async (_, other, message) => {
  await work({}, PARTS.slice(0, 1));
  const error = await work({ identity: other }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
  await work({ identity: other, force: true });
  expect(await contents()).toEqual(DONE);
});

test('a partial file that someone cut or removed does not count', async () => {
  await work({}, PARTS.slice(0, 2));
  await disk.writeFile(`${out}.partial`, 'x');
  await expect(work()).rejects.toThrow('is shorter than it was');
  await disk.unlink(`${out}.partial`);
  await expect(work()).rejects.toThrow('is gone');
  await disk.writeFile(`${out}.partial.json`, '{"rows": 1}');
  await expect(work()).rejects.toThrow('is no record of an interrupted run that this version can read');
});

test('two processes do not write one file', async () => {
  const first = await openFileOutput(out, { identity, header: '', force: false });
  await expect(work()).rejects.toMatchObject({ kind: 'failed', message: expect.stringContaining('is writing') });
  await first.close();
  await work();
  expect(await contents()).toEqual(DONE);
});

test('an output that comes from a pipe starts from the first row', async () => {
  await work({ identity: null }, PARTS.slice(0, 2));
  expect((await contents()).map(([name]) => name)).toEqual(['out.csv.partial', 'out.csv.rejects.jsonl.partial']);
  await work({ identity: null });
  expect(await contents()).toEqual(DONE);
});

test('nothing that came of a run leaves no trace', async () => {
  const output = await openFileOutput(out, { identity, header: 'guid\n', force: false });
  await output.append(PARTS[2]!);
  await output.discard();
  await output.close();
  expect(await contents()).toEqual([]);
});
