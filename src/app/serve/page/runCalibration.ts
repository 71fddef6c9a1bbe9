import { readJson } from '../../../base/core/files.ts';
import { CALIBRATION_FILE, type Calibration, calibrationSchema } from '../../../engine/runs/calibration.ts';
import { BEST_FOLDER } from '../../../engine/runs/runFolder.ts';
import { fileMemo } from './fileMemo.ts';
import { fileInside } from './folderInside.ts';

const readFile = fileMemo(
  async (path): Promise<Calibration | null> =>
    calibrationSchema.safeParse(await readJson(path).catch(() => null)).data ?? null,
);

/** A run's calibration on its validation rows; null where it has none, as the runs of older versions. */
export async function readCalibration(root: string, name: string): Promise<Calibration | null> {
  const path = await fileInside(root, name, BEST_FOLDER, CALIBRATION_FILE);
  return path === null ? null : readFile(path);
}
