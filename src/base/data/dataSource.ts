import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { inBoth, usageError } from '../core/errors.ts';
import { systemReason } from '../core/files.ts';
import { packagePath } from '../core/packagePath.ts';
import type { Localized } from '../core/types.ts';
import { findSnapshot } from '../hub/cache.ts';
import { hubEnvironment } from '../hub/environment.ts';
import { KLUE_DATASET, KLUE_FILES, KLUE_RE_FOLDER } from '../hub/klueDataset.ts';
import { annotationFiles } from './annotationFolder.ts';
import { openFileSource } from './fileSource.ts';
import { FROM_DATASETS, foreignFile } from './formats/foreign.ts';
import { FORMATS, formatOfName } from './formats/table.ts';
import { headOf } from './openSource.ts';
import { RELATION_LIST } from './relationList.ts';

/** What a single file of rows is taken for: training commands take it as `train`, evaluation as `test`. */
export type Role = 'train' | 'test';

/** The files behind `--data`; a side is null where there is a file for the other one alone. */
export interface DataSource {
  readonly name: string;
  /** Whether its files were looked for in a folder. */
  readonly isFolder: boolean;
  readonly train: string | null;
  readonly test: string | null;
}

/**
 * Finds the files of `sample`, `klue`, a folder or a file; paths are relative to the working folder.
 * Of a folder, the file whose name holds `train`, and the one whose name holds `dev`, `validation` or `test`, or one of the
 * two in Korean. The side that is not that of `role` may be missing.
 *
 * Errors: `usage` when the role's file is missing or more than one file fits.
 */
export async function findDataSource(data: string, role: Role): Promise<DataSource> {
  const { name, folder } = await placeOf(data);
  if (folder === null) return { name, isFolder: false, train: null, test: null, [role]: data };
  const together = await annotationSides(folder);
  if (together !== null) {
    const { train, test, all } = together;
    return {
      name,
      isFolder: train !== null || test !== null,
      train,
      test,
      ...(together[role] === null && { [role]: all }),
    };
  }
  const files = await visibleFiles(folder);
  const side = async (own: Role) => {
    const found = await sideOf(own, files, folder);
    if (found === null && own === role) throw await nothingFor(role, files, folder);
    return found;
  };
  return { name, isFolder: true, train: await side('train'), test: await side('test') };
}

/**
 * The file of one side alone, whether the other is there or not; a single file is the training side.
 *
 * Errors: those of `findDataSource`; `usage` for the test side of a single file.
 */
export async function findSide(data: string, side: Role): Promise<{ readonly name: string; readonly path: string }> {
  const { name, folder } = await placeOf(data);
  if (folder !== null) {
    const together = await annotationSides(folder);
    if (together !== null && (together[side] !== null || side === 'train'))
      return { name, path: together[side] ?? together.all };
    const files = await visibleFiles(folder);
    const path = await sideOf(side, files, folder);
    if (path === null) throw await nothingFor(side, files, folder);
    return { name, path };
  }
  if (side === 'train') return { name, path: data };
  throw usageError(
    {
      en: `${data} is a single file of training rows, and test rows are needed.`,
      ko: `${data}: 학습 행 파일 하나뿐인데 평가 행이 필요하다.`,
    },
    {
      en: 'Pass a folder with a file for training and one for testing with --data FOLDER.',
      ko: '--data FOLDER로 학습 파일과 평가 파일이 하나씩 있는 폴더를 준다.',
    },
  );
}

/** What `--data` names: a folder with the files of both sides, or null where it is a single file. */
async function placeOf(data: string): Promise<{ readonly name: string; readonly folder: string | null }> {
  if (data === 'sample') return { name: data, folder: SAMPLE_FOLDER };
  if (data === 'klue') return { name: data, folder: await klueFolder() };
  return { name: basename(resolve(data)), folder: (await isFolder(data)) ? data : null };
}

const SAMPLE_FOLDER = packagePath('data/sample');

