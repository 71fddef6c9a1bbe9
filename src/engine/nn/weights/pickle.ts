import type { Localized } from '../../../base/core/types.ts';
import { damagedFile } from './tensorFile.ts';

/**
 * What a pickle may build besides numbers, strings, lists and dictionaries. Neither looks anything up by itself: a name
 * that `global` does not answer ends the reading.
 */
export interface PickleWorld {
  /** The substitute for a Python global, e.g. `collections OrderedDict`; undefined where it is not allowed. */
  global(name: string): PickleGlobal | undefined;
  /** The value of a persistent id. Errors: an `Error` that says what is wrong. */
  persistent(id: unknown): unknown;
  /** What an error advises; without it, how to save a dictionary of tensors. */
  readonly hint?: Localized | undefined;
}

/** A Python global: something to refer to, and what calling it gives (null where it cannot be called). */
export interface PickleGlobal {
  readonly name: string;
  readonly call: ((args: readonly unknown[]) => unknown) | null;
}

/**
 * Reads a pickle (protocol 2, https://docs.python.org/3/library/pickletools.html) as data: nothing in it is executed, and only
 * what a dictionary of tensors needs is understood, as in `torch.load(…, weights_only=True)`. Tuples and lists become
 * arrays, dictionaries `Map`s; what it holds may refer to itself.
 *
 * Errors: `usage`, naming the file and any opcode or global that is not understood.
 */
export function readPickle(bytes: Uint8Array, path: string, world: PickleWorld): unknown {
  const machine = new Machine(bytes, world);
  try {
    while (!machine.stopped) machine.step();
    return machine.pop();
  } catch (error) {
    const { message } = error as Error;
    throw damagedFile(path, { en: `its pickle ${message}`, ko: `pickle: ${message}` }, error, world.hint ?? HINT);
  }
}

const HINT = {
  en: 'Nothing in a pickle is executed: only what torch.save(model.state_dict(), FILE) writes is read. Save it so in Python, or take model.safetensors.',
  ko: 'pickle에 든 것은 실행하지 않고, torch.save(model.state_dict(), FILE)이 쓴 것만 읽는다. 파이썬에서 그렇게 저장하거나 model.safetensors를 쓴다.',
};

type Operation = (machine: Machine) => void;

/** The opcodes that are understood; all others end the reading. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  PROTO: (m) => m.protocol(m.byte()),
  STOP: (m) => m.stop(),
  MARK: (m) => m.mark(),
  NONE: (m) => m.push(null),
  NEWTRUE: (m) => m.push(true),
  NEWFALSE: (m) => m.push(false),
  BININT: (m) => m.push(m.take(4).getInt32(0, true)),
  BININT1: (m) => m.push(m.byte()),
  BININT2: (m) => m.push(m.take(2).getUint16(0, true)),
  LONG1: (m) => m.push(longOf(m.take(m.byte()))),
  BINFLOAT: (m) => m.push(m.take(8).getFloat64(0)),
  BINUNICODE: (m) => m.push(m.text(m.take(4).getUint32(0, true))),
  EMPTY_TUPLE: (m) => m.push([]),
  EMPTY_LIST: (m) => m.push([]),
  EMPTY_DICT: (m) => m.push(new Map()),
  TUPLE: (m) => m.push(m.popToMark()),
  TUPLE1: (m) => m.push(m.popMany(1)),
  TUPLE2: (m) => m.push(m.popMany(2)),
  TUPLE3: (m) => m.push(m.popMany(3)),
  APPEND: (m) => m.append(m.popMany(1)),
  APPENDS: (m) => m.append(m.popToMark()),
  SETITEM: (m) => m.setItems(m.popMany(2)),
  SETITEMS: (m) => m.setItems(m.popToMark()),
  BINPUT: (m) => m.remember(m.byte()),
  LONG_BINPUT: (m) => m.remember(m.take(4).getUint32(0, true)),
  BINGET: (m) => m.recall(m.byte()),
  LONG_BINGET: (m) => m.recall(m.take(4).getUint32(0, true)),
  GLOBAL: (m) => m.global(`${m.line()} ${m.line()}`),
  REDUCE: (m) => m.reduce(),
  BUILD: (m) => m.build(),
  BINPERSID: (m) => m.persistent(),
};

/** Python integers as numbers, for sizes. */
function longOf(bytes: DataView): number {
  let value = 0n;
  for (let i = bytes.byteLength - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes.getUint8(i));
  const number = Number(BigInt.asIntN(8 * bytes.byteLength, value));
  if (!Number.isSafeInteger(number)) throw new Error('holds an integer beyond 2^53');
  return number;
}

const PROTOCOL = 2;

