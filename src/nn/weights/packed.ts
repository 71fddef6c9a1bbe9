import { type StoredTensor, toFloat32 } from './safetensors.ts';

const BLOCK = 32;

/**
 * Unpacks matrices stored in 4-bit blocks (`NAME.q4` uint8 (rows, columns/32 · 16), `NAME.scale` float16 (rows,
 * columns/32)): byte j of a block of 32 holds weight j in its low and weight j + 16 in its high half,
 * weight = (half - 8) · scale. Other tensors are converted to float32 as they are.
 */
export function unpackWeights(
  stored: ReadonlyMap<string, StoredTensor>,
): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, tensor] of stored) {
    if (name.endsWith('.scale') && stored.has(name.replace(/\.scale$/, '.q4'))) continue;
    if (!name.endsWith('.q4')) {
      weights.set(name, { shape: tensor.shape, data: toFloat32(name, tensor) });
      continue;
    }
    const base = name.slice(0, -'.q4'.length);
    const scales = toFloat32(base, stored.get(`${base}.scale`)!);
    const columns = (scales.length / tensor.shape[0]!) * BLOCK;
    weights.set(base, { shape: [tensor.shape[0]!, columns], data: unpackBlocks(tensor.bytes, scales) });
  }
  return weights;
}

function unpackBlocks(bytes: Uint8Array, scales: Float32Array): Float32Array {
  const data = new Float32Array(scales.length * BLOCK);
  const half = BLOCK / 2;
  for (const [block, scale] of scales.entries())
    for (let j = 0; j < half; j++) {
      const byte = bytes[block * half + j]!;
      data[block * BLOCK + j] = ((byte & 15) - 8) * scale;
      data[block * BLOCK + half + j] = ((byte >> 4) - 8) * scale;
    }
  return data;
}
