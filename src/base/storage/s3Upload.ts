import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { KorexError, temporary } from '../core/errors.ts';
import { readFailure } from '../core/files.ts';
import type { ObjectAddress } from './s3Address.ts';
import { attempt, factsOf, type S3Connection } from './s3Client.ts';

/** Smaller files go in one request. At least 5 MiB, and 10,000 parts at most: Amazon S3 User Guide, "Multipart upload limits". */
const PART_BYTES = 8 * 2 ** 20;
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 3;

/** A tag of an object that says which upload it came from, for an upload whose last answer was lost on its way. */
const UPLOAD_TAG = 'korex-upload';

export interface Target extends ObjectAddress {
  /** The whole address, for messages. */
  readonly address: string;
}

/**
 * Writes a file of this machine as an object, in parts where it is large; it is there when the last request succeeds, and nothing is left
 * of one that did not come so far. What a killed process has left of an upload of this object is removed first.
 *
 * @param beforeCommit called before the request that makes the object
 */
export async function uploadFile(
  connection: S3Connection,
  target: Target,
  local: string,
  beforeCommit: () => Promise<void>,
): Promise<void> {
  const handle = await open(local, 'r').catch((error: unknown) => {
    throw readFailure(local, error);
  });
  try {
    const { size } = await handle.stat();
    if (size > PART_BYTES) return await uploadParts(connection, target, handle, size, beforeCommit);
    const body = await readPart(handle, local, 0, size);
    await beforeCommit();
    await putObject(connection, target, body, false);
  } finally {
    await handle.close();
  }
}

/**
 * Writes an object in one request.
 *
 * @param ifAbsent leaves an object of this name as it is; a server that cannot promise so is asked beforehand
 * @returns whether it was written
 */
export async function putObject(
  connection: S3Connection,
  { bucket, key, address }: Target,
  body: Uint8Array,
  ifAbsent: boolean,
): Promise<boolean> {
  const { sdk, client, signal } = connection;
  const upload = randomUUID();
  const put = (isConditional: boolean) =>
    attempt(connection, address, () =>
      client.send(
        new sdk.PutObjectCommand({
          ...{ Bucket: bucket, Key: key, Body: body, ContentLength: body.length, Metadata: { [UPLOAD_TAG]: upload } },
          ...(isConditional && { IfNoneMatch: '*' }),
        }),
        { abortSignal: signal },
      ),
    );
  try {
    await put(ifAbsent);
    return true;
  } catch (error) {
    const { code, status } = factsOf(causeOf(error));
    // An attempt whose answer was lost has written it.
    if (ifAbsent && (code === 'PreconditionFailed' || status === 412))
      return (await uploadOf(connection, { bucket, key, address })) === upload;
    if (!ifAbsent || (status !== 501 && code !== 'NotImplemented')) throw error;
  }
  connection.reporter.warn({
    en: `${address}: the server has no conditional writes (If-None-Match); of two writers at the same moment, the later one counts`,
    ko: `${address}: 서버에 조건부 쓰기(If-None-Match)가 없다. 동시에 두 곳에서 쓰면 나중 것이 남는다`,
  });
  if ((await uploadOf(connection, { bucket, key, address })) !== null) return false;
  await put(false);
  return true;
}

const causeOf = (error: unknown): unknown => (error instanceof KorexError ? error.cause : error);

/** What the tag of an object says, '' where it has none; null where there is no object. */
async function uploadOf(connection: S3Connection, { bucket, key, address }: Target): Promise<string | null> {
  const { sdk, client, signal } = connection;
  return attempt(connection, address, async () => {
    try {
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return head.Metadata?.[UPLOAD_TAG] ?? '';
    } catch (error) {
      if (factsOf(error).status === 404) return null;
      throw error;
    }
  });
}

