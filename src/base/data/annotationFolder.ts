import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { usageError } from '../core/errors.ts';
import { sha256, sha256File } from '../core/files.ts';
import { openFileSource } from './fileSource.ts';
import { webanno } from './formats/webanno.ts';
import { headOf } from './openSource.ts';

/** Files of texts that have one each, seen from their folder on, in order. */
export interface AnnotationFiles {
  readonly folder: string;
  readonly names: readonly string[];
}

/**
 * The files that a folder of brat's or of WebAnno TSV holds, also in folders of its own, or that a path with `*` in its last
 * part means; null where it is neither.
 */
export async function annotationFiles(path: string): Promise<AnnotationFiles | null> {
  const pattern = basename(path);
  if (/\*.*\.(ann|tsv)$/i.test(pattern)) return matching(dirname(path), pattern);
  if (!(await stat(path).catch(() => null))?.isDirectory()) return null;
  const files = await visible(path);
  const brat = files.filter((name) => /\.ann$/i.test(name));
  if (brat.length > 0) return { folder: path, names: brat };
  const tables = files.filter((name) => /\.tsv$/i.test(name));
  const names = [];
  for (const name of tables) if (await isWebanno(join(path, name))) names.push(name);
  return names.length === 0 ? null : { folder: path, names };
}

async function matching(folder: string, pattern: string): Promise<AnnotationFiles> {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expected = new RegExp(`^${parts.join('.*')}$`);
  const names = (await visible(folder)).filter((name) => !name.includes(sep) && expected.test(name));
  if (names.length > 0) return { folder, names };
  throw usageError(
    { en: `${folder} has no file ${pattern}.`, ko: `${folder}: 이런 이름의 파일이 없다: ${pattern}.` },
    { en: 'Check the path.', ko: '경로를 확인한다.' },
  );
}

/** Files of a folder and of those in it, in order; hidden ones are left out. */
async function visible(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length))
    .filter((name) => !name.split(sep).some((part) => part.startsWith('.')))
    .sort();
}

async function isWebanno(path: string): Promise<boolean> {
  const source = await openFileSource(path);
  try {
    return webanno.recognizes(await headOf(source));
  } finally {
    await source.close();
  }
}

/** Reads the files beside one. */
export const textBeside =
  (path: string) =>
  async (name: string): Promise<string | null> => {
    const text = await readFile(join(dirname(path), name), 'utf8').catch(() => null);
    return text === null ? null : text.replace(/^\uFEFF/, '');
  };

/** A digest of a file, or of all files of a folder that belong together, the texts of brat's among them. */
export async function sha256Of(path: string): Promise<string> {
  const together = await annotationFiles(path);
  if (together === null) return sha256File(path);
  const digests = together.names.map(async (name) => {
    const text = await textBeside(join(together.folder, name))(basename(name).replace(/\.ann$/i, '.txt'));
    return [name, await sha256File(join(together.folder, name)), text === null ? null : sha256(text)];
  });
  return sha256(JSON.stringify(await Promise.all(digests)));
}
