import { signal } from '@preact/signals';
import { zipSync } from 'fflate';
import type { WrittenFile } from '../../../../src/base/data/annotations.ts';
import type { PairsOption } from '../../../../src/base/data/convert.ts';
import { type Converted, convertFiles } from '../../../../src/base/data/convertFiles.ts';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import type { ReadingName } from '../../../../src/base/data/formats/readings.ts';
import type { ChosenFile } from '../../components/FileDrop.tsx';
import { convertTexts } from './texts.ts';

/** What the visitor asks for. */
export interface Wish {
  readonly to: string;
  /** Found by the content where it is null, and so are offsets. */
  readonly from: string | null;
  readonly offsets: ReadingName | null;
  readonly pairs: PairsOption;
  /** Empty: the usual names are known. */
  readonly noRelation: string;
  readonly skipsBadRows: boolean;
}

export interface Conversion {
  readonly phase: 'idle' | 'working' | 'done' | 'failed';
  readonly files: readonly ChosenFile[];
  readonly wish: Wish;
  readonly result: Converted | null;
  readonly error: unknown;
}

/** The page's conversion: it stays while other views are looked at. */
export const conversion = signal<Conversion>({
  phase: 'idle',
  files: [],
  wish: { to: 'klue', from: null, offsets: null, pairs: 'possible', noRelation: '', skipsBadRows: false },
  result: null,
  error: null,
});

let latest = 0;

/** Converts the files anew; what was asked for before is forgotten. */
export async function convert(change: { readonly files?: readonly ChosenFile[]; readonly wish?: Partial<Wish> }) {
  const own = ++latest;
  const { files, wish } = conversion.value;
  const next = { files: change.files ?? files, wish: { ...wish, ...change.wish } };
  if (next.files.length === 0) {
    conversion.value = { ...conversion.value, ...next };
    return;
  }
  conversion.value = { ...conversion.value, ...next, phase: 'working', error: null };
  // The page says that it works before it is busy.
  await new Promise((resolve) => setTimeout(resolve, 20));
  try {
    const result = await converted(next.files, next.wish);
    if (own === latest) conversion.value = { ...next, phase: 'done', result, error: null };
  } catch (error) {
    if (own === latest) conversion.value = { ...next, phase: 'failed', result: null, error };
  }
}

const converted = (
  files: readonly ChosenFile[],
  { to, from, offsets, pairs, noRelation, skipsBadRows }: Wish,
): Promise<Converted> =>
  convertFiles(
    files.map(({ name, file }) => ({ name, source: blobSource(file, name) })),
    {
      ...{ to, from: from ?? undefined, offsets: offsets ?? undefined, pairs },
      noRelation: noRelation === '' ? undefined : noRelation,
      onBadRow: skipsBadRows ? 'skip' : 'error',
      badRowHint: { en: convertTexts('en').badRowHint, ko: convertTexts('ko').badRowHint },
    },
  );

/** What is saved: the file, or a ZIP archive of a format that has one for each text. */
export function download(files: readonly WrittenFile[], given: readonly ChosenFile[]) {
  const base = baseName(given);
  const [first, ...others] = files;
  if (first === undefined) return null;
  const ending = /\.[^.]+$/.exec(first.name)?.[0] ?? '';
  if (others.length === 0 && first.name.startsWith('annotations.'))
    return { name: `${base}${ending}`, content: bytesOf(first) };
  const entries = files.map((file) => [file.name, bytesOf(file)] as const);
  return { name: `${base}.zip`, content: new Uint8Array(zipSync(Object.fromEntries(entries), { mtime: FIXED })) };
}

/** The same annotations give the same bytes. */
const FIXED = new Date(2000, 0, 1);

const bytesOf = ({ content }: WrittenFile): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

function baseName(given: readonly ChosenFile[]): string {
  const [first = { name: 'korex' }] = given;
  const name = given.length > 1 && first.name.includes('/') ? first.name.split('/', 1)[0]! : first.name;
  return `${name.replace(/^.*\//, '').replace(/(\.[^.]+)?\.(gz|zip)$|\.[^.]+$/i, '')}.converted`;
}
