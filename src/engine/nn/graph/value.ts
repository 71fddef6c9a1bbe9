/** A value that goes into or comes out of a graph at run time: the array is shared with the runtime, not copied. */
export interface Value {
  readonly data: Float32Array | Uint8Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** A value as the arguments of onnxruntime's `Tensor`. */
export function tensorParts({ data, dims }: Value) {
  const type = data instanceof Float32Array ? 'float32' : data instanceof Uint8Array ? 'uint8' : 'int64';
  return { type, data, dims } as const;
}
