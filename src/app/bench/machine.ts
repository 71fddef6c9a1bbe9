import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { VERSION } from '../../base/core/version.ts';
import { runtimeVersion } from '../../engine/runtime/device.ts';

/** What a measurement ran on: figures of different machines cannot be compared. */
export const machineSchema = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memory_gib: z.number(),
  platform: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  korex: z.string(),
});

export type Machine = Readonly<z.output<typeof machineSchema>>;

export const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory_gib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  onnxruntime: runtimeVersion(),
  korex: VERSION,
});
