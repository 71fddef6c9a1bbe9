import { csv, tsv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonl } from './jsonl.ts';
import { klueJson } from './klueJson.ts';
import { parquet } from './parquet.ts';

/** Every format korex reads, in the order in which contents are tried. */
export const FORMATS: readonly Format[] = [parquet, klueJson, jsonl, csv, tsv];

/** The format that claims a file's ending. */
export const formatOfName = (name: string): Format | undefined =>
  FORMATS.find(({ extensions }) => extensions.includes(endingOf(name)));

/** Ending of a file's name with its dot, in lower case; a name that begins with the dot has none. */
const endingOf = (name: string): string => /[^/\\](\.[^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** The format of a file: by the ending of its name, else by the beginning of its content, CSV where nothing else fits. */
export const formatOf = (name: string, bytes: Uint8Array): Format =>
  formatOfName(name) ?? FORMATS.find(({ recognizes }) => recognizes(bytes)) ?? csv;
