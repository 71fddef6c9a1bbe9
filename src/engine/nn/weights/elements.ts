import { usageError } from '../../../base/core/errors.ts';

/** Element types of tensors by their names in safetensors, with the bytes of one element. */
export const ELEMENT_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

/** Those that weights come in, each with its values as float32; the file's bytes are little-endian, as is the machine. */
const TO_FLOAT32: Partial<Record<ElementType, (bytes: ArrayBuffer) => Float32Array>> = {
  F64: (bytes) => new Float32Array(new Float64Array(bytes)),
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => new Float32Array(widened(bytes, halfBits()).buffer),
  BF16: (bytes) => new Float32Array(widened(bytes, null).buffer),
};

/** Words of 16 bits as words of 32: looked up in a table, or as their upper half. A plain loop: `Uint32Array.from` takes twenty times as long. */
function widened(bytes: ArrayBuffer, table: Uint32Array | null): Uint32Array<ArrayBuffer> {
  const words = new Uint16Array(bytes);
  const result = new Uint32Array(words.length);
  if (table) for (let i = 0; i < words.length; i++) result[i] = table[words[i]!]!;
  else for (let i = 0; i < words.length; i++) result[i] = words[i]! << 16;
  return result;
}

export const isFloat = (type: ElementType): boolean => type in TO_FLOAT32;

/** A tensor's values as float32; those of F32 share memory with `bytes`. Errors: `usage` for other than float tensors. */
export function toFloat32(name: string, type: ElementType, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const convert = TO_FLOAT32[type];
  if (!convert)
    throw usageError({
      en: `Tensor ${name} holds ${type}; expected ${Object.keys(TO_FLOAT32).join(', ')}.`,
      ko: `텐서 ${name}: 값의 형식이 ${type}이다. 읽을 수 있는 것: ${Object.keys(TO_FLOAT32).join(', ')}.`,
    });
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return convert(whole ? bytes.buffer : bytes.slice().buffer);
}

let halfTable: Uint32Array | null = null;

/** All 65,536 half-precision numbers as the bits of float32. */
function halfBits(): Uint32Array {
  halfTable ??= new Uint32Array(Float32Array.from({ length: 1 << 16 }, (_, half) => halfToNumber(half)).buffer);
  return halfTable;
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
