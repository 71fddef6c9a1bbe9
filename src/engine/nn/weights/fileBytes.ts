import { open } from 'node:fs/promises';
import { usageError } from '../../../base/core/errors.ts';
import { readFailure } from '../../../base/core/files.ts';
import { damagedFile } from './tensorFile.ts';

/** A file open for reading any part of it. */
export interface FileBytes {
  readonly path: string;
  readonly size: number;
  /** The system's handle, for libraries that read by themselves. */
  readonly descriptor: number;
  /** `length` bytes from `start` on, in memory of their own. Errors: `usage`, with the path, where the file has fewer. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** The system reads no more than 2 GiB at once. */
const LARGEST_READ = 2 ** 30;

/** The beginning of Git LFS's pointer, which a clone without Git LFS has in place of a large file. */
const POINTER = 'version https://git-lfs';

/** Opens a file. Errors: `usage`, with the path, where it cannot be opened or is only Git's pointer to the real file. */
export async function openBytes(path: string): Promise<FileBytes> {
  const handle = await open(path).catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const { size } = await handle.stat();
  const read = async (start: number, length: number) => {
    if (start + length > size)
      throw damagedFile(path, {
        en: `it ends at byte ${size}, expected ${start + length} bytes`,
        ko: `${size}바이트에서 끝나는데 ${start + length}바이트여야 한다`,
      });
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const part = bytes.subarray(done, Math.min(length, done + LARGEST_READ));
      const { bytesRead } = await handle.read(part, 0, part.length, start + done).catch((error: unknown) => {
        throw readFailure(path, error);
      });
      if (bytesRead === 0)
        throw damagedFile(path, {
          en: `it ended at byte ${start + done} while it was read`,
          ko: `읽는 동안 ${start + done}바이트에서 끝났다`,
        });
      done += bytesRead;
    }
    return bytes;
  };
  const file = { path, size, descriptor: handle.fd, read, close: () => handle.close() };
  return withClosing(file, async () => {
    const start = new TextDecoder('latin1').decode(await read(0, Math.min(size, POINTER.length)));
    if (start === POINTER)
      throw usageError(
        {
          en: `${path} is not the file itself but Git LFS's pointer to it.`,
          ko: `${path}: 파일이 아니라 파일을 가리키는 Git LFS 포인터이다.`,
        },
        {
          en: 'Get the file: run `git lfs pull` in that repository, or download it from the Hugging Face Hub.',
          ko: '그 저장소에서 `git lfs pull`을 실행하거나, Hugging Face Hub에서 내려받는다.',
        },
      );
    return file;
  });
}

/** Works on an open file; where the work fails, the file is closed again. */
export async function withClosing<Result>(
  file: { close(): Promise<void> },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await file.close();
    throw error;
  }
}
