import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failure, KorexError } from '../core/errors.ts';
import { writeFailure } from '../core/files.ts';
import type { Repository } from './repository.ts';
import { connectionError, type HubClient, request, watch } from './request.ts';
import { Transient, withRetries } from './retries.ts';

/** A file as the Hub announces it. */
export interface RemoteFile {
  readonly path: string;
  readonly url: string;
  /** SHA-256 of a large file, git's SHA-1 of a small one; of other servers anything. */
  readonly etag: string;
  /** Bytes; null where the server does not say. */
  readonly size: number | null;
}

/** The partial file of a download. A name of our own: other libraries that share the cache use others. */
export const partialOf = (blob: string): string => `${blob}.korex.incomplete`;

const DOWNLOAD_RETRIES = 5;

/**
 * Downloads a file to `blob`: into a partial file beside it, resuming an earlier attempt, which is checked against size and
 * checksum and then renamed. So a file called `blob` is always complete.
 *
 * @param onProgress called with the bytes of this file that have arrived
 * Errors: `Transient` where the server could not be read after all retries; `failed` for wrong content, which is removed; `usage` where
 * the Hub refuses.
 */
export async function download(
  client: HubClient,
  repository: Repository,
  file: RemoteFile,
  blob: string,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const partial = partialOf(blob);
  try {
    await mkdir(dirname(blob), { recursive: true });
    await withRetries({ ...client, retries: DOWNLOAD_RETRIES }, async () => {
      const handle = await open(partial, 'a');
      try {
        await fetchRest(client, repository, file, handle, onProgress);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
    const problem = await contentProblem(partial, file);
    if (problem !== null) {
      await rm(partial, { force: true });
      throw failure(
        {
          en: `${file.url} arrived damaged: ${problem}. It was removed.`,
          ko: `${file.url}: 손상된 채 도착해서 지웠다(${problem}).`,
        },
        {
          en: 'Run the command again; if it happens again, a proxy between here and the Hub changes the content.',
          ko: '명령을 다시 실행한다. 또 그러면 Hub와의 사이에 있는 프록시가 내용을 바꾸는 것이다.',
        },
      );
    }
    await rename(partial, blob);
  } catch (error) {
    throw isSystemError(error) ? writeFailure(partial, error) : error;
  }
}

/** Fetches what is missing at the end of a partial file. Errors: `Transient` where the connection breaks. */
async function fetchRest(
  client: HubClient,
  repository: Repository,
  { url, size }: RemoteFile,
  handle: FileHandle,
  onProgress: (bytes: number) => void,
): Promise<void> {
  let offset = (await handle.stat()).size;
  // Without a size nothing tells whether a partial file is complete.
  if (size === null || offset > size) offset = await restart(handle);
  onProgress(offset);
  if (offset === size) return;
  const start = offset;
  const watchdog = watch(client);
  try {
    const headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await request(client, repository, url, { headers }, watchdog);
    if (offset > 0 && !continues(response, offset)) {
      // A server without support for ranges sends the whole file instead; any other answer is of no use.
      offset = await restart(handle);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Transient(`${new URL(url).host} could not resume the download`);
      }
    }
    for await (const chunk of response.body ?? []) {
      watchdog.feed();
      await handle.appendFile(chunk);
      offset += chunk.length;
      if (size !== null && offset > size) break;
      onProgress(offset);
    }
  } catch (error) {
    if (error instanceof KorexError || isSystemError(error)) throw error;
    const broken = error instanceof Transient ? error : connectionError(error, client, url);
    throw broken instanceof Transient && offset > start
      ? new Transient(broken.message, { wait: broken.wait, progressed: true, cause: error })
      : broken;
  } finally {
    watchdog.stop();
  }
  if (size !== null && offset < size)
    throw new Transient(`${new URL(url).host} broke off after ${offset} of ${size} bytes`, {
      progressed: offset > start,
    });
}

/** Of the file system: errors of the network hide theirs in `cause`. */
const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

async function restart(handle: FileHandle): Promise<number> {
  await handle.truncate(0);
  return 0;
}

/** Whether an answer is the part from `offset` on, `Content-Range: bytes 100-199/200`. */
const continues = (response: Response, offset: number): boolean =>
  response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) === true;

/** Why a file is not the announced one, in words; null where it is. */
async function contentProblem(path: string, { etag, size }: RemoteFile): Promise<string | null> {
  const bytes = (await stat(path)).size;
  if (size !== null && bytes !== size) return `${bytes} bytes instead of ${size}`;
  const hash = hashOf(etag, bytes);
  if (hash === null) return null;
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  return found === etag ? null : `checksum ${found} instead of ${etag}`;
}

/** The digest that an ETag of the Hub is: SHA-256 of the content, or git's name of a blob; null for neither. */
function hashOf(etag: string, bytes: number): Hash | null {
  if (/^[0-9a-f]{64}$/.test(etag)) return createHash('sha256');
  return /^[0-9a-f]{40}$/.test(etag) ? createHash('sha1').update(`blob ${bytes}\0`) : null;
}
