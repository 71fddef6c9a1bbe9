import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PickledTensor, pickled, torchFile, type ZipEntry, zipped } from '../../../../test/support/torchFile.ts';
import { KorexError } from '../../../base/core/errors.ts';
import { isFloat } from './elements.ts';
import { openTorchFile } from './torchFile.ts';

// Made with PyTorch by tools/fixtures/classifiers.py.
const BY_PYTORCH = 'test/fixtures/classifiers/klue-roberta-fp16-bin/pytorch_model.bin';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-torch-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (bytes: Uint8Array) => {
  const path = join(folder, 'x.bin');
  await writeFile(path, bytes);
  return path;
};
const product = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1);

/** All float tensors of a file, by name. */
async function readAll(bytes: Uint8Array): Promise<Record<string, { shape: readonly number[]; data: number[] }>> {
  const file = await openTorchFile(await write(bytes));
  try {
    const values: Record<string, { shape: readonly number[]; data: number[] }> = {};
    for (const [name, { type, shape }] of file.tensors)
      if (isFloat(type)) values[name] = { shape, data: [...(await file.read(name))] };
    return values;
  } finally {
    await file.close();
  }
}
const errorOf = async (bytes: Uint8Array) => {
  const error: unknown = await readAll(bytes).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(KorexError);
  return (error as Error).message;
};

/** A view with its axes in any order in memory, behind an offset, and its storage. */
const viewArbitrary = fc
  .record({
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
    offset: fc.nat(3),
    spare: fc.nat(2),
  })
  .chain(({ shape, order, offset, spare }) => {
    const strides = shape.map(() => 0);
    let stride = 1;
    for (const axis of order.filter((each) => each < shape.length)) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
    const elements = offset + product(shape) + spare;
    const values = fc.float32Array({ minLength: elements, maxLength: elements });
    return values.map((numbers) => ({ shape, strides, offset, elements, numbers }));
  });

type View = typeof viewArbitrary extends fc.Arbitrary<infer Each> ? Each : never;

/** The elements in the order of the shape, by definition. */
const expectedValues = ({ shape, strides, offset, numbers }: View) =>
  Array.from({ length: product(shape) }, (_, flat) => {
    let [rest, at] = [flat, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return numbers[at]!;
  });

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

test('any views of any storages come back with their shapes and values', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(viewArbitrary, { minLength: 1, maxLength: 4 }), async (views) => {
      const tensors = views.map((view, key) => [`t${key}`, pickled.tensor({ ...view, key: String(key) })] as const);
      const pickle = pickled.whole(pickled.dictionary(Object.fromEntries(tensors)));
      const found = await readAll(
        torchFile(pickle, Object.fromEntries(views.map(({ numbers }, key) => [key, bytesOf(numbers)]))),
      );
      expect(found).toEqual(
        Object.fromEntries(views.map((view, key) => [`t${key}`, { shape: view.shape, data: expectedValues(view) }])),
      );
    }),
    { numRuns: 100 },
  );
});

const whole: PickledTensor = { key: '0', elements: 6, offset: 0, shape: [2, 3], strides: [3, 1] };
const storages = { 0: bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)) };
const fileOf = (tensor: Partial<PickledTensor>) =>
  torchFile(pickled.whole(pickled.dictionary({ w: pickled.tensor({ ...whole, ...tensor }) })), storages);

test('tied weights and parameters; what is no tensor is passed over', async () => {
  const tensor = pickled.tensor(whole);
  const parameter = pickled.call(
    pickled.global('torch._utils', '_rebuild_parameter'),
    tensor,
    Buffer.from([0x88]),
    Buffer.from('N'),
  );
  const pickle = pickled.whole(pickled.dictionary({ a: tensor, b: parameter, epoch: pickled.integer(3) }));
  const expected = { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };
  expect(await readAll(torchFile(pickle, storages))).toEqual({ a: expected, b: expected });
});

test.each(['state_dict', 'model_state_dict', 'model'])('a checkpoint with its weights below "%s"', async (key) => {
  const weights = pickled.dictionary({ 'model.w': pickled.tensor(whole) });
  const pickle = pickled.whole(pickled.dictionary({ epoch: pickled.integer(3), [key]: weights }));
  expect(await readAll(torchFile(pickle, storages))).toEqual({
    'model.w': { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
  });
});

test('a checkpoint of Lightning with objects of its own is named, with the way to its weights', async () => {
  const pickle = pickled.whole(
    pickled.dictionary({
      'pytorch-lightning_version': pickled.text('2.4.0'),
      state_dict: pickled.dictionary({ w: pickled.tensor(whole) }),
      hyper_parameters: pickled.call(pickled.global('lightning_fabric.utilities.data', 'AttributeDict')),
    }),
  );
  const error: unknown = await readAll(torchFile(pickle, storages)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('lightning_fabric.utilities.data.AttributeDict'),
    hint: expect.stringMatching(/It is a checkpoint of PyTorch Lightning.*\['state_dict'\]/),
  });
});

