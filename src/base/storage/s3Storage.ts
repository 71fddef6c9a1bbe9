import { setMaxListeners } from 'node:events';
import { silentReporter } from '../core/reporter.ts';
import { pause, Transient } from '../hub/retries.ts';
import { objectAddress } from './s3Address.ts';
import { attempt, connect, factsOf, type S3Connection } from './s3Client.ts';
import { putObject, type Target, uploadFile } from './s3Upload.ts';
import type { OpenedFile, Storage, StorageOptions, StoredFile } from './storage.ts';

/** A short read takes so much along: rows are read piece by piece, and each request takes as long as a megabyte. */
const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Objects of any server that answers the protocol of Amazon S3. Keys are listed a page at a time; large files are written in parts
 * that become an object together; busy servers and broken connections are tried again.
 *
 * Errors: `failed` where the SDK is not installed.
 */
export async function s3Storage(options: StorageOptions = {}): Promise<Storage> {
  const { reporter = silentReporter, signal = new AbortController().signal } = options;
  // Each request under way listens to it.
  setMaxListeners(0, signal);
  const connection = await connect({ reporter, signal, pause: options.pause ?? pause });
  return {
    list: (prefix) => list(connection, prefix),
    find: (path) => find(connection, path),
    open: (path) => openObject(connection, path),
    write: async (path, content) => void (await putObject(connection, targetOf(path), Buffer.from(content), false)),
    create: (path, content) => putObject(connection, targetOf(path), Buffer.from(content), true),
    moveIn: (local, path, beforeCommit = async () => {}) => uploadFile(connection, targetOf(path), local, beforeCommit),
    remove: (path) => remove(connection, path),
  };
}

const targetOf = (address: string): Target => ({ ...objectAddress(address), address });

const versionOf = (etag: string | undefined): string => (etag ?? '').replace(/^(W\/)?"|"$/g, '');

async function* list(connection: S3Connection, address: string): AsyncGenerator<StoredFile> {
  const { sdk, client, signal } = connection;
  const { bucket: Bucket, key: Prefix } = objectAddress(address);
  let ContinuationToken: string | undefined;
  do {
    const page = await attempt(connection, address, () =>
      client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }), { abortSignal: signal }),
    );
    // Consoles make empty objects with a slash at the end to show folders.
    for (const { Key = '', Size = 0, ETag } of page.Contents ?? [])
      if (!Key.endsWith('/')) yield { path: `s3://${Bucket}/${Key}`, size: Size, version: versionOf(ETag) };
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
}

async function find(connection: S3Connection, path: string): Promise<StoredFile | null> {
  const { sdk, client, signal } = connection;
  const { bucket: Bucket, key: Key } = objectAddress(path);
  return attempt(connection, path, async () => {
    try {
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal: signal });
      return { path, size: head.ContentLength ?? 0, version: versionOf(head.ETag) };
    } catch (error) {
      if (factsOf(error).status === 404) return null;
      throw error;
    }
  });
}

async function openObject(connection: S3Connection, path: string): Promise<OpenedFile> {
  const { sdk, client, signal } = connection;
  const { bucket: Bucket, key: Key } = objectAddress(path);
  const head = await attempt(connection, path, () =>
    client.send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal: signal }),
  );
  const size = head.ContentLength ?? 0;

  /** Exactly these bytes, of the object as it was opened; goes on where a connection broke. */
  async function fetch(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(end - start);
    let done = 0;
    await attempt(connection, path, async () => {
      const before = done;
      try {
        const Range = `bytes=${start + done}-${end - 1}`;
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key, Range, IfMatch: head.ETag }), {
          abortSignal: signal,
        });
        for await (const piece of piecesOf(Body)) {
          bytes.set(piece.subarray(0, bytes.length - done), done);
          done = Math.min(bytes.length, done + piece.length);
        }
      } catch (error) {
        if (done > before)
          throw new Transient(`${path}: the connection broke after ${done} bytes`, { progressed: true, cause: error });
        throw error;
      }
      if (done < bytes.length)
        throw new Transient(`${path}: the answer ended after ${done} of ${bytes.length} bytes`, {
          progressed: done > before,
        });
    });
    return bytes;
  }

  let block: { readonly start: number; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;
  return {
    ...{ path, size, version: versionOf(head.ETag) },
    async read(start, length) {
      const end = Math.min(size, start + length);
      if (end <= start) return new Uint8Array(0);
      if (end - start >= BLOCK_BYTES) return fetch(start, end);
      if (block === null || start < block.start || end > block.start + block.bytes.length)
        block = { start, bytes: await fetch(start, Math.min(size, start + BLOCK_BYTES)) };
      return block.bytes.slice(start - block.start, end - block.start);
    },
    close: async () => {
      block = null;
    },
  };
}

/** A body as Node gives it; the SDK's type stands for browsers as well. */
async function* piecesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return;
  for await (const piece of body as AsyncIterable<Uint8Array>) yield piece;
}

async function remove(connection: S3Connection, path: string): Promise<void> {
  const { sdk, client, signal } = connection;
  const { bucket: Bucket, key: Key } = objectAddress(path);
  await attempt(connection, path, () =>
    client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), { abortSignal: signal }),
  );
}
