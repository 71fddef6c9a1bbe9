import type { Localized } from '../core/types.ts';
import type { ReadAnnotations, WrittenAnnotations } from './annotations.ts';
import { type PairsOption, readAnnotations, type WriteLimits, writeAnnotations } from './convert.ts';
import type { ByteSource } from './formats/byteSource.ts';
import type { ReadingName } from './formats/readings.ts';
import { formatOfId } from './formats/table.ts';
import { openSource, openTogether } from './openSource.ts';

/** A file in memory or in a browser; names of files in folders have a `/`. */
export interface GivenFile {
  readonly name: string;
  readonly source: ByteSource;
}

export interface ConvertFilesOptions {
  /** Found by the content of the files where it is missing. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly offsets?: ReadingName | undefined;
  readonly pairs?: PairsOption | undefined;
  readonly noRelation?: string | undefined;
  readonly onBadRow?: 'error' | 'skip' | undefined;
  readonly badRowHint?: Localized | undefined;
  readonly limits?: WriteLimits | undefined;
}

export interface Converted {
  readonly read: ReadAnnotations;
  readonly written: WrittenAnnotations;
}

/**
 * What `korex convert` does, of files that are no files on disk: those of the REST API and of the page. Of brat, texts
 * (`NAME.txt`) lie beside their annotations.
 *
 * Errors: `usage`, as `korex convert`.
 */
export async function convertFiles(files: readonly GivenFile[], options: ConvertFilesOptions): Promise<Converted> {
  const { to, offsets, pairs, noRelation, onBadRow, badRowHint, limits } = options;
  const format = formatOfId(to, 'to');
  const opened = await openFiles(files, options);
  const read = await readAnnotations(opened, {
    ...{ offsets: offsets ?? null, noRelation, badRowHint },
    ...(onBadRow && { onBadRow }),
  });
  const out = `annotations${format.write?.extension ?? ''}`;
  const written = await writeAnnotations(read.annotations, format, { out, pairs, noRelation, limits });
  // A single file has no name of its own.
  return { read, written: { ...written, files: written.files.map((file) => ({ ...file, name: file.name || out })) } };
}

function openFiles(files: readonly GivenFile[], { from, offsets }: ConvertFilesOptions) {
  const sources = new Map(files.map(({ name, source }) => [name, source]));
  const texts = new Set(files.filter(({ name }) => /\.ann$/i.test(name)).map(({ name }) => besideOf(name)));
  const parts = files
    .filter(({ name }) => !texts.has(name))
    .map(({ name, source }) => ({
      ...{ name, source },
      beside: async (other: string) => {
        const found = sources.get(name.replace(/[^/]*$/, '') + other);
        return found === undefined ? null : textOf(found);
      },
    }));
  const [first, ...others] = parts;
  const options = { offsets: offsets ?? null, ...(from !== undefined && { from }) };
  if (first !== undefined && others.length === 0)
    return openSource(first.source, first.name, { ...options, beside: first.beside });
  return openTogether(parts, commonFolder(files) ?? 'files', options);
}

const besideOf = (name: string): string => name.replace(/\.ann$/i, '.txt');

const commonFolder = (files: readonly GivenFile[]): string | undefined => {
  const [first, ...others] = new Set(files.map(({ name }) => (name.includes('/') ? name.split('/', 1)[0] : undefined)));
  return others.length === 0 ? first : undefined;
};

const textOf = async (source: ByteSource): Promise<string> => new TextDecoder().decode(await source.slice(0));
