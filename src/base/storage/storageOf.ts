import { AsyncLocalStorage } from 'node:async_hooks';
import { usageError } from '../core/errors.ts';
import { localStorage } from './localStorage.ts';
import type { Storage, StorageOptions } from './storage.ts';

/** What keeps files of other addresses than paths, by the beginning of an address. */
const SCHEMES: Readonly<Record<string, (options: StorageOptions) => Promise<Storage>>> = {
  s3: async (options) => (await import('./s3Storage.ts')).s3Storage(options),
};

/** A work's options, and what has been opened with them: a client keeps its connections. */
interface Surroundings {
  readonly options: StorageOptions;
  readonly opened: Map<string, Promise<Storage>>;
}

const surroundings = new AsyncLocalStorage<Surroundings>();

/**
 * Does a work whose storages say their faults to one reporter and end with one signal, wherever in it they are opened: files are read
 * and written far below whoever talks to people.
 */
export const withStorages = <T>(options: StorageOptions, work: () => T): T =>
  surroundings.run({ options, opened: new Map() }, work);

/**
 * What keeps the files of an address. Errors: `usage` for addresses that korex cannot read; `failed` where the package that reads
 * them is not installed.
 *
 * @param own options of its own; without them those of the work around it (`withStorages`), whose storages are shared
 */
export async function storageOf(address: string, own?: StorageOptions): Promise<Storage> {
  const scheme = schemeOf(address);
  if (scheme === null) return localStorage;
  const open = SCHEMES[scheme];
  if (open) {
    const around = surroundings.getStore();
    if (own !== undefined || around === undefined) return open(own ?? {});
    const storage = around.opened.get(scheme) ?? open(around.options);
    around.opened.set(scheme, storage);
    return storage;
  }
  const known = Object.keys(SCHEMES);
  throw usageError(
    {
      en: `${address}: korex knows no ${scheme}:// addresses.`,
      ko: `${address}: korex가 모르는 주소(${scheme}://)이다.`,
    },
    {
      en: `Give a path${known.map((one) => `, or ${one}://…`).join('')}. Most object stores answer the protocol of S3; AWS_ENDPOINT_URL_S3 names such a server.`,
      ko: `경로${known.map((one) => `나 ${one}://…`).join('')}를 준다. 객체 저장소는 대개 S3 프로토콜로 답하며, 서버는 AWS_ENDPOINT_URL_S3로 준다.`,
    },
  );
}

/** `s3` of `s3://bucket/key`; null for paths. */
export const schemeOf = (address: string): string | null =>
  /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase() ?? null;

/** An address below another. */
export const within = (folder: string, ...names: readonly string[]): string =>
  [folder.replace(/\/+$/, '') || '/', ...names].join('/').replace(/^\/\/(?=[^/])/, '/');

/** Errors: `usage` where an output that is written bit by bit has an address, and no path of this machine. */
export function checkLocal(out: string): void {
  if (schemeOf(out) === null) return;
  throw usageError(
    {
      en: `${out}: without shards, OUT is a file of this machine.`,
      ko: `${out}: 샤드로 나누지 않을 때 OUT은 이 컴퓨터의 파일이다.`,
    },
    {
      en: 'Add --shard 1/1: OUT is a folder of results then.',
      ko: '--shard 1/1을 붙인다. 그러면 OUT은 결과의 폴더이다.',
    },
  );
}
