import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, usageError } from '../../base/core/errors.ts';
import { tryLock } from '../../base/core/fileLock.ts';
import { writeFailure } from '../../base/core/files.ts';
import { checkLocal } from '../../base/storage/storageOf.ts';
import { differenceOf, type Identity } from './identity.ts';
import type { Output, Part } from './output.ts';
import {
  keptFailure,
  type OutputPaths,
  type OutputProgress,
  outputPaths,
  readOutputState,
  writeOutputState,
} from './outputState.ts';
import { openUnwritten, type Unwritten } from './unwritten.ts';

export interface FileOutputOptions {
  /** What the output belongs to; null where a later run cannot continue, as its input is a pipe. */
  readonly identity: Identity | null;
  /** What the file begins with. */
  readonly header: string;
  /** Begins at the first row, whatever is there. */
  readonly force: boolean;
}

/**
 * Opens an output file, to continue where an interrupted run stopped.
 *
 * Rows are written to `OUT.partial` and `OUT.rejects.jsonl.partial` and flushed to the disk; then `OUT.partial.json`, which
 * is replaced as a whole, says how many rows and bytes count. So whenever the process is killed, the state on disk belongs
 * to rows that are there, and what a killed process wrote beyond them is cut off. `OUT.partial.logits.jsonl` holds the
 * model's results of rows that cannot be written yet. The finished files get their names last.
 *
 * Errors: `usage` where a finished file is there, or a half-finished one that belongs to something else; `failed` where
 * another process writes to it or the system refuses.
 */
export async function openFileOutput(out: string, options: FileOutputOptions): Promise<Output> {
  checkLocal(out);
  const paths = outputPaths(out);
  const lock = await tryLock(paths.lock);
  if ('holder' in lock)
    throw failure(
      {
        en: `Another korex process${lock.holder === null ? '' : ` (number ${lock.holder})`} is writing ${out}.`,
        ko: `${out}: 다른 korex 프로세스${lock.holder === null ? '' : `(번호 ${lock.holder})`}가 쓰고 있다.`,
      },
      { en: 'Wait until it has finished, or write to another file.', ko: '끝날 때까지 기다리거나 다른 파일에 쓴다.' },
    );
  try {
    const save = async (progress: OutputProgress) => {
      if (options.identity !== null) await writeOutputState(paths, { identity: options.identity, ...progress });
    };
    const { continues, ...progress } = await startingPoint(paths, options);
    // They are of whatever run stopped here before.
    if (!continues) await rm(paths.unwritten, { force: true });
    const unwritten = options.identity === null ? undefined : await openUnwritten(paths.unwritten, progress.rows);
    const handles = progress.finished ? null : await openFiles(paths, progress, save, options.header);
    return fileOutput({ paths, handles, save, release: lock.release, unwritten }, progress);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where to begin: at the first row, or behind those of an interrupted run. */
async function startingPoint(
  paths: OutputPaths,
  { identity, header, force }: FileOutputOptions,
): Promise<OutputProgress & { readonly continues: boolean }> {
  const begin = {
    ...{ rows: 0, rejected: 0, labelled: 0, correct: 0, out_bytes: Buffer.byteLength(header), rejects_bytes: 0 },
    ...{ finished: false, replaces: false, continues: false },
  };
  if (existsSync(paths.out) && (await stat(paths.out)).isDirectory())
    throw usageError(
      { en: `${paths.out} is a folder.`, ko: `${paths.out}: 폴더이다.` },
      { en: 'Name a file to write.', ko: '쓸 파일의 이름을 준다.' },
    );
  if (force) return { ...begin, replaces: true };
  const saved = await readOutputState(paths.state);
  // A finished run that was killed just before its state went: its files may be gone since.
  if (saved?.finished && !existsSync(paths.out) && !existsSync(paths.partial)) return begin;
  if (existsSync(paths.out) && !(saved?.replaces || saved?.finished))
    throw usageError(
      { en: `${paths.out} is there already.`, ko: `${paths.out}: 이미 있다.` },
      { en: 'Name another file, or replace it with --force.', ko: '다른 파일 이름을 주거나, --force로 바꾼다.' },
    );
  if (saved === null) return begin;
  const difference =
    identity === null ? { en: 'another input', ko: '다른 입력' } : differenceOf(saved.identity, identity);
  if (difference !== null)
    throw usageError(
      {
        en: `${paths.partial} holds ${saved.rows} rows of ${difference.en}.`,
        ko: `${paths.partial}: ${difference.ko}의 ${saved.rows}행이 들어 있다.`,
      },
      {
        en: 'Finish that run with its own command, name another file, or start over with --force.',
        ko: '그 명령으로 마저 끝내거나, 다른 파일 이름을 주거나, --force로 새로 시작한다.',
      },
    );
  const { identity: _, ...progress } = saved;
  return { ...progress, continues: true };
}

type Save = (progress: OutputProgress) => Promise<void>;
interface Handles {
  readonly out: FileHandle;
  readonly rejects: FileHandle;
}

/** Both partial files with what counts of them; new ones with the header. */
async function openFiles(paths: OutputPaths, progress: OutputProgress, save: Save, header: string): Promise<Handles> {
  if (progress.rows > 0) {
    await cutBack(paths.partial, progress.out_bytes);
    await cutBack(paths.rejectsPartial, progress.rejects_bytes);
    return openBoth(paths, 'a');
  }
  try {
    await mkdir(dirname(paths.out), { recursive: true });
    // No state counts what is not there yet.
    await rm(paths.state, { force: true });
  } catch (error) {
    throw writeFailure(paths.out, error);
  }
  const handles = await openBoth(paths, 'w');
  try {
    await write(handles.out, header, paths.partial);
    await save(progress);
    return handles;
  } catch (error) {
    await closeBoth(handles);
    throw error;
  }
}

async function openBoth(paths: OutputPaths, flags: 'a' | 'w'): Promise<Handles> {
  try {
    const out = await open(paths.partial, flags);
    const rejects = await open(paths.rejectsPartial, flags).catch(async (error: unknown) => {
      await out.close();
      throw error;
    });
    return { out, rejects };
  } catch (error) {
    throw writeFailure(paths.partial, error);
  }
}

async function closeBoth({ out, rejects }: Handles): Promise<void> {
  await out.close();
  await rejects.close();
}

/** Cuts off what a killed process wrote and never counted. */
async function cutBack(path: string, bytes: number): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.size < bytes)
    throw usageError(
      {
        en: `${path} ${found === null ? 'is gone' : 'is shorter than it was'}, so its run cannot go on.`,
        ko: `${path}: ${found === null ? '없어져서' : '전보다 짧아져서'} 이어 갈 수 없다.`,
      },
      { en: 'Start over with --force.', ko: '--force로 새로 시작한다.' },
    );
  await truncate(path, bytes).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
}

