import { decodeStoredTensors, type StoredTensor } from '../graph/onnxModel.ts';
import { openBytes } from './fileBytes.ts';
import { damagedFile, type TensorFile } from './tensorFile.ts';

/** What a quantised parameter's integers and scales are called, behind its name (`nn/quantize.ts`). */
const VALUES = '.int8';
const SCALES = '.scales';

/** A parameter's values, row-major as in transformers. */
interface Parameter {
  readonly shape: readonly number[];
  read(): Float32Array;
}

/**
 * Opens the weights in a quantised ONNX file of `korex export`: 8-bit matrices are multiplied out with their scales, all
 * else is as it is. Linear layers that are quantised once more come out the same, as a row's largest value is its scale times
 * a power of two.
 *
 * Errors: `usage`, naming the file and the tensor, for any other file.
 */
export async function openQuantized(path: string): Promise<TensorFile> {
  const stored = await storedTensors(path);
  const parameters = new Map<string, Parameter>();
  for (const [name, tensor] of stored) {
    if (name.endsWith(VALUES)) {
      const base = name.slice(0, -VALUES.length);
      parameters.set(base, quantized(path, name, tensor, stored.get(`${base}${SCALES}`)));
    } else if (/\.(weight|bias)$/.test(name)) parameters.set(name, plain(path, name, tensor));
  }
  if (parameters.size === 0)
    throw damagedFile(
      path,
      { en: 'it stores no weights by their names', ko: '이름이 붙은 가중치가 없다' },
      undefined,
      EXPORTED,
    );
  return {
    path,
    tensors: new Map([...parameters].map(([name, { shape }]) => [name, { type: 'F32', shape }])),
    read: async (name) => {
      const parameter = parameters.get(name);
      if (!parameter) throw damagedFile(path, { en: `it has no tensor ${name}`, ko: `텐서 ${name}이(가) 없다` });
      return parameter.read();
    },
    close: async () => {},
  };
}

const EXPORTED = { en: 'Take a file that `korex export` wrote.', ko: '`korex export`가 쓴 파일을 쓴다.' };

async function storedTensors(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const file = await openBytes(path);
  const bytes = await file.read(0, file.size).finally(() => file.close());
  try {
    return decodeStoredTensors(bytes);
  } catch (error) {
    throw damagedFile(path, { en: 'it is no ONNX model', ko: 'ONNX 모델이 아니다' }, error);
  }
}

function plain(path: string, name: string, tensor: StoredTensor): Parameter {
  const values = floatsOf(path, name, tensor);
  return { shape: tensor.dims, read: () => values.slice() };
}

/** Integers (inputs, outputs) of a linear layer with a scale per output, or (rows, width) of a table with a scale per row (rows, 1). */
function quantized(path: string, name: string, { type, dims, data }: StoredTensor, scales?: StoredTensor): Parameter {
  const [rows, columns] = dims as readonly [number, number];
  if (!scales || type !== 'int8' || dims.length !== 2 || data.length !== rows * columns)
    throw damagedFile(path, {
      en: `${name} is no 8-bit matrix with scales`,
      ko: `${name}: 배율이 있는 8비트 행렬이 아니다`,
    });
  const factors = floatsOf(path, name, scales);
  const isTable = scales.dims.length === 2;
  if (factors.length !== (isTable ? rows : columns))
    throw damagedFile(path, {
      en: `${name} has ${factors.length} scales, expected ${isTable ? rows : columns}`,
      ko: `${name}: 배율이 ${factors.length}개인데 ${isTable ? rows : columns}개여야 한다`,
    });
  const values = new Int8Array(data.buffer, data.byteOffset, data.length);
  return isTable
    ? { shape: dims, read: () => tableOf(values, factors, columns) }
    : { shape: [columns, rows], read: () => transposed(values, factors) };
}

/** Rows of integers, each times its factor. */
function tableOf(values: Int8Array, factors: Float32Array, columns: number): Float32Array {
  const floats = new Float32Array(values.length);
  for (const [row, factor] of factors.entries()) {
    const end = (row + 1) * columns;
    for (let i = row * columns; i < end; i++) floats[i] = values[i]! * factor;
  }
  return floats;
}

/** The transposed of (rows, columns), each column times its factor. Written in order: the bytes that are jumped among fit a cache. */
function transposed(values: Int8Array, factors: Float32Array): Float32Array {
  const columns = factors.length;
  const floats = new Float32Array(values.length);
  let at = 0;
  for (const [column, factor] of factors.entries())
    for (let from = column; from < values.length; from += columns) floats[at++] = values[from]! * factor;
  return floats;
}

function floatsOf(path: string, name: string, { type, dims, data }: StoredTensor): Float32Array {
  const count = dims.reduce((product, size) => product * size, 1);
  if (type !== 'float32' || data.length !== count * Float32Array.BYTES_PER_ELEMENT)
    throw damagedFile(path, {
      en: `${name} does not hold ${count} 32-bit floats`,
      ko: `${name}: 32비트 실수 ${count}개가 아니다`,
    });
  // Copied: the file's bytes need not lie as floats must.
  return new Float32Array(data.slice().buffer);
}
