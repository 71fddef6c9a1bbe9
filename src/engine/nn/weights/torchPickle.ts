import { z } from 'zod';
import type { Localized } from '../../../base/core/types.ts';
import type { ElementType } from './elements.ts';
import { type PickleGlobal, readPickle } from './pickle.ts';
import { damagedFile, type TensorEntry } from './tensorFile.ts';

/** One block of numbers that tensors look into; tied weights look into the same. */
export class Storage {
  readonly type: ElementType;
  /** The zip entry's name, after `data/`. */
  readonly key: string;
  readonly elements: number;

  constructor(type: ElementType, key: string, elements: number) {
    this.type = type;
    this.key = key;
    this.elements = elements;
  }
}

/** A tensor as a view into a storage: element i, j, … is at `offset` + i · strides[0] + j · strides[1] + … */
export class StoredView implements TensorEntry {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  get type(): ElementType {
    return this.storage.type;
  }
}

/** What `torch.save` calls the storages of each element type. */
const STORAGES: Readonly<Record<string, ElementType>> = {
  'torch DoubleStorage': 'F64',
  'torch FloatStorage': 'F32',
  'torch HalfStorage': 'F16',
  'torch BFloat16Storage': 'BF16',
  'torch LongStorage': 'I64',
  'torch IntStorage': 'I32',
  'torch ShortStorage': 'I16',
  'torch CharStorage': 'I8',
  'torch ByteStorage': 'U8',
  'torch BoolStorage': 'BOOL',
};

/** The functions that state dicts are rebuilt with; trailing arguments (gradients, hooks, metadata) are of no matter here. */
const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  'collections OrderedDict': (args) => emptyDictionary(args),
  'torch._utils _rebuild_tensor': (args) => viewOf(args),
  'torch._utils _rebuild_tensor_v2': (args) => viewOf(args),
  'torch._utils _rebuild_parameter': (args) => parameterOf(args),
};

/**
 * The tensors of a `data.pkl`, by name: of its dictionary, or of the one within that training loops keep beside their
 * own state. Values that are no tensors (a step count, say) are passed over.
 *
 * Errors: `usage`, naming the file, for anything but a dictionary of tensors, and for views that reach out of their storage.
 */
export function readStateDict(bytes: Uint8Array, path: string): ReadonlyMap<string, StoredView> {
  const content = readPickle(bytes, path, { global: globalOf, persistent: storageOf, hint: hintFor(bytes, path) });
  if (!(content instanceof Map))
    throw damagedFile(path, { en: 'it holds no dictionary of tensors', ko: '텐서의 사전이 아니다' });
  for (const dictionary of [content, ...STATE_KEYS.map((key) => content.get(key))]) {
    const tensors = tensorsIn(dictionary);
    if (tensors.size > 0) return tensors;
  }
  throw damagedFile(path, {
    en: `its dictionary has no tensors, only ${[...content.keys()].slice(0, 6).map(String)}`,
    ko: `사전에 텐서가 없고 ${[...content.keys()].slice(0, 6).map(String)}만 있다`,
  });
}

/** Where training loops keep the weights: PyTorch Lightning, PyTorch's own tutorials, fairseq and others, DeepSpeed. */
const STATE_KEYS = ['state_dict', 'model_state_dict', 'model', 'module'];

function tensorsIn(dictionary: unknown): ReadonlyMap<string, StoredView> {
  const tensors = new Map<string, StoredView>();
  if (!(dictionary instanceof Map)) return tensors;
  for (const [name, value] of dictionary)
    if (typeof name === 'string' && value instanceof StoredView) tensors.set(name, value);
  return tensors;
}

/** What to do about a checkpoint that holds more than weights, such as hyperparameters as objects of their own. */
function hintFor(bytes: Uint8Array, path: string): Localized | undefined {
  const text = new TextDecoder('latin1').decode(bytes);
  const key = STATE_KEYS.slice(0, 2).find((name) => text.includes(name));
  if (key === undefined) return undefined;
  const isLightning = text.includes('pytorch-lightning_version');
  const command = `python3 -c "import torch; torch.save(torch.load('${path}', map_location='cpu', weights_only=False)['${key}'], 'pytorch_model.bin')"`;
  return {
    en: `It is a checkpoint of ${isLightning ? 'PyTorch Lightning' : 'a training loop'}, which holds more than weights. Save these alone: ${command} (only for a file that you trust).`,
    ko: `${isLightning ? 'PyTorch Lightning' : '학습 프로그램'}의 체크포인트여서 가중치 말고도 든 것이 있다. 가중치만 저장한다: ${command} (믿을 수 있는 파일일 때만).`,
  };
}

function globalOf(name: string): PickleGlobal | undefined {
  if (Object.hasOwn(FUNCTIONS, name)) return { name, call: FUNCTIONS[name]! };
  return Object.hasOwn(STORAGES, name) ? { name, call: null } : undefined;
}

const natural = z.number().int().min(0);
const globalName = z.object({ name: z.string() }).transform(({ name }) => name);
const storageArgs = z.tuple([z.literal('storage'), globalName, z.string(), z.string(), natural]);
const sizes = z.array(natural).max(64);
const viewArgs = z.tuple([z.instanceof(Storage), natural, sizes, sizes]).rest(z.unknown());
const parameterArgs = z.tuple([z.instanceof(StoredView)]).rest(z.unknown());

/** A persistent id: `('storage', type, key, device, elements)`. */
function storageOf(id: unknown): Storage {
  const parsed = storageArgs.safeParse(id);
  const type = parsed.success ? STORAGES[parsed.data[1]] : undefined;
  if (!parsed.success || !type) throw new Error('has a persistent id that is no storage');
  const [, , key, , elements] = parsed.data;
  return new Storage(type, key, elements);
}

function viewOf(args: readonly unknown[]): StoredView {
  const parsed = viewArgs.safeParse(args);
  if (!parsed.success) throw new Error('rebuilds a tensor from other than storage, offset, size and stride');
  const [storage, offset, shape, strides] = parsed.data;
  const last = shape.reduce((index, size, axis) => index + (size - 1) * (strides[axis] ?? Number.NaN), offset);
  if (shape.length !== strides.length || !(shape.includes(0) || last < storage.elements))
    throw new Error(
      `has a tensor of shape [${shape}], strides [${strides}] and offset ${offset} in a storage of ${storage.elements} elements`,
    );
  return new StoredView(storage, offset, shape, strides);
}

function parameterOf(args: readonly unknown[]): StoredView {
  const parsed = parameterArgs.safeParse(args);
  if (!parsed.success) throw new Error('rebuilds a parameter from what is no tensor');
  return parsed.data[0];
}

function emptyDictionary(args: readonly unknown[]): Map<unknown, unknown> {
  if (args.length > 0) throw new Error('makes a dictionary from other than its items');
  return new Map();
}
