import { usageError } from '../core/errors.ts';
import { localStorage } from './localStorage.ts';
import type { Storage } from './storage.ts';

/** What keeps files of other addresses than paths, by the beginning of an address. */
const SCHEMES: Readonly<Record<string, () => Promise<Storage>>> = {};

/** What keeps the files of an address. Errors: `usage` for addresses that korex cannot read. */
export async function storageOf(address: string): Promise<Storage> {
  const scheme = schemeOf(address);
  if (scheme === null) return localStorage;
  const open = SCHEMES[scheme];
  if (open) return open();
  const known = Object.keys(SCHEMES);
  throw usageError(
    {
      en: `${address}: korex knows no ${scheme}:// addresses.`,
      ko: `${address}: korex가 모르는 주소(${scheme}://)이다.`,
    },
    {
      en: `Give a path${known.map((one) => `, or ${one}://…`).join('')}.`,
      ko: `경로${known.map((one) => `나 ${one}://…`).join('')}를 준다.`,
    },
  );
}

/** `s3` of `s3://bucket/key`; null for paths. */
export const schemeOf = (address: string): string | null =>
  /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase() ?? null;

/** An address below another. */
export const within = (folder: string, ...names: readonly string[]): string =>
  [folder.replace(/\/+$/, '') || '/', ...names].join('/').replace(/^\/\/(?=[^/])/, '/');
