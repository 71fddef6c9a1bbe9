import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpackWeights } from './packed.ts';
import { encodeSafetensors, readSafetensors, toFloat32 } from './safetensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (bytes: Uint8Array) => {
  const path = join(folder, 'x.safetensors');
  return writeFile(path, bytes).then(() => path);
};
const data = Float32Array.of(1, -2.5, 3e-8, 4);
const bytesOf = () => Buffer.concat(encodeSafetensors([{ name: 'a.weight', shape: [2, 2], data }]));

test('what is written is read back, aligned to eight bytes', async () => {
  const path = await file(bytesOf());
  const tensors = await readSafetensors(path);
  expect([...tensors.keys()]).toEqual(['a.weight']);
  expect(tensors.get('a.weight')!.shape).toEqual([2, 2]);
  expect(toFloat32('a', tensors.get('a.weight')!)).toEqual(data);
  expect((bytesOf().length - data.byteLength) % 8).toBe(0);
});

test('half precision: F16 and BF16, subnormal and infinite values included', () => {
  const half = (dtype: 'F16' | 'BF16', ...words: number[]) => [
    ...toFloat32('x', { dtype, shape: [words.length], bytes: new Uint8Array(Uint16Array.from(words).buffer) }),
  ];
  expect(half('F16', 0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555)).toEqual([1, -2, 2 ** -24, Infinity, 0.333251953125]);
  expect(half('BF16', 0x3f80, 0xc000, 0x7f80)).toEqual([1, -2, Infinity]);
});

test('a cut or damaged file is refused with its path, never read past its end', async () => {
  const whole = bytesOf();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      const path = await file(whole.subarray(0, length));
      await expect(readSafetensors(path)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining(path),
      });
    }),
    { numRuns: 40 },
  );
});

test('4-bit blocks: the low halves come first, weight = (half - 8) · scale', () => {
  const codes = Uint8Array.from({ length: 16 }, (_, j) => j | ((15 - j) << 4));
  const stored = new Map([
    ['m.q4', { dtype: 'U8', shape: [1, 1, 16], bytes: codes }],
    ['m.scale', { dtype: 'F16', shape: [1, 1], bytes: new Uint8Array(Uint16Array.of(0x3800).buffer) }],
  ] as const);
  const { shape, data: weights } = unpackWeights(stored).get('m')!;
  expect(shape).toEqual([1, 32]);
  const ramp = Array.from({ length: 16 }, (_, j) => (j - 8) * 0.5);
  expect([...weights]).toEqual([...ramp, ...[...ramp].reverse()]);
});
