import type * as yauzl from 'yauzl';
import type { FileBytes } from './fileBytes.ts';
import { damagedFile } from './tensorFile.ts';

/** The byte range of an uncompressed entry in the zip file. */
export interface ZipSpan {
  readonly start: number;
  readonly size: number;
}

/** The entries of a zip file by name, each found without reading any other. */
export interface ZipEntries {
  readonly names: readonly string[];
  /** Errors: `usage`, naming file and entry, where there is none, or it is compressed, encrypted or cut off. */
  find(name: string): Promise<ZipSpan>;
}

const STORED = 0;

/** Reads a zip file's directory. Errors: `usage`, naming the file, where it is damaged or has an entry twice. */
export async function readZipEntries(file: FileBytes): Promise<ZipEntries> {
  const damaged = (error: unknown) =>
    damagedFile(
      file.path,
      {
        en: `its zip directory is wrong: ${(error as Error).message.replace(/\.$/, '')}`,
        ko: `zip의 목록이 잘못되었다: ${(error as Error).message.replace(/\.$/, '')}`,
      },
      error,
    );
  const entries = new Map<string, yauzl.Entry>();
  let zip: yauzl.ZipFile;
  try {
    const { default: reader } = await import('yauzl');
    zip = await reader.fromFdPromise(file.descriptor, { autoClose: false });
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`the entry ${entry.fileName} is there twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    throw damaged(error);
  }
  return {
    names: [...entries.keys()],
    async find(name) {
      const entry = entries.get(name);
      if (!entry) throw damagedFile(file.path, { en: `it has no entry ${name}`, ko: `${name} 항목이 없다` });
      if (entry.compressionMethod !== STORED || entry.isEncrypted() || entry.compressedSize !== entry.uncompressedSize)
        throw damagedFile(file.path, {
          en: `its entry ${name} is compressed or encrypted; PyTorch stores entries as they are`,
          ko: `${name} 항목이 압축되었거나 암호화되었다. PyTorch는 항목을 그대로 저장한다`,
        });
      const { fileDataStart } = await zip
        .readLocalFileHeaderPromise(entry, { minimal: true })
        .catch((error: unknown) => {
          throw damaged(error);
        });
      return { start: fileDataStart, size: entry.uncompressedSize };
    },
  };
}
