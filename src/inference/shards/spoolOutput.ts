import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFailure } from '../../base/core/files.ts';
import type { Output, Part } from '../batch/output.ts';
import type { ShardAnswers } from './record.ts';
import type { Spool } from './work.ts';

/** What the spool's files hold, once all of it is there. */
export type SpooledFacts = Omit<ShardAnswers, 'numbers' | 'input_sha256'>;

export interface SpoolOutput extends Output {
  readonly facts: SpooledFacts;
}

/** Files of this machine that a shard's results are written to, from their beginning. Errors: `failed` where the system refuses. */
export async function spoolOutput(spool: Spool, header: string): Promise<SpoolOutput> {
  const out = await openSpooled(spool.out);
  const rejects = await openSpooled(spool.rejects).catch(async (error: unknown) => {
    await out.close();
    throw error;
  });
  const counts = { rows: 0, rejected: 0, labelled: 0, correct: 0 };
  await out.append(header);
  const close = async () => {
    await out.close();
    await rejects.close();
  };
  return {
    get rows() {
      return counts.rows;
    },
    get rejected() {
      return counts.rejected;
    },
    get gold() {
      return counts;
    },
    resumable: false,
    async append(part: Part) {
      await out.append(part.lines);
      await rejects.append(part.rejects);
      counts.rows += part.rows;
      counts.rejected += part.rejected;
      counts.labelled += part.gold?.labelled ?? 0;
      counts.correct += part.gold?.correct ?? 0;
    },
    get facts() {
      const { bytes, sha256 } = out.facts();
      const rejected = rejects.facts();
      return {
        ...counts,
        ...{ output_bytes: bytes, output_sha256: sha256 },
        rejects_sha256: rejected.bytes === 0 ? null : rejected.sha256,
      };
    },
    async finish() {
      await out.sync();
      await rejects.sync();
    },
    async discard() {
      await close();
      await removeSpool(spool);
    },
    close,
  };
}

export async function removeSpool({ out, rejects }: Spool): Promise<void> {
  await rm(out, { force: true });
  await rm(rejects, { force: true });
}

async function openSpooled(path: string) {
  const guarded = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw writeFailure(path, error);
    });
  await guarded(mkdir(dirname(path), { recursive: true }));
  let handle: FileHandle | null = await guarded(open(path, 'w'));
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async append(text: string) {
      if (text === '') return;
      await guarded(handle!.appendFile(text));
      hash.update(text);
      bytes += Buffer.byteLength(text);
    },
    sync: () => guarded(handle!.sync()),
    facts: () => ({ bytes, sha256: hash.copy().digest('hex') }),
    async close() {
      await handle?.close();
      handle = null;
    },
  };
}
