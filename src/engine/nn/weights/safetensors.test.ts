import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KorexError } from '../../../base/core/errors.ts';
import { toFloat32 } from './elements.ts';
import { openPacked } from './packed.ts';
import { encodeSafetensors, openSafetensors } from './safetensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (...chunks: readonly Uint8Array[]) => {
  const path = join(folder, 'x.safetensors');
  await writeFile(path, Buffer.concat(chunks));
  return path;
};
/** A file of a header as it is given, with the length that it has or claims to have. */
const withHeader = (header: string, data = new Uint8Array(0), claimed?: bigint) => {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, claimed ?? BigInt(Buffer.byteLength(header)), true);
  return write(length, Buffer.from(header), data);
};
const readAll = async (path: string) => {
  const file = await openSafetensors(path);
  const values: Record<string, { shape: readonly number[]; data: number[] }> = {};
  for (const [name, { shape }] of file.tensors) values[name] = { shape, data: [...(await file.read(name))] };
  await file.close();
  return values;
};
const data = Float32Array.of(1, -2.5, 3e-8, 4);
const bytesOf = () => Buffer.concat(encodeSafetensors([{ name: 'a.weight', shape: [2, 2], data }]));

test('what is written is read back, aligned to eight bytes', async () => {
  expect(await readAll(await write(bytesOf()))).toEqual({ 'a.weight': { shape: [2, 2], data: [...data] } });
  expect((bytesOf().length - data.byteLength) % 8).toBe(0);
});

const tensorsArbitrary = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
          .chain((shape) => fc.tuple(fc.constant(shape), fc.float32Array(sizes(shape))))
          .map(([shape, values]) => ({ name: `t.${name}`, shape, data: values })),
      ),
    ),
  );
const sizes = (shape: readonly number[]) => {
  const size = shape.reduce((product, each) => product * each, 1);
  return { minLength: size, maxLength: size };
};

test('any tensors come back with their shapes and values', async () => {
  await fc.assert(
    fc.asyncProperty(tensorsArbitrary, async (tensors) => {
      const found = await readAll(await write(...encodeSafetensors(tensors)));
      expect(found).toEqual(Object.fromEntries(tensors.map((t) => [t.name, { shape: t.shape, data: [...t.data] }])));
    }),
    { numRuns: 50 },
  );
});

test('half precision: F16 and BF16, subnormal and infinite values included', () => {
  const half = (type: 'F16' | 'BF16', ...words: number[]) => [
    ...toFloat32('x', type, new Uint8Array(Uint16Array.from(words).buffer)),
  ];
  expect(half('F16', 0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555)).toEqual([1, -2, 2 ** -24, Infinity, 0.333251953125]);
  expect(half('BF16', 0x3f80, 0xc000, 0x7f80)).toEqual([1, -2, Infinity]);
});

test('a cut file is refused with its path, never read past its end', async () => {
  const whole = bytesOf();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      const path = await write(whole.subarray(0, length));
      await expect(openSafetensors(path)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining(path),
      });
    }),
    { numRuns: 40 },
  );
});

