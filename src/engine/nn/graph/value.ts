/** A value that goes into or comes out of a graph at run time: the array is shared with the runtime, not copied. */
export interface Value {
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** A value as the arguments of onnxruntime's `Tensor`. */
export function tensorParts({ data, dims }: Value) {
  return { type: elementTypeOf(data), data, dims } as const;
}

function elementTypeOf(data: Value['data']) {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Int32Array ? 'int32' : 'int64';
}