interface OpenOutput {
  readonly paths: OutputPaths;
  /** Null where every row is there already. */
  readonly handles: Handles | null;
  readonly save: Save;
  readonly release: () => void;
  /** Undefined where a later run cannot continue. */
  readonly unwritten: Unwritten | undefined;
}

function fileOutput({ paths, handles, save, release, unwritten }: OpenOutput, begun: OutputProgress): Output {
  let progress = begun;
  let closed = false;
  return {
    get rows() {
      return progress.rows;
    },
    get rejected() {
      return progress.rejected;
    },
    get gold() {
      return progress;
    },
    resumable: unwritten !== undefined,
    unwritten,
    async append(part: Part) {
      if (handles === null) throw new Error('A finished output takes no more rows.');
      await write(handles.out, part.lines, paths.partial);
      await write(handles.rejects, part.rejects, paths.rejectsPartial);
      const next = {
        ...progress,
        rows: progress.rows + part.rows,
        rejected: progress.rejected + part.rejected,
        labelled: progress.labelled + (part.gold?.labelled ?? 0),
        correct: progress.correct + (part.gold?.correct ?? 0),
        out_bytes: progress.out_bytes + Buffer.byteLength(part.lines),
        rejects_bytes: progress.rejects_bytes + Buffer.byteLength(part.rejects),
      };
      await save(next);
      progress = next;
      await unwritten?.clear();
    },
    async finish() {
      await unwritten?.clear();
      progress = { ...progress, finished: true };
      await save(progress);
      try {
        await nameFiles(paths, progress);
      } catch (error) {
        throw writeFailure(paths.out, error);
      }
    },
    async discard() {
      await unwritten?.clear();
      for (const path of [paths.state, paths.stateDraft, paths.partial, paths.rejectsPartial])
        await rm(path, { force: true });
    },
    async close() {
      if (closed) return;
      closed = true;
      if (handles) await closeBoth(handles);
      await unwritten?.close();
      release();
    },
  };
}

/** Each step can have been done already by a process that was killed after it. */
async function nameFiles(paths: OutputPaths, { rejected }: OutputProgress): Promise<void> {
  if (existsSync(paths.rejectsPartial)) {
    if (rejected > 0) await rename(paths.rejectsPartial, paths.rejects);
    else {
      await rm(paths.rejects, { force: true });
      await rm(paths.rejectsPartial);
    }
  }
  if (existsSync(paths.partial)) await rename(paths.partial, paths.out);
  await rm(paths.stateDraft, { force: true });
  await rm(paths.state, { force: true });
}

/** Appends a text and waits until the disk has it. */
async function write(handle: FileHandle, text: string, path: string): Promise<void> {
  if (text === '') return;
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } catch (error) {
    throw keptFailure(path, error);
  }
}
