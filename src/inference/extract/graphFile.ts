import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFailure } from '../../base/core/files.ts';
import { checkFree } from '../../base/core/outputs.ts';
import type { Language } from '../../base/core/types.ts';
import { checkLocal } from '../../base/storage/storageOf.ts';
import type { DocumentGraph } from '../predict/documentSchema.ts';
import type { GraphWriter } from './writers/graphWriter.ts';
import { graphFormatOf } from './writers/table.ts';

/** Where graphs go, one after the other. */
export interface GraphOutput {
  write(graph: DocumentGraph): Promise<void>;
  /** All are there: the files get their names. */
  finish(): Promise<void>;
  /** Leaves no trace of what is not finished; safe after `finish`. */
  close(): Promise<void>;
}

/**
 * Opens the file that graphs are written to, in the format of its ending; or the folder, where the format has several
 * files. Nothing is there under its name before all of it is; `-` is standard output.
 *
 * Errors: `usage` for an ending that no format has, and where something is there already unless `force` replaces it;
 * `failed` where the system refuses.
 */
export async function openGraphOutput(out: string, lang: Language, force: boolean): Promise<GraphOutput> {
  const format = graphFormatOf(out);
  if (out === '-') return pipeOutput(format.files[0]!.open(lang));
  checkLocal(out);
  await checkFree(out, format.files.length > 1, force);
  const parts = format.files.map(({ name, open }) => ({
    path: name === '' ? out : join(out, name),
    writer: open(lang),
  }));
  const files: PartFile[] = [];
  try {
    for (const part of parts) files.push(await openPart(part.path, part.writer));
  } catch (error) {
    for (const file of files) await file.close();
    throw error;
  }
  const each = async (work: (file: PartFile) => Promise<void>) => {
    for (const file of files) await work(file);
  };
  return {
    write: (graph) => each((file) => file.append(file.writer.document(graph))),
    finish: async () => {
      await each((file) => file.complete());
      await each((file) => file.rename());
    },
    close: () => each((file) => file.close()),
  };
}

interface PartFile {
  readonly writer: GraphWriter;
  append(text: string): Promise<void>;
  complete(): Promise<void>;
  rename(): Promise<void>;
  close(): Promise<void>;
}

async function openPart(path: string, writer: GraphWriter): Promise<PartFile> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const guarded = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw writeFailure(path, error);
    });
  await guarded(mkdir(dirname(path), { recursive: true }));
  let handle: FileHandle | null = await guarded(open(temporary, 'w'));
  const append = (text: string) => guarded(handle!.appendFile(text));
  await append(writer.begin());
  return {
    writer,
    append,
    async complete() {
      await append(writer.end());
      await guarded(handle!.sync());
      await handle!.close();
      handle = null;
    },
    rename: () => guarded(rename(temporary, path)),
    async close() {
      await handle?.close();
      handle = null;
      await rm(temporary, { force: true });
    },
  };
}

/** Standard output, which waits for who reads it. */
function pipeOutput(writer: GraphWriter): GraphOutput {
  const put = async (text: string) => {
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  return {
    write: (graph) => put(writer.document(graph)),
    finish: async () => {},
    close: async () => {},
  };
}
