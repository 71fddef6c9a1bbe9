import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonList } from './jsonList.ts';
import { jsonl } from './jsonl.ts';
import { parquet } from './parquet.ts';
import { xlsx } from './xlsx.ts';

/** Every format korex reads, in the order in which the beginning of a file is shown to them. */
export const FORMATS: readonly Format[] = [parquet, xlsx, jsonList, jsonl, csv];

/** The format that usually has a file's ending. */
export const formatOfName = (name: string): Format | undefined =>
  FORMATS.find(({ extensions }) => extensions.includes(endingOf(name.replace(/\.gz$/i, ''))));

/** Ending of a file's name with its dot, in lower case; a name that begins with the dot has none. */
export const endingOf = (name: string): string => /[^/\\](\.[^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