/** Where `korex data pull` left the official rows. */
async function klueFolder(): Promise<string> {
  const { cache } = hubEnvironment();
  const snapshot = await findSnapshot(cache, KLUE_DATASET, KLUE_FILES);
  if (snapshot !== null) return join(snapshot, KLUE_RE_FOLDER);
  throw usageError(
    { en: `KLUE-RE is not in the cache (${cache}).`, ko: `KLUE-RE가 캐시에 없다(${cache}).` },
    {
      en: 'Run `korex data pull` once. Or pass a folder that holds the official files with --data FOLDER (github.com/KLUE-benchmark/KLUE, folder klue_benchmark/klue-re-v1.1).',
      ko: '`korex data pull`을 한 번 실행한다. 또는 --data FOLDER로 공식 파일이 든 폴더를 준다(github.com/KLUE-benchmark/KLUE의 klue_benchmark/klue-re-v1.1).',
    },
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw usageError(
      inBoth((lang) => `--data ${path}: ${systemReason(error, lang)}.`),
      {
        en: 'Expected sample, klue, a folder or a file, seen from the working folder.',
        ko: 'sample, klue, 또는 지금 폴더에서 본 폴더나 파일을 준다.',
      },
      error,
    );
  }
}

/** Files of a folder, in order; hidden ones, such as macOS' `._train.json`, hold no rows. */
async function visibleFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries.filter(({ name }) => !name.startsWith('.')).map((entry) => entry.name);
  if (visible.some((name) => name === 'dataset_dict.json' || name.endsWith('.arrow')))
    throw usageError(
      {
        en: `${folder} is a data set in Arrow files (Dataset.save_to_disk), which korex does not read.`,
        ko: `${folder}: korex가 읽지 않는 형식이다: Arrow 데이터 세트(Dataset.save_to_disk).`,
      },
      FROM_DATASETS,
    );
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** What names of each side's files hold; a name of a training file may hold more, e.g. `train_dev_split`. */
const SIDES: Readonly<Record<Role, { readonly pattern: RegExp; readonly words: Localized }>> = {
  train: { pattern: /train|학습|훈련/, words: { en: 'train', ko: 'train(또는 학습)' } },
  test: {
    pattern: /dev|valid|test|검증|평가|시험|테스트/,
    words: { en: 'dev, validation or test', ko: 'dev, validation, test(또는 검증, 평가)' },
  },
};

/**
 * The sides of a folder with a file for each text (brat, WebAnno TSV), each a folder in it or a path with `*`; null where it
 * is no such folder. Without names that say it, all of it is one side.
 */
async function annotationSides(folder: string) {
  const files = await annotationFiles(folder);
  if (files === null) return null;
  const tops = [...new Set(files.names.map((name) => name.split(/[/\\]/)[0]!))];
  const side = (own: Role): string | null => {
    const fitting = tops.filter((top) => isOf(own, top));
    if (fitting.length === 0) return null;
    const [first] = fitting;
    if (fitting.length === 1) return join(folder, first!);
    const pattern = `${commonStart(fitting)}*${extname(first!)}`;
    const isAlone = tops.every((top) => fitting.includes(top) || !top.startsWith(commonStart(fitting)));
    if (isAlone) return join(folder, pattern);
    throw usageError(
      {
        en: `${folder}: the names of its files do not keep ${SIDES[own].words.en} apart from the others.`,
        ko: `${folder}: 파일 이름으로 ${SIDES[own].words.ko} 파일을 가려낼 수 없다.`,
      },
      { en: 'Put each side into a folder of its own: train, dev.', ko: '학습과 평가를 train, dev 폴더로 나눈다.' },
    );
  };
  return { train: side('train'), test: side('test'), all: folder };
}

function commonStart(names: readonly string[]): string {
  const [first = ''] = names;
  let length = first.length;
  while (!names.every((name) => name.startsWith(first.slice(0, length)))) length--;
  return first.slice(0, length);
}

const isOf = (side: Role, name: string): boolean => {
  const isTrain = SIDES.train.pattern.test(stem(name));
  return side === 'train' ? isTrain : !isTrain && SIDES.test.pattern.test(stem(name));
};

async function sideOf(side: Role, files: readonly string[], folder: string): Promise<string | null> {
  const file = theOne(files, (name) => isOf(side, name), SIDES[side].words, folder);
  return file === null ? null : join(folder, file);
}

