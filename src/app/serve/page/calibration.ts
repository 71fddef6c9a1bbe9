import { readJson } from '../../../base/core/files.ts';
import { CALIBRATION_FILE, type Calibration, calibrationSchema } from '../../../engine/runs/calibration.ts';
import { BEST_FOLDER } from '../../../engine/runs/runFolder.ts';
import { fileInside } from './folderInside.ts';

/** A run's calibration on its validation rows; null where it has none, as the runs of older versions. */
export async function readCalibration(root: string, name: string): Promise<Calibration | null> {
  const path = await fileInside(root, name, BEST_FOLDER, CALIBRATION_FILE);
  const parsed = path ? calibrationSchema.safeParse(await readJson(path).catch(() => null)) : null;
  return parsed?.success ? parsed.data : null;
}
