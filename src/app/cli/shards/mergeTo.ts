import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { writeFailure } from '../../../base/core/files.ts';
import { checkFree } from '../../../base/core/outputs.ts';
import { endingOf } from '../../../base/data/formats/table.ts';
import { linesOf } from '../../../base/data/lines.ts';
import { schemeOf, storageOf, within } from '../../../base/storage/storageOf.ts';
import { outputPaths } from '../../../inference/batch/outputState.ts';
import { openGraphOutput } from '../../../inference/extract/graphFile.ts';
import { graphFormatOf } from '../../../inference/extract/writers/table.ts';
import { DOCUMENT_SCHEMAS } from '../../../inference/predict/documentSchema.ts';
import { writeManifest } from '../../../inference/shards/manifest.ts';
import { localSink, type MergeOutcome, type MergeSink, mergeShards } from '../../../inference/shards/mergeShards.ts';
import { FOLDER_FILES, type ShardFolder } from '../../../inference/shards/shardFolder.ts';
import type { Call } from '../command.ts';
import { SPOOL_PREFIX } from './answerShard.ts';

export interface Merged extends MergeOutcome {
  readonly out: string;
  /** Null where no row was rejected. */
  readonly rejects: string | null;
}

/**
 * Merges a folder of shards into one file, as one run over the whole input writes it, with a file of rejects beside it where
 * there are some. Nothing is there under its name before all of it is.
 *
 * Errors: `failed` where shards are missing; `usage` where the file's ending does not fit, or it is there already.
 */
export async function mergeTo(call: Call, folder: ShardFolder, out: string): Promise<Merged> {
  const { settings, reporter, signal } = call;
  const from = folder.out;
  const isGraph = folder.work.command === 'extract' && endingOf(out) !== folder.work.extension;
  if (isGraph) graphFormatOf(out);
  else if (endingOf(out) !== folder.work.extension) throw otherEnding(out, folder);
  const isLocal = schemeOf(out) === null;
  const storage = await storageOf(out);
  const isFolder = isGraph && graphFormatOf(out).files.length > 1;
  if (isLocal) await checkFree(out, isFolder, settings.force);
  else if (isFolder) throw localOnly(out);
  else if (!settings.force && (await storage.find(out)) !== null) throw thereAlready(out);
  const spool = await spoolFor(isLocal ? dirname(out) : tmpdir(), out);
  const [answersFile, rejectsFile, manifest] = ['answers', 'rejects', 'manifest'].map((name) => join(spool, name)) as [
    string,
    string,
    string,
  ];
  try {
    await writeManifest(folder, manifest);
    const graphs = isGraph
      ? await openGraphOutput(graphPath(out, isLocal, spool), settings.lang, settings.force)
      : null;
    const answers = await localSink(answersFile);
    const rejects = await localSink(rejectsFile);
    const bar = reporter.progress(`merge ${from}`, folder.cut.shards, 'shards');
    try {
      const lines = graphs ? graphLines(graphs.write) : null;
      const outcome = await mergeShards(
        folder,
        manifest,
        { answers: lines ?? answers, rejects },
        { signal, onProgress: (done) => bar.update(done) },
      );
      await lines?.end();
      await answers.finish();
      await rejects.finish();
      const rejectsOut = outputPaths(out).rejects;
      if (rejects.bytes > 0) await storage.moveIn(rejectsFile, rejectsOut);
      else await storage.remove(rejectsOut);
      if (graphs === null) await storage.moveIn(answersFile, out);
      else {
        await graphs.finish();
        if (!isLocal) await storage.moveIn(graphPath(out, isLocal, spool), out);
      }
      await folder.storage.moveIn(manifest, within(from, FOLDER_FILES.manifest));
      await removeSpools(from);
      return { out, rejects: rejects.bytes > 0 ? rejectsOut : null, ...outcome };
    } finally {
      bar.end();
      await answers.close();
      await rejects.close();
      await graphs?.close();
    }
  } finally {
    await rm(spool, { recursive: true, force: true });
  }
}

const graphPath = (out: string, isLocal: boolean, spool: string): string =>
  isLocal ? out : join(spool, `graphs${endingOf(out)}`);

async function spoolFor(folder: string, out: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await mkdtemp(join(folder, SPOOL_PREFIX));
  } catch (error) {
    throw writeFailure(out, error);
  }
}

/** What tasks that were killed have left. */
async function removeSpools(folder: string): Promise<void> {
  if (schemeOf(folder) !== null) return;
  for (const name of await readdir(folder))
    if (name.startsWith(SPOOL_PREFIX)) await rm(join(folder, name), { recursive: true, force: true });
}

type WriteGraph = Awaited<ReturnType<typeof openGraphOutput>>['write'];

/** Takes lines of graphs in pieces, and writes each graph. */
function graphLines(write: WriteGraph): MergeSink & { end(): Promise<void> } {
  let waiting: Uint8Array[] = [];
  const writeAll = async (pieces: readonly Uint8Array[]) => {
    for await (const { bytes } of linesOf(streamOf(pieces)))
      if (bytes) await write(DOCUMENT_SCHEMAS.DocumentGraph.parse(JSON.parse(new TextDecoder().decode(bytes))));
  };
  return {
    async write(piece) {
      const end = piece.lastIndexOf(0x0a) + 1;
      if (end > 0) {
        await writeAll([...waiting, piece.subarray(0, end)]);
        waiting = [];
      }
      if (end < piece.length) waiting.push(piece.subarray(end));
    },
    end: () => writeAll(waiting),
  };
}

async function* streamOf(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

const otherEnding = (out: string, { work: { extension, command } }: ShardFolder) =>
  usageError(
    { en: `${out}: the shards are written as ${extension}.`, ko: `${out}: 샤드는 ${extension} 형식으로 쓰여 있다.` },
    command === 'batch' && extension === '.jsonl'
      ? {
          en: 'Name a .jsonl file; for a table, answer with --format csv.',
          ko: '.jsonl 파일의 이름을 준다. 표로 받으려면 --format csv로 답한다.',
        }
      : { en: `Name a file that ends in ${extension}.`, ko: `${extension}로 끝나는 이름을 준다.` },
  );

const localOnly = (out: string) =>
  usageError(
    {
      en: `${out}: this format writes a folder, which can only be on this machine.`,
      ko: `${out}: 이 형식은 폴더를 쓰므로 이 컴퓨터에만 쓸 수 있다.`,
    },
    { en: 'Name a path.', ko: '경로를 준다.' },
  );

const thereAlready = (out: string) =>
  usageError(
    { en: `${out} is there already.`, ko: `${out}: 이미 있다.` },
    { en: 'Name another file, or replace it with --force.', ko: '다른 이름을 주거나 --force로 바꾼다.' },
  );
