import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { inBoth, usageError } from '../core/errors.ts';
import { systemReason } from '../core/files.ts';
import { packagePath } from '../core/packagePath.ts';
import { findSnapshot } from '../hub/cache.ts';
import { hubEnvironment } from '../hub/environment.ts';
import { KLUE_DATASET, KLUE_FILES, KLUE_RE_FOLDER } from '../hub/klueDataset.ts';
import { FORMATS, formatOfName } from './formats/table.ts';

/** What a single file of rows is taken for: training commands take it as `train`, evaluation as `test`. */
export type Role = 'train' | 'test';

/** The files behind `--data`; a side is null where a single file is the other one. */
export interface DataSource {
  readonly name: string;
  readonly train: string | null;
  readonly test: string | null;
}

/**
 * Finds the files of `sample`, `klue`, a folder or a file; paths are relative to the working folder.
 * Of a folder, the file whose name holds `train`, and the one whose name holds `dev`, `validation` or `test`.
 *
 * Errors: `usage` when something is missing or more than one file fits.
 */
export async function findDataSource(data: string, role: Role): Promise<DataSource> {
  const { name, folder } = await placeOf(data);
  if (folder === null) return { name, train: null, test: null, [role]: data };
  const files = await readableFiles(folder);
  return { name, train: sideOf('train', files, folder), test: sideOf('test', files, folder) };
}

/**
 * The file of one side alone, whether the other is there or not; a single file is the training side.
 *
 * Errors: those of `findDataSource`; `usage` for the test side of a single file.
 */
export async function findSide(data: string, side: Role): Promise<{ readonly name: string; readonly path: string }> {
  const { name, folder } = await placeOf(data);
  if (folder !== null) return { name, path: sideOf(side, await readableFiles(folder), folder) };
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

const readableFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && formatOfName(entry.name) !== undefined)
    .map(({ name }) => name)
    .sort();

function sideOf(side: Role, files: readonly string[], folder: string): string {
  const isTrain = (name: string) => stem(name).includes('train');
  const isTest = (name: string) => !isTrain(name) && /dev|valid|test/.test(stem(name));
  const file =
    side === 'train'
      ? theOne(files, isTrain, 'train', folder)
      : theOne(files, isTest, 'dev, validation or test', folder);
  return join(folder, file);
}

const stem = (name: string): string => basename(name, extname(name)).toLowerCase();

function theOne(files: readonly string[], fits: (name: string) => boolean, what: string, folder: string): string {
  const fitting = files.filter(fits);
  // KLUE puts a file of ten rows, …_dev_sample_10.json, beside the whole one.
  const found = fitting.length > 1 ? fitting.filter((name) => !/_sample_\d+$/.test(stem(name))) : fitting;
  if (found.length === 1) return found[0]!;
  const endings = FORMATS.flatMap(({ extensions }) => extensions).join(', ');
  if (found.length === 0)
    throw usageError(
      {
        en: `${folder} has no file whose name holds ${what}. Readable files there: ${files.join(', ') || 'none'}.`,
        ko: `${folder}: 이름에 다음이 든 파일이 없다: ${what}. 읽을 수 있는 파일: ${files.join(', ') || '없음'}.`,
      },
      {
        en: `Expected one for training and one for testing, with one of the endings ${endings}.`,
        ko: `학습 파일과 평가 파일이 하나씩 있어야 한다. 확장자: ${endings}.`,
      },
    );
  throw usageError(
    {
      en: `${folder} has more than one file whose name holds ${what}: ${found.join(', ')}.`,
      ko: `${folder}: 이름에 다음이 든 파일이 여럿이다: ${what} (${found.join(', ')}).`,
    },
    {
      en: 'Leave one of them in the folder, or pass a single file with --data FILE.',
      ko: '하나만 폴더에 두거나, --data FILE로 파일 하나를 준다.',
    },
  );
}
