import * as ort from 'onnxruntime-node';
import { tensorParts, type Value } from '../nn/graph/value.ts';

/** A value that a run of a graph left on its device, for other runs to take. */
export interface HeldValue {
  readonly dims: readonly number[];
  /** Frees it; no run can take it any more. */
  free(): void;
}

/** onnxruntime's tensors behind held values: reading the data of one on a device would end the process. */
const tensors = new WeakMap<HeldValue, ort.Tensor>();

export function holding(tensor: ort.Tensor): HeldValue {
  const value: HeldValue = { dims: tensor.dims, free: () => tensor.dispose() };
  tensors.set(value, tensor);
  return value;
}

export const isHeld = (value: Value | HeldValue): value is HeldValue => 'free' in value;

/** What onnxruntime takes. */
export function tensorOf(value: Value | HeldValue): ort.Tensor {
  if (isHeld(value)) return tensors.get(value)!;
  const { type, data, dims } = tensorParts(value);
  return new ort.Tensor(type, data, dims);
}