test('a changed file is refused or gives tensors of the shapes that it states', async () => {
  const whole = bytesOf();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const changed = Uint8Array.from(whole);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          for (const { shape, data: values } of Object.values(await readAll(await write(changed))))
            expect(values).toHaveLength(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          if (!(error instanceof KorexError)) throw error;
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('hostile headers are refused by what is wrong with them', () => {
  const entry = (shape: string, offsets: string, dtype = 'F32') =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
  const cases: Record<string, [header: string, bytes: number, message: string]> = {
    'no JSON': ['{', 0, 'JSON'],
    'no object': ['[]', 0, 'no JSON object'],
    'an overlap': [`{"a":${entry('[2]', '[0,8]')},"b":${entry('[2]', '[4,12]')}}`, 12, 'tensor b starts at byte 4'],
    'a gap': [`{"a":${entry('[1]', '[4,8]')}}`, 8, 'tensor a starts at byte 4'],
    'bytes of no tensor': [`{"a":${entry('[1]', '[0,4]')}}`, 8, 'describes 4 bytes of tensors, the file holds 8'],
    'offsets beyond the file': [`{"a":${entry('[4]', '[0,16]')}}`, 8, 'describes 16 bytes'],
    'offsets that go back': [`{"a":${entry('[1]', '[8,4]')}}`, 8, 'expected 4'],
    'a shape that overflows': [
      `{"a":${entry('[4294967296,4294967296]', '[0,0]')}}`,
      0,
      'expected 73786976294838210000',
    ],
    'a negative size': [`{"a":${entry('[-1]', '[0,4]')}}`, 4, 'tensor a, shape, 0'],
    'a fraction': [`{"a":${entry('[1.5]', '[0,6]')}}`, 6, 'tensor a, shape, 0'],
    'an unknown type': [`{"a":${entry('[1]', '[0,4]', 'F3')}}`, 4, 'unknown element type'],
    'a type from the prototype': [`{"a":${entry('[1]', '[0,4]', 'toString')}}`, 4, 'unknown element type'],
    'a tensor twice': [`{"a":${entry('[1]', '[0,4]')},"a":${entry('[1]', '[0,4]')}}`, 4, '"a" twice'],
    'a key twice': [`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4, '"dtype" twice'],
    'no description': ['{"a":null}', 0, 'tensor a'],
    'endless nesting': [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 0, 'tensor a'],
    'endless names': [`{"${'a'.repeat(3_000_000)}":1}`, 0, '…'],
  };
  test.each(Object.entries(cases))('%s', async (_, [header, bytes, message]) => {
    const path = await withHeader(header, new Uint8Array(bytes));
    const error: unknown = await openSafetensors(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KorexError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  test.each([9n, 2n ** 40n, 2n ** 64n - 1n])('a header of %s bytes that are not there', async (claimed) => {
    const path = await withHeader('{}', new Uint8Array(3), claimed);
    await expect(openSafetensors(path)).rejects.toThrow(`claims a header of ${Number(claimed)} bytes`);
  });
});

test('integers are known but cannot be weights', async () => {
  const header = '{"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}';
  const file = await openSafetensors(await withHeader(header, new Uint8Array(8)));
  expect(file.tensors.get('ids')).toMatchObject({ type: 'I64', shape: [1] });
  await expect(file.read('ids')).rejects.toThrow('Tensor ids holds I64');
  await expect(file.read('weight')).rejects.toThrow('it has no tensor weight');
  await file.close();
});

test('what a clone without Git LFS holds is named as such', async () => {
  const path = await write(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'));
  await expect(openSafetensors(path)).rejects.toThrow('Git LFS');
});

describe('4-bit blocks', () => {
  const header = (q4: string, scale: string) =>
    `{"m.q4":{"dtype":"U8","shape":${q4},"data_offsets":[0,16]},"m.scale":{"dtype":"F16","shape":${scale},"data_offsets":[16,18]}}`;
  const codes = Uint8Array.from({ length: 16 }, (_, j) => j | ((15 - j) << 4));
  const bytes = Uint8Array.of(...codes, 0x00, 0x38);

  test('the low halves come first, weight = (half - 8) · scale', async () => {
    const file = await openPacked(await withHeader(header('[1,1,16]', '[1,1]'), bytes));
    expect([...file.tensors]).toEqual([['m', { type: 'F32', shape: [1, 32] }]]);
    const ramp = Array.from({ length: 16 }, (_, j) => (j - 8) * 0.5);
    expect([...(await file.read('m'))]).toEqual([...ramp, ...ramp.reverse()]);
    await file.close();
  });

  test('scales that do not fit, or are missing, are refused', async () => {
    await expect(openPacked(await withHeader(header('[16]', '[1]'), bytes))).rejects.toThrow('m.scale has shape [1]');
    const alone = '{"m.q4":{"dtype":"U8","shape":[16],"data_offsets":[0,16]}}';
    await expect(openPacked(await withHeader(alone, codes))).rejects.toThrow('no tensor m.scale');
    const wide =
      '{"m.q4":{"dtype":"U8","shape":[16],"data_offsets":[0,16]},"m.scale":{"dtype":"F16","shape":[1,2],"data_offsets":[16,20]}}';
    await expect(openPacked(await withHeader(wide, new Uint8Array(20)))).rejects.toThrow('does not fit 1 × 2 scales');
  });
});
