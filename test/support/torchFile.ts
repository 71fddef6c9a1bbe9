/** What `torch.save` writes, byte by byte, so that tests can write it wrongly too. */

/** A tensor in a pickle: a view into storage `key`. */
export interface PickledTensor {
  readonly key: string;
  readonly storage?: string;
  readonly elements: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const letters = (text: string) => Buffer.from(text, 'latin1');

/** Parts of a pickle of protocol 2; each leaves one value on the stack. */
export const pickled = {
  text: (text: string) => Buffer.concat([letters('X'), uint32(Buffer.byteLength(text)), Buffer.from(text)]),
  integer(value: number): Buffer {
    if (value >= 0 && value < 256) return Buffer.from([0x4b, value]);
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return Buffer.concat([Buffer.from([0x8a, 8]), bytes]);
  },
  tuple: (...items: readonly Uint8Array[]) => Buffer.concat([letters('('), ...items, letters('t')]),
  global: (module: string, name: string) => letters(`c${module}\n${name}\n`),
  call: (callee: Uint8Array, ...args: readonly Uint8Array[]) =>
    Buffer.concat([callee, pickled.tuple(...args), letters('R')]),
  tensor: ({ key, storage = 'FloatStorage', elements, offset, shape, strides }: PickledTensor) =>
    pickled.call(
      pickled.global('torch._utils', '_rebuild_tensor_v2'),
      Buffer.concat([
        pickled.tuple(
          pickled.text('storage'),
          pickled.global('torch', storage),
          pickled.text(key),
          pickled.text('cpu'),
          pickled.integer(elements),
        ),
        letters('Q'),
      ]),
      pickled.integer(offset),
      pickled.tuple(...shape.map(pickled.integer)),
      pickled.tuple(...strides.map(pickled.integer)),
      letters('\x89'),
      pickled.call(pickled.global('collections', 'OrderedDict')),
    ),
  dictionary: (items: Readonly<Record<string, Uint8Array>>) =>
    Buffer.concat([
      letters('}('),
      ...Object.entries(items).flatMap(([key, value]) => [pickled.text(key), value]),
      letters('u'),
    ]),
  /** The whole pickle that gives a value. */
  whole: (value: Uint8Array) => Buffer.concat([letters('\x80\x02'), value, letters('.')]),
};

/** An entry of a zip file, by default stored as it is. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** What the directory claims of its size. */
  readonly size?: number;
}

/** A zip file (APPNOTE 6.3): a header before each entry, the directory, its end. */
export function zipped(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, method = 0, flags = 0, size = data.length } of entries) {
    const path = Buffer.from(name);
    const common = Buffer.concat([
      ...[20, flags, method, 0, 0].map(uint16),
      ...[0, data.length, size].map(uint32),
      uint16(path.length),
      uint16(0),
    ]);
    const local = Buffer.concat([letters('PK\x03\x04'), common, path, data]);
    const place = Buffer.concat([...[0, 0, 0].map(uint16), uint32(0), uint32(offset)]);
    directory.push(Buffer.concat([letters('PK\x01\x02'), uint16(20), common, place, path]));
    parts.push(local);
    offset += local.length;
  }
  const whole = Buffer.concat(directory);
  const counts = [0, 0, entries.length, entries.length].map(uint16);
  const end = Buffer.concat([letters('PK\x05\x06'), ...counts, uint32(whole.length), uint32(offset), uint16(0)]);
  return Buffer.concat([...parts, whole, end]);
}

/** A file of `torch.save` with a pickle and the bytes of its storages. */
export const torchFile = (pickle: Uint8Array, storages: Readonly<Record<string, Uint8Array>>): Buffer =>
  zipped([
    { name: 'model/data.pkl', data: pickle },
    { name: 'model/byteorder', data: letters('little') },
    ...Object.entries(storages).map(([key, data]) => ({ name: `model/data/${key}`, data })),
  ]);

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
