/** A value that goes into or comes out of a graph at run time: the array is shared with the runtime, not copied. */
export interface Value {
  readonly data: Float32Array | Uint8Array | BigInt64Array;
  readonly dims: readonly number[];
}
