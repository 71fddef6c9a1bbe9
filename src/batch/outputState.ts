import { existsSync } from 'node:fs';
import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { readJson } from '../core/files.ts';
import { identitySchema } from './identity.ts';

/** How far an output has come: what its files hold for sure, and what it belongs to. */
const outputStateSchema = z.strictObject({
  identity: identitySchema,
  rows: z.int().min(0),
  rejected: z.int().min(0),
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
  lock: `${out}.lock`,
});
export type OutputPaths = ReturnType<typeof outputPaths>;

/** What is left of an interrupted run; null where there was none. Errors: `usage` where the file is no such state. */
export async function readOutputState(path: string): Promise<OutputState | null> {
  if (!existsSync(path)) return null;
  const parsed = outputStateSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw usageError(
    `${path} does not tell how far an interrupted run came.`,
    'It is of another version of korex or was changed. With --force the rows are answered from the first on.',
  );
}
