import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../../base/core/files.ts';

/** What has been spent on a run, and which run that was. */
const sittingsSchema = z.object({ digest: z.string(), seconds: z.array(z.number()) });

/** How often the time of a sitting is noted: a killed process loses no more than this. */
const NOTED_EVERY_MS = 30_000;

/** Whether a run with this digest was begun; null where nothing was begun that can be read. */
export async function begunRun(path: string): Promise<{ readonly digest: string } | null> {
  const parsed = sittingsSchema.safeParse(await readJson(path).catch(() => null));
  return parsed.success ? parsed.data : null;
}

/**
 * Does work and returns what came of it with the minutes that it took, those of earlier, interrupted sittings included;
 * they are kept in a file from the beginning on.
 */
export async function timed<T>(
  path: string,
  digest: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly minutes: number }> {
  const earlier = sittingsSchema.safeParse(await readJson(path).catch(() => null));
  const before = earlier.success && earlier.data.digest === digest ? earlier.data.seconds : [];
  const started = performance.now();
  const seconds = () => [...before, (performance.now() - started) / 1000];
  await mkdir(dirname(path), { recursive: true });
  let writing = writeJson(path, { digest, seconds: seconds() });
  const note = () => {
    writing = writing.then(() => writeJson(path, { digest, seconds: seconds() }));
    // Heard of below; until then it must not count as unhandled.
    writing.catch(() => {});
  };
  const ticking = setInterval(note, NOTED_EVERY_MS);
  try {
    const value = await work();
    return { value, minutes: seconds().reduce((sum, sitting) => sum + sitting, 0) / 60 };
  } finally {
    clearInterval(ticking);
    note();
    await writing;
  }
}
