import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../../base/core/errors.ts';
import { readJson } from '../../../base/core/files.ts';

/**
 * Speed on this machine. It stands in a file of its own beside the ranking and never enters it: the other figures of
 * stage 04 are the same everywhere.
 */
const measuredSpeedSchema = z.strictObject({
  encoder: z.string(),
  layers: z.number().int().positive(),
  device: z.string(),
  rows: z.number().int().positive(),
  batch: z.number().int().positive(),
  /** Mean tokens of a row, special tokens included. */
  tokens: z.number().positive(),
  seconds: z.number().positive(),
  rows_per_second: z.number().positive(),
});

export type MeasuredSpeed = z.infer<typeof measuredSpeedSchema>;

export const MEASURED_SPEED_FILE = 'measured_speed.json';

/** Null where nothing was measured. Errors: `failed` where the file is not one that korex wrote. */
export async function readMeasuredSpeed(folder: string): Promise<MeasuredSpeed | null> {
  const path = join(folder, MEASURED_SPEED_FILE);
  if (!existsSync(path)) return null;
  const parsed = measuredSpeedSchema.safeParse(await readJson(path));
  if (!parsed.success) throw failure(`${path} is not a measurement of korex.`, 'Delete it and run stage 04 again.');
  return parsed.data;
}
