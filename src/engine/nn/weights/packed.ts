import { withClosing } from './fileBytes.ts';
import { openSafetensors } from './safetensors.ts';
import { damagedFile, entryOf, type TensorEntry, type TensorFile } from './tensorFile.ts';

const BLOCK = 32;
const HALF = BLOCK / 2;

/**
 * Opens a safetensors file with matrices in 4-bit blocks (`NAME.q4` uint8 (rows, columns/32, 16), `NAME.scale` float16
 * (rows, columns/32)): byte j of a block of 32 holds weight j in its low and weight j + 16 in its high half,
 * weight = (half - 8) · scale. Other tensors are given as they are.
 *
 * Errors: `usage`, naming the file and the tensor, where codes and scales do not fit each other.
 */
export async function openPacked(path: string): Promise<TensorFile> {
  const file = await openSafetensors(path);
  return withClosing(file, async () => {
    const tensors = new Map<string, TensorEntry>();
    for (const [name, entry] of file.tensors) {
      if (name.endsWith('.scale') && file.tensors.has(name.replace(/\.scale$/, '.q4'))) continue;
      if (!name.endsWith('.q4')) tensors.set(name, entry);
      else {
        const base = name.slice(0, -'.q4'.length);
        const { shape } = entryOf(path, file.tensors, `${base}.scale`);
        const [rows, blocks] = shape;
        if (rows === undefined || blocks === undefined || shape.length !== 2)
          throw damagedFile(path, {
            en: `${base}.scale has shape [${shape}], expected rows and blocks`,
            ko: `${base}.scale의 모양이 [${shape}]인데 행과 블록이어야 한다`,
          });
        const codes = entry.shape.reduce((product, size) => product * size, 1);
        if (entry.type !== 'U8' || codes !== rows * blocks * HALF)
          throw damagedFile(path, {
            en: `${name} (${entry.type}, shape [${entry.shape}]) does not fit ${rows} × ${blocks} scales`,
            ko: `${name}(${entry.type}, 모양 [${entry.shape}])이(가) 배율 ${rows} × ${blocks}개와 맞지 않는다`,
          });
        tensors.set(base, { type: 'F32', shape: [rows, blocks * BLOCK] });
      }
    }
    return {
      path,
      tensors,
      read: async (name) =>
        file.tensors.has(`${name}.q4`)
          ? unpackBlocks(await file.bytes(`${name}.q4`), await file.read(`${name}.scale`))
          : file.read(name),
      close: file.close,
    };
  });
}

function unpackBlocks(bytes: Uint8Array, scales: Float32Array): Float32Array {
  const data = new Float32Array(scales.length * BLOCK);
  for (const [block, scale] of scales.entries())
    for (let j = 0; j < HALF; j++) {
      const byte = bytes[block * HALF + j]!;
      data[block * BLOCK + j] = ((byte & 15) - 8) * scale;
      data[block * BLOCK + HALF + j] = ((byte >> 4) - 8) * scale;
    }
  return data;
}
