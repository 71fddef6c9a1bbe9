import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import { CALIBRATION_FILE, type Calibration, calibrationSchema } from './calibrationFile.ts';

/**
 * The calibration of a model folder; null where it has none, as before korex fitted any or for classifiers made elsewhere.
 *
 * Errors: `usage` for a file that is none.
 */
export async function loadCalibration(folder: string): Promise<Calibration | null> {
  const path = join(folder, CALIBRATION_FILE);
  if (!existsSync(path)) return null;
  const parsed = calibrationSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const { path: key, message } = parsed.error.issues[0]!;
  throw usageError(
    `${path} is no calibration of a model: ${key.join('.')}: ${message}.`,
    'Remove it to answer uncalibrated, or train the run again.',
  );
}