/** Of macOS, names come with Hangul in parts. */
const stem = (name: string): string => basename(name, extname(name)).normalize('NFC').toLowerCase();

/** `train-00000-of-00003.parquet`, as `datasets` divides large files. */
const SHARD = /^(.*-)(\d{5})(-of-(\d{5})\..+)$/;

/** Files that may hold rows, as their endings say. */
const readableOf = (files: readonly string[]): string[] =>
  files.filter((name) => formatOfName(name) !== undefined && name !== RELATION_LIST);

function theOne(
  files: readonly string[],
  fits: (name: string) => boolean,
  what: Localized,
  folder: string,
): string | null {
  const readable = readableOf(files);
  // A text of any kind may be a table, but is taken for one only where nothing else is there.
  const texts = files.filter((name) => name.endsWith('.txt'));
  const fitting = [readable, texts].map((names) => names.filter(fits)).find(({ length }) => length > 0) ?? [];
  // KLUE puts a file of ten rows, …_dev_sample_10.json, beside the whole one.
  const found = fitting.length > 1 ? fitting.filter((name) => !/_sample_\d+$/.test(stem(name))) : fitting;
  const [shards = found[0], ...others] = new Set(found.map((name) => name.replace(SHARD, '$1*$3')));
  if (shards !== undefined && others.length === 0)
    return /-of-00001\./.test(shards) || !SHARD.test(found[0]!) ? found[0]! : shards;
  if (found.length === 0) return null;
  throw usageError(
    {
      en: `${folder} has more than one file whose name holds ${what.en}: ${found.join(', ')}.`,
      ko: `${folder}: 이름에 다음이 든 파일이 여럿이다: ${what.ko} (${found.join(', ')}).`,
    },
    {
      en: 'Leave one of them in the folder, or pass a single file with --data FILE.',
      ko: '하나만 폴더에 두거나, --data FILE로 파일 하나를 준다.',
    },
  );
}

async function nothingFor(side: Role, files: readonly string[], folder: string): Promise<Error> {
  const foreign = await foreignIn(folder, files);
  if (foreign) return foreign;
  const [readable, { words }] = [readableOf(files), SIDES[side]];
  const endings = FORMATS.flatMap(({ extensions }) => extensions).join(', ');
  return usageError(
    {
      en: `${folder} has no file whose name holds ${words.en}. Readable files there: ${readable.join(', ') || 'none'}.`,
      ko: `${folder}: 이름에 다음이 든 파일이 없다: ${words.ko}. 읽을 수 있는 파일: ${readable.join(', ') || '없음'}.`,
    },
    {
      en: `Rename the file, or pass it alone with --data FILE. Its ending is one of ${endings}.`,
      ko: `파일 이름을 바꾸거나, --data FILE로 그 파일만 준다. 확장자: ${endings}.`,
    },
  );
}

/** The error for the first of these files that another tool wrote; null where none did. */
async function foreignIn(folder: string, files: readonly string[]): Promise<Error | null> {
  for (const name of files.slice(0, 10)) {
    const source = await openFileSource(join(folder, name));
    try {
      const foreign = foreignFile(await headOf(source));
      if (foreign?.fault === 'foreign') return foreign;
    } finally {
      await source.close();
    }
  }
  return null;
}

/** The files that a path means, in order: one, or all of `train-*-of-00003.jsonl`. Errors: `usage` where one of these is missing. */
export async function filesOf(path: string): Promise<readonly string[]> {
  const [, start, end, count] = /^(.*-)\*(-of-(\d{5})\..+)$/.exec(basename(path)) ?? [];
  if (count === undefined) return [path];
  const names = Array.from({ length: Number(count) }, (_, i) => `${start}${String(i).padStart(5, '0')}${end}`);
  const there = await readdir(dirname(path));
  const missing = names.filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw usageError(
      {
        en: `${dirname(path)} lacks ${missing.join(', ')}: the rows are in ${names.length} files.`,
        ko: `${dirname(path)}: 파일 ${names.length}개로 나뉜 행에서 빠진 것이 있다: ${missing.join(', ')}.`,
      },
      { en: 'Copy the missing files into the folder.', ko: '빠진 파일을 폴더에 넣는다.' },
    );
  return names.map((name) => join(dirname(path), name));
}
