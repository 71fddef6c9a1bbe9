import { sizeOf } from '../parameters.ts';
import { ELEMENT_BYTES, toFloat32 } from './elements.ts';
import { type FileBytes, openBytes, withClosing } from './fileBytes.ts';
import { damagedFile, entryOf, type TensorFile } from './tensorFile.ts';
import { readStateDict, type StoredView } from './torchPickle.ts';
import { readZipEntries, type ZipEntries } from './zipEntries.ts';

/** First bytes of the format that `torch.save` wrote before PyTorch 1.6: protocol 2, then a magic number. */
const LEGACY_START = '80028a0a6cfc9c46f9206aa85019';
const ZIP_START = '504b0304';

/**
 * Opens a file of `torch.save`: a zip file with `NAME/data.pkl`, which describes the tensors, and their numbers in
 * `NAME/data/KEY`, uncompressed. The pickle is read as data, never executed.
 *
 * Errors: `usage`, naming the file and what in it is not understood.
 */
export async function openTorchFile(path: string): Promise<TensorFile> {
  const file = await openBytes(path);
  return withClosing(file, async () => {
    await checkStart(file);
    const zip = await readZipEntries(file);
    const root = await rootOf(file, zip);
    const pickle = await zip.find(`${root}data.pkl`);
    const tensors = readStateDict(await file.read(pickle.start, pickle.size), path);
    return {
      path,
      tensors,
      async read(name) {
        const view = entryOf(path, tensors, name);
        const { storage } = view;
        const { start, size } = await zip.find(`${root}data/${storage.key}`);
        const width = ELEMENT_BYTES[storage.type];
        if (size !== storage.elements * width)
          throw damagedFile(path, {
            en: `${name}: its storage has ${size} bytes, expected ${storage.elements * width}`,
            ko: `${name}: 저장된 크기가 ${size}바이트인데 ${storage.elements * width}바이트여야 한다`,
          });
        if (sizeOf(view.shape) > storage.elements)
          throw damagedFile(path, {
            en: `${name} shows the same numbers many times over: shape [${view.shape}], strides [${view.strides}]`,
            ko: `${name}: 같은 수를 여러 번 보인다: 모양 [${view.shape}], 보폭 [${view.strides}]`,
          });
        const span = spanOf(view);
        const bytes = await file.read(start + view.offset * width, span * width);
        const values = toFloat32(name, storage.type, bytes);
        return isContiguous(view) ? values : gather(values, view);
      },
      close: file.close,
    };
  });
}

async function checkStart(file: FileBytes): Promise<void> {
  const start = Buffer.from(await file.read(0, Math.min(file.size, LEGACY_START.length / 2))).toString('hex');
  const command = `python3 -c "import torch; f = '${file.path}'; torch.save(torch.load(f, map_location='cpu', weights_only=True), f)"`;
  if (start === LEGACY_START)
    throw damagedFile(
      file.path,
      { en: 'it is in the format of PyTorch before 1.6', ko: 'PyTorch 1.6 전의 형식이다' },
      undefined,
      { en: `Convert it: ${command}.`, ko: `바꾼다: ${command}` },
    );
  if (!start.startsWith(ZIP_START))
    throw damagedFile(file.path, {
      en: 'it is no zip file, as torch.save writes them',
      ko: 'torch.save가 쓰는 zip 파일이 아니다',
    });
}

/** The folder inside the zip file that holds everything. */
async function rootOf(file: FileBytes, zip: ZipEntries): Promise<string> {
  const pickles = zip.names.filter((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw damagedFile(file.path, {
      en: `it has ${pickles.length} entries data.pkl, expected one`,
      ko: `data.pkl이 ${pickles.length}개인데 하나여야 한다`,
    });
  const root = pickles[0]!.slice(0, -'data.pkl'.length);
  if (zip.names.includes(`${root}byteorder`)) {
    const { start, size } = await zip.find(`${root}byteorder`);
    const order = new TextDecoder().decode(await file.read(start, Math.min(size, 8)));
    if (order !== 'little')
      throw damagedFile(file.path, {
        en: `its numbers are "${order}" endian, expected little`,
        ko: `수의 바이트 순서가 "${order}"인데 little이어야 한다`,
      });
  }
  return root;
}

/** How many elements of the storage, from the offset on, a view reaches over. */
const spanOf = ({ shape, strides }: StoredView): number =>
  shape.includes(0) ? 0 : shape.reduce((span, size, axis) => span + (size - 1) * strides[axis]!, 1);

/** Whether the elements are in the order of the shape, without gaps. */
function isContiguous({ shape, strides }: StoredView): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** The elements of a view (a transposed matrix, say) in the order of its shape. */
function gather(values: Float32Array, { shape, strides }: StoredView): Float32Array {
  const result = new Float32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
