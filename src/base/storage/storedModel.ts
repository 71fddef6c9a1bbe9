import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failure, usageError } from '../core/errors.ts';
import { sha256, writeFailure } from '../core/files.ts';
import { silentReporter } from '../core/reporter.ts';
import { exists } from '../hub/cache.ts';
import { chooseEncoderFiles } from '../hub/encoderFiles.ts';
import { hubEnvironment } from '../hub/environment.ts';
import { pause } from '../hub/retries.ts';
import { type HubOptions, whileLocked } from '../hub/snapshot.ts';
import type { Storage, StoredFile } from './storage.ts';
import { storageOf } from './storageOf.ts';

const PIECE_BYTES = 8 * 2 ** 20;
const MB = 1e6;

/**
 * The folder of a model's files in object storage, `s3://BUCKET/FOLDER`: those that a model of the Hub is read from, downloaded
 * beside the Hub's cache unless they lie there. Each call asks for the list of files, so that a model that was replaced is another one;
 * one process at a time downloads it, others wait.
 *
 * Errors: `usage` where there is no whole model; those of a `Storage`.
 */
export async function pullStoredModel(address: string, options: HubOptions = {}): Promise<string> {
  const {
    reporter = silentReporter,
    signal = new AbortController().signal,
    environment = hubEnvironment(),
    pause: wait = pause,
  } = options;
  const root = address.replace(/\/+$/, '');
  const storage = await storageOf(root, { reporter, signal, pause: wait });
  const files = new Map<string, StoredFile>();
  for await (const file of storage.list(`${root}/`)) files.set(file.path.slice(root.length + 1), file);
  const choice = chooseEncoderFiles([...files.keys()]);
  if ('missing' in choice)
    throw usageError(
      {
        en: `${address}: no model there; it lacks ${choice.missing}. It holds: ${shown([...files.keys()]) || 'nothing'}.`,
        ko: `${address}: 모델이 없다. 없는 것: ${choice.missing}. 있는 것: ${shown([...files.keys()]) || '없음'}.`,
      },
      {
        en: 'Give the address of a folder with config.json, tokenizer.json and model.safetensors, as `korex export` writes it.',
        ko: '`korex export`가 쓰는 것처럼 config.json, tokenizer.json, model.safetensors가 든 폴더의 주소를 준다.',
      },
    );
  const chosen = choice.paths.map((name) => ({ name, file: files.get(name)! }));
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const server = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || '';
  const cache = join(environment.cache, `s3--${sha256(`${server} ${root}`).slice(0, 16)}`);
  const version = sha256(JSON.stringify(chosen.map(({ name, file }) => [name, file.size, file.version])));
  // The folder's own name is what the model is called.
  const folder = join(cache, version.slice(0, 40), basename(root));
  await whileLocked({ reporter, signal, pause: wait }, join(cache, 'korex.lock'), root, async () => {
    const missing = [];
    for (const one of chosen) if (!(await exists(join(folder, one.name)))) missing.push(one);
    const total = missing.reduce((sum, { file }) => sum + file.size, 0);
    const bar = missing.length === 0 ? null : reporter.progress(root, Math.max(total, 1) / MB, 'MB');
    let before = 0;
    try {
      for (const { name, file } of missing) {
        await download(storage, file, join(folder, name), (done) => bar?.update((before + done) / MB, { file: name }));
        before += file.size;
      }
    } finally {
      bar?.end();
    }
  });
  return folder;
}

const shown = (names: readonly string[]): string => `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;

/** A file at a path is always complete. Errors: `failed` where the disk refuses, or what arrived is not what was announced. */
async function download(
  storage: Storage,
  { path, version }: StoredFile,
  target: string,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const draft = `${target}.${process.pid}.incomplete`;
  const onDisk = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw writeFailure(target, error);
    });
  const remote = await storage.open(path);
  let handle: FileHandle | null = null;
  try {
    await onDisk(mkdir(dirname(target), { recursive: true }));
    handle = await onDisk(open(draft, 'w'));
    const digest = createHash('md5');
    for (let done = 0; done < remote.size; ) {
      const piece = await remote.read(done, PIECE_BYTES);
      digest.update(piece);
      await onDisk(handle.appendFile(piece));
      done += piece.length;
      onProgress(done);
    }
    await onDisk(handle.sync());
    // The tag of an object that was not written in parts is the digest of its bytes.
    if (/^[0-9a-f]{32}$/.test(version) && remote.version === version && digest.digest('hex') !== version)
      throw failure(
        { en: `${path} arrived damaged.`, ko: `${path}: 손상된 채 도착했다.` },
        { en: 'Run the command again.', ko: '명령을 다시 실행한다.' },
      );
    await onDisk(rename(draft, target));
  } finally {
    await handle?.close();
    await rm(draft, { force: true });
    await remote.close();
  }
}