describe('a cut or changed file is refused or gives tensors of the shapes that it states', () => {
  const attempt = async (bytes: Uint8Array) => {
    const tensors = await readAll(bytes).catch((error: unknown) => error as Error);
    if (tensors instanceof Error) expect(tensors).toBeInstanceOf(KorexError);
    else for (const { shape, data } of Object.values(tensors)) expect(data).toHaveLength(product(shape));
  };
  const files = [
    ['by PyTorch', () => readFile(BY_PYTORCH), 60],
    ['small', async () => fileOf({}), 500],
  ] as const;
  test.each(files)('%s', async (_, make, numRuns) => {
    const bytes = await make();
    const position = fc.nat(bytes.length - 1);
    const changes = fc.array(fc.tuple(position, fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, byte] of list) changed[at] = byte;
        await attempt(changed);
      }),
      { numRuns },
    );
    await fc.assert(
      fc.asyncProperty(position, async (length) => {
        await errorOf(bytes.subarray(0, length));
      }),
      { numRuns: numRuns / 4 },
    );
  });

  test('any opcodes', async () => {
    const codes = fc.constantFrom(...Buffer.from('\x80(.NJKMX)]}tasuqrhjcRbQ012\x85\x86\x87\x88\x89\x8a', 'latin1'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(codes, fc.nat(255)), { maxLength: 40 }), async (pickle) => {
        await attempt(torchFile(Uint8Array.of(0x80, 2, ...pickle), storages));
      }),
      { numRuns: 300 },
    );
  });
});

describe('hostile pickles are refused by what is wrong with them', () => {
  const raw = (text: string) => Buffer.from(text, 'latin1');
  const system = pickled.call(pickled.global('posix', 'system'), pickled.text('true'));
  const cases: Record<string, [pickle: Uint8Array, message: string]> = {
    'another global': [pickled.whole(pickled.dictionary({ w: system })), 'refers to the global posix.system'],
    'a global of the prototype': [pickled.whole(pickled.global('__proto__', 'x')), 'refers to the global __proto__.x'],
    'a module': [pickled.whole(pickled.global('torch.nn.modules.linear', 'Linear')), 'torch.nn.modules.linear.Linear'],
    'a global from the stack': [raw('\x80\x02\x8c\x02os\x8c\x06system\x93.'), 'the opcode SHORT_BINUNICODE at byte 2'],
    'an instance': [raw('\x80\x02(ios\nsystem\n.'), 'the opcode INST at byte 3'],
    'an object': [raw('\x80\x02ccollections\nOrderedDict\n)\x81.'), 'the opcode NEWOBJ at byte 28'],
    'an unknown opcode': [raw('\x80\x02\xff.'), 'the opcode 0xff at byte 2'],
    'a later protocol': [raw('\x80\x04N.'), 'is of protocol 4, expected PyTorch’s 2'.replace('’', "'")],
    'a call of a list': [raw('\x80\x02])R.'), 'calls what is no function'],
    'a call of a storage': [raw('\x80\x02ctorch\nFloatStorage\n)R.'), 'calls what is no function'],
    'items of a dictionary class': [raw('\x80\x02ccollections\nOrderedDict\n]\x85R.'), 'from other than its items'],
    'the state of a list': [raw('\x80\x02]}b.'), 'sets the state of what is no dictionary'],
    'items of a list': [raw('\x80\x02](NNu.'), 'sets items of what is no dictionary'],
    'a value that is not there': [raw('\x80\x02\x86.'), 'takes a value that is not there'],
    'a value below the mark': [raw('\x80\x02N(\x85.'), 'takes a value that is not there'],
    'a mark that is not there': [raw('\x80\x02Nt.'), 'a mark that is not there'],
    'a memo that is not there': [raw('\x80\x02h\x07.'), 'recalls memo 7'],
    'an endless text': [raw('\x80\x02X\xff\xff\xff\xff.'), 'in the middle'],
    'an endless line': [raw('\x80\x02ctorch'), 'in the middle'],
    'an integer beyond all sizes': [raw('\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\x01.'), 'an integer beyond 2^53'],
    'no end': [raw('\x80\x02N'), 'in the middle'],
    'another persistent id': [raw('\x80\x02NQ.'), 'a persistent id that is no storage'],
    'a dictionary that holds itself': [raw('\x80\x02}q\0X\x01\0\0\0ah\0s.'), 'its dictionary has no tensors, only a'],
    'endless nesting': [
      Buffer.concat([raw('\x80\x02)'), Buffer.alloc(1e6, 0x85), raw('.')]),
      'no dictionary of tensors',
    ],
    'a tensor of no storage': [
      pickled.whole(pickled.call(pickled.global('torch._utils', '_rebuild_tensor_v2'), pickled.integer(1))),
      'rebuilds a tensor from other than',
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [pickle, message]) => {
    expect(await errorOf(torchFile(pickle, storages))).toContain(message);
  });

  const views: Record<string, [tensor: Partial<PickledTensor>, message: string]> = {
    'a stride that reaches out': [{ strides: [1000, 1] }, 'in a storage of 6 elements'],
    'an offset that reaches out': [{ offset: 1 }, 'offset 1 in a storage of 6 elements'],
    'a negative offset': [{ offset: -1 }, 'rebuilds a tensor from other than'],
    'a shape that overflows': [{ shape: [2 ** 40, 2 ** 40] }, 'in a storage of 6 elements'],
    'strides that overflow': [{ strides: [2 ** 52, 2 ** 52] }, 'in a storage of 6 elements'],
    'fewer strides than axes': [{ strides: [3] }, 'strides [3]'],
    'more strides than axes': [{ strides: [3, 1, 1] }, 'strides [3,1,1]'],
    'one number shown a million times': [{ shape: [1000, 1000], strides: [0, 0] }, 'the same numbers many times over'],
    'a storage that is smaller than stated': [{ elements: 7 }, 'its storage has 24 bytes, expected 28'],
    'a storage of another width': [{ storage: 'DoubleStorage' }, 'its storage has 24 bytes, expected 48'],
    'a storage that is not there': [{ key: '../0' }, 'no entry model/data/../0'],
    'a storage of no tensors': [{ storage: 'UntypedStorage' }, 'refers to the global torch.UntypedStorage'],
  };
  test.each(Object.entries(views))('%s', async (_, [tensor, message]) => {
    expect(await errorOf(fileOf(tensor))).toContain(message);
  });
});