/** The stack machine that a pickle is a program for. Methods throw an `Error` that ends the sentence "its pickle …". */
class Machine {
  stopped = false;
  private position = 0;
  private readonly stack: unknown[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly bytes: Uint8Array;
  private readonly world: PickleWorld;

  constructor(bytes: Uint8Array, world: PickleWorld) {
    this.bytes = bytes;
    this.world = world;
  }

  step(): void {
    const code = this.byte();
    const name = OPCODE_NAMES.get(code);
    const operation = name === undefined ? undefined : OPERATIONS[name];
    if (!operation)
      throw new Error(
        `uses the opcode ${name ?? `0x${code.toString(16)}`} at byte ${this.position - 1}, which no dictionary of tensors needs`,
      );
    operation(this);
  }

  take(length: number): DataView {
    const start = this.position;
    if (start + length > this.bytes.length) throw new Error(`ends at byte ${this.bytes.length}, in the middle`);
    this.position += length;
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, length);
  }

  byte(): number {
    return this.take(1).getUint8(0);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Up to the next line feed, without it. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw new Error(`ends at byte ${this.bytes.length}, in the middle`);
    const line = this.text(end - this.position);
    this.position++;
    return line;
  }

  protocol(version: number): void {
    if (version !== PROTOCOL) throw new Error(`is of protocol ${version}, expected PyTorch's ${PROTOCOL}`);
  }

  stop(): void {
    this.stopped = true;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    return this.popMany(1)[0];
  }

  /** The topmost values above the last mark, the lowest first. */
  popMany(count: number): unknown[] {
    if (this.stack.length - count < (this.marks.at(-1) ?? 0)) throw new Error('takes a value that is not there');
    return this.stack.splice(this.stack.length - count);
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  popToMark(): unknown[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new Error('goes back to a mark that is not there');
    return this.stack.splice(mark);
  }

  private top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error('appends to what is no list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0) throw new Error('sets items of what is no dictionary');
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  remember(key: number): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw new Error(`recalls memo ${key}, which is not there`);
    this.stack.push(this.memo.get(key));
  }

  global(name: string): void {
    const found = this.world.global(name);
    if (!found) throw new Error(`refers to the global ${name.replace(' ', '.')}, which no dictionary of tensors needs`);
    this.stack.push(found);
  }

  reduce(): void {
    const [callee, args] = this.popMany(2) as [Partial<PickleGlobal> | null, unknown];
    if (typeof callee?.call !== 'function' || !Array.isArray(args)) throw new Error('calls what is no function');
    this.stack.push(callee.call(args));
  }

  /** Python attributes (PyTorch's `_metadata` of a state dict); no tensor depends on them. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw new Error('sets the state of what is no dictionary');
  }

  persistent(): void {
    this.stack.push(this.world.persistent(this.pop()));
  }
}

/** The names of all pickle opcodes, as in Python's `pickletools`: also those that are refused are refused by name. */
// biome-ignore format: a table to be looked up, not read
const OPCODE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x28, 'MARK'], [0x29, 'EMPTY_TUPLE'], [0x2e, 'STOP'], [0x30, 'POP'], [0x31, 'POP_MARK'], [0x32, 'DUP'],
  [0x42, 'BINBYTES'], [0x43, 'SHORT_BINBYTES'], [0x46, 'FLOAT'], [0x47, 'BINFLOAT'], [0x49, 'INT'], [0x4a, 'BININT'],
  [0x4b, 'BININT1'], [0x4c, 'LONG'], [0x4d, 'BININT2'], [0x4e, 'NONE'], [0x50, 'PERSID'], [0x51, 'BINPERSID'],
  [0x52, 'REDUCE'], [0x53, 'STRING'], [0x54, 'BINSTRING'], [0x55, 'SHORT_BINSTRING'], [0x56, 'UNICODE'],
  [0x58, 'BINUNICODE'], [0x5d, 'EMPTY_LIST'], [0x61, 'APPEND'], [0x62, 'BUILD'], [0x63, 'GLOBAL'], [0x64, 'DICT'],
  [0x65, 'APPENDS'], [0x67, 'GET'], [0x68, 'BINGET'], [0x69, 'INST'], [0x6a, 'LONG_BINGET'], [0x6c, 'LIST'],
  [0x6f, 'OBJ'], [0x70, 'PUT'], [0x71, 'BINPUT'], [0x72, 'LONG_BINPUT'], [0x73, 'SETITEM'], [0x74, 'TUPLE'],
  [0x75, 'SETITEMS'], [0x7d, 'EMPTY_DICT'], [0x80, 'PROTO'], [0x81, 'NEWOBJ'], [0x82, 'EXT1'], [0x83, 'EXT2'],
  [0x84, 'EXT4'], [0x85, 'TUPLE1'], [0x86, 'TUPLE2'], [0x87, 'TUPLE3'], [0x88, 'NEWTRUE'], [0x89, 'NEWFALSE'],
  [0x8a, 'LONG1'], [0x8b, 'LONG4'], [0x8c, 'SHORT_BINUNICODE'], [0x8d, 'BINUNICODE8'], [0x8e, 'BINBYTES8'],
  [0x8f, 'EMPTY_SET'], [0x90, 'ADDITEMS'], [0x91, 'FROZENSET'], [0x92, 'NEWOBJ_EX'], [0x93, 'STACK_GLOBAL'],
  [0x94, 'MEMOIZE'], [0x95, 'FRAME'], [0x96, 'BYTEARRAY8'], [0x97, 'NEXT_BUFFER'], [0x98, 'READONLY_BUFFER'],
]);
