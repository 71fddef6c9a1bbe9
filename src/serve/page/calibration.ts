import { z } from 'zod';
import { readJson } from '../../core/files.ts';
import { fileInside } from './folderInside.ts';
import type { Reliability } from './shapes.ts';

const bin = z.object({
  from: z.number(),
  to: z.number(),
  rows: z.number(),
  confidence: z.number().nullable(),
  accuracy: z.number().nullable(),
});
const side = z.object({ ece: z.number(), nll: z.number(), bins: z.array(bin) });
const reliabilitySchema = z.object({ rows: z.number(), temperature: z.number(), before: side, after: side });

/** A run's calibration on its validation rows; null where it has none, as the runs of older versions. */
export async function readCalibration(root: string, name: string): Promise<Reliability | null> {
  const path = await fileInside(root, name, 'best', 'calibration.json');
  const parsed = path ? reliabilitySchema.safeParse(await readJson(path).catch(() => null)) : null;
  return parsed?.success ? parsed.data : null;
}