async function uploadParts(
  connection: S3Connection,
  target: Target,
  handle: FileHandle,
  size: number,
  beforeCommit: () => Promise<void>,
): Promise<void> {
  const { sdk, client, signal } = connection;
  const { bucket: Bucket, key: Key, address } = target;
  await abortOthers(connection, target);
  const tag = randomUUID();
  const { UploadId } = await attempt(connection, address, () =>
    client.send(
      new sdk.CreateMultipartUploadCommand({
        Bucket,
        Key,
        Metadata: { [UPLOAD_TAG]: tag },
        ChecksumAlgorithm: 'CRC32',
      }),
      { abortSignal: signal },
    ),
  );
  try {
    const partBytes = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
    const Parts: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];
    let next = 0;
    const uploadSome = async () => {
      for (let number = ++next; (number - 1) * partBytes < size; number = ++next) {
        const Body = await readPart(
          handle,
          address,
          (number - 1) * partBytes,
          Math.min(partBytes, size - (number - 1) * partBytes),
        );
        const PartNumber = number;
        const sent = await attempt(connection, `${address} (part ${number})`, () =>
          client.send(
            new sdk.UploadPartCommand({
              Bucket,
              Key,
              UploadId,
              PartNumber,
              Body,
              ContentLength: Body.length,
              ChecksumAlgorithm: 'CRC32',
            }),
            { abortSignal: signal },
          ),
        );
        Parts[number - 1] = { PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 };
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, uploadSome));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    await beforeCommit();
    await attempt(connection, address, () =>
      client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }), {
        abortSignal: signal,
      }),
    ).catch(async (error: unknown) => {
      if (factsOf(causeOf(error)).code !== 'NoSuchUpload') throw error;
      // Completed by an attempt whose answer was lost, or aborted by somebody else who writes the same object.
      if ((await uploadOf(connection, target)) !== tag) throw takenOver(address, error);
    });
  } catch (error) {
    await abort(connection, target, UploadId!);
    throw factsOf(causeOf(error)).code === 'NoSuchUpload' ? takenOver(address, error) : error;
  }
}

const takenOver = (address: string, cause: unknown) =>
  temporary(
    { en: `Another process has begun to write ${address}.`, ko: `${address}: 다른 프로세스가 쓰기 시작했다.` },
    { en: 'Try again later: it may be finished then.', ko: '나중에 다시 실행한다. 그때는 끝나 있을 수 있다.' },
    cause,
  );

/** Leaves nothing of an upload, also where the work was interrupted: what is left of one costs as much as an object. */
async function abort(
  connection: S3Connection,
  { bucket, key, address }: ObjectAddress & { address: string },
  id: string,
): Promise<void> {
  const { sdk, client, reporter } = connection;
  const always: S3Connection = { ...connection, signal: AbortSignal.timeout(60_000) };
  try {
    await attempt(always, address, () =>
      client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }), {
        abortSignal: always.signal,
      }),
    );
  } catch (error) {
    if (factsOf(causeOf(error)).code === 'NoSuchUpload') return;
    reporter.warn({
      en: `${address}: an unfinished upload (${id}) could not be removed; the next write of this object, or a lifecycle rule of the bucket, removes it`,
      ko: `${address}: 끝나지 않은 업로드(${id})를 지우지 못했다. 이 객체를 다시 쓸 때나 버킷의 수명 주기 규칙이 지운다`,
    });
  }
}

/** Uploads of this very object that nobody finished: of a killed process, or of one that has lost its claim to it. */
async function abortOthers(connection: S3Connection, target: Target): Promise<void> {
  const { sdk, client, signal, reporter } = connection;
  const { bucket: Bucket, key, address } = target;
  try {
    const { Uploads = [] } = await attempt(connection, address, () =>
      client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: key }), { abortSignal: signal }),
    );
    for (const { Key, UploadId } of Uploads) if (Key === key && UploadId) await abort(connection, target, UploadId);
  } catch (error) {
    const { status } = factsOf(causeOf(error));
    // Not everybody who may write may list uploads, and not every server does.
    if (status !== 403 && status !== 501) throw error;
    reporter.warn({
      en: `${address}: unfinished uploads cannot be listed (${status}); a lifecycle rule of the bucket removes them`,
      ko: `${address}: 끝나지 않은 업로드의 목록을 볼 수 없다(${status}). 버킷의 수명 주기 규칙으로 지운다`,
    });
  }
}

async function readPart(handle: FileHandle, path: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done).catch((error: unknown) => {
      throw readFailure(path, error);
    });
    if (bytesRead === 0) throw readFailure(path, new Error('it became shorter'));
    done += bytesRead;
  }
  return bytes;
}
