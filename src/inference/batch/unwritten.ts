import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rm, truncate } from 'node:fs/promises';
import { z } from 'zod';
import { keptFailure } from './outputState.ts';

/** The model's result of a row, by the row's place in the input, counted from 0. */
export type RowLogits = ReadonlyMap<number, Float32Array>;

/**
 * What the model has come to for rows that cannot be written yet. Rows of a window are answered by length and written
 * in their order, all at once; with a large model that takes minutes, and a killed process should lose seconds.
 */
export interface Unwritten {
  /** What an interrupted run left. */
  readonly found: RowLogits;
  /** How many rows are kept now. */
  readonly count: number;
  /** Keeps rows; the disk has them afterwards. */
  add(rows: RowLogits): Promise<void>;
  /** The rows are written. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const lineSchema = z.object({ row: z.int().min(0), logits: z.array(z.number()) });

/**
 * Rows in a file of lines, which ends where a killed process stopped writing.
 *
 * @param from the first row that is not written; the file may still hold those before, where a process was killed before it
 * could clear them
 */
export async function openUnwritten(path: string, from: number): Promise<Unwritten> {
  const { rows: found, bytes } = await readRows(path, from);
  let count = found.size;
  let file: FileHandle | null = null;
  let exists = existsSync(path);
  if (exists) await truncate(path, bytes);
  const close = async () => {
    await file?.close();
    file = null;
  };
  return {
    found,
    get count() {
      return count;
    },
    async add(rows) {
      if (rows.size === 0) return;
      try {
        exists = true;
        file ??= await open(path, 'a');
        await file.appendFile([...rows].map(([row, logits]) => lineOf(row, logits)).join(''));
        await file.datasync();
        count += rows.size;
      } catch (error) {
        throw keptFailure(path, error);
      }
    },
    async clear() {
      count = 0;
      await close();
      if (exists) await rm(path, { force: true });
      exists = false;
    },
    close,
  };
}

/** Numbers of 32 bits are written so that reading gives the same bits. */
const lineOf = (row: number, logits: Float32Array): string => `${JSON.stringify({ row, logits: [...logits] })}\n`;

/** The rows of the file's whole lines, and how many bytes these are. */
async function readRows(path: string, from: number) {
  const rows = new Map<number, Float32Array>();
  let bytes = 0;
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = lineSchema.safeParse(parsedOrNull(line));
    if (!parsed.success) break;
    bytes += Buffer.byteLength(line) + 1;
    const { row, logits } = parsed.data;
    if (row >= from) rows.set(row, Float32Array.from(logits));
  }
  return { rows, bytes };
}

function parsedOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