describe('zip files that PyTorch does not write are refused', () => {
  const pickle = pickled.whole(pickled.dictionary({ w: pickled.tensor(whole) }));
  const main: ZipEntry = { name: 'model/data.pkl', data: pickle };
  const numbers: ZipEntry = { name: 'model/data/0', data: storages[0] };
  const cases: Record<string, [entries: ZipEntry[], message: string]> = {
    'a compressed pickle': [[{ ...main, method: 8, size: 2 ** 31 }, numbers], 'model/data.pkl is compressed'],
    'compressed numbers': [[main, { ...numbers, method: 8 }], 'model/data/0 is compressed'],
    'encrypted numbers': [
      [main, { ...numbers, flags: 1, size: numbers.data.length - 12 }],
      'model/data/0 is compressed or encrypted',
    ],
    'sizes that differ': [[main, { ...numbers, size: 2 ** 31 }], 'size'],
    'an entry twice': [[main, main, numbers], 'model/data.pkl is there twice'],
    'no pickle': [[numbers], '0 entries data.pkl'],
    'two pickles': [[main, { ...main, name: 'other/data.pkl' }], '2 entries data.pkl'],
    'big-endian numbers': [[main, numbers, { name: 'model/byteorder', data: Buffer.from('big') }], '"big" endian'],
    'a path out of the folder': [[main, { ...numbers, name: '../0' }], 'zip directory is wrong'],
  };
  test.each(Object.entries(cases))('%s', async (_, [entries, message]) => {
    expect(await errorOf(zipped(entries))).toContain(message);
  });
});

test('the format before PyTorch 1.6 is named, with the way to convert it; other files are no PyTorch files', async () => {
  const path = await write(Buffer.from('80028a0a6cfc9c46f9206aa85019 2e'.replace(' ', ''), 'hex'));
  await expect(openTorchFile(path)).rejects.toMatchObject({
    message: expect.stringContaining('the format of PyTorch before 1.6'),
    hint: expect.stringContaining('torch.save(torch.load('),
  });
  expect(await errorOf(Buffer.from('<!doctype html>'))).toContain('it is no zip file');
  expect(await errorOf(Buffer.alloc(0))).toContain('it is no zip file');
});
