import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { z } from 'zod';
import { failure, usageError } from '../../base/core/errors.ts';
import { readJson, systemReason, toJson } from '../../base/core/files.ts';
import { identitySchema } from './identity.ts';

/** How far an output has come: what its files hold for sure, and what it belongs to. */
const outputStateSchema = z.strictObject({
  identity: identitySchema,
  rows: z.int().min(0),
  rejected: z.int().min(0),
  /** Of the answered rows, those with a gold label, and those whose answer is that. */
  labelled: z.int().min(0).default(0),
  correct: z.int().min(0).default(0),
  /** Bytes of both partial files that belong to these rows; what lies behind them was written by a process that was killed. */
  out_bytes: z.int().min(0),
  rejects_bytes: z.int().min(0),
  /** Whether a finished file of an earlier run may be replaced. */
  replaces: z.boolean(),
  /** Every row is there; only the files have yet to get their names. */
  finished: z.boolean(),
});
export type OutputState = z.output<typeof outputStateSchema>;
export type OutputProgress = Omit<OutputState, 'identity'>;

/** Names of the files around an output. */
export const outputPaths = (out: string) => ({
  out,
  rejects: `${out}.rejects.jsonl`,
  partial: `${out}.partial`,
  rejectsPartial: `${out}.rejects.jsonl.partial`,
  state: `${out}.partial.json`,
  stateDraft: `${out}.partial.json.tmp`,
  unwritten: `${out}.partial.logits.jsonl`,
  lock: `${out}.lock`,
});
export type OutputPaths = ReturnType<typeof outputPaths>;

/**
 * Replaces the state as a whole: flushed to the disk first, then renamed. The draft's name is always the same, so that a
 * process that is killed leaves none behind for good; the lock keeps others away.
 */
export async function writeOutputState({ state, stateDraft }: OutputPaths, content: OutputState): Promise<void> {
  try {
    const file = await open(stateDraft, 'w');
    try {
      await file.writeFile(toJson(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(stateDraft, state);
  } catch (error) {
    throw keptFailure(state, error);
  }
}

/** The error for a write that the system refused while the state before still counts. */
export const keptFailure = (path: string, error: unknown) =>
  failure(
    { en: `Cannot write ${path}: ${systemReason(error)}.`, ko: `쓸 수 없다: ${path} (${systemReason(error, 'ko')})` },
    {
      en: 'The rows before are kept: free some disk space, then the same command continues from there.',
      ko: '앞선 행은 남아 있다. 디스크를 비우고 같은 명령을 실행하면 거기서 이어 간다.',
    },
    error,
  );

/** What is left of an interrupted run; null where there was none. Errors: `usage` where the file is no such state. */
export async function readOutputState(path: string): Promise<OutputState | null> {
  if (!existsSync(path)) return null;
  const parsed = outputStateSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw usageError(
    {
      en: `${path} is no record of an interrupted run that this version can read.`,
      ko: `${path}: 이 판이 읽을 수 있는, 중단된 실행의 기록이 아니다.`,
    },
    {
      en: 'It is of another version of korex or was changed. With --force all rows are answered again.',
      ko: '다른 판의 korex가 썼거나 고쳐진 것이다. --force를 주면 모든 행에 다시 답한다.',
    },
  );
}
