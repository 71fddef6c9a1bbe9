import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256File } from '../../base/core/files.ts';
import { resolveEncoder } from '../../engine/nn/encoderFolder.ts';

/**
 * Digest of what an encoder's files hold, wherever they lie: unlike `encoderDigest` of the stages it is the same on another
 * machine, so that committed results are known again there.
 */
export async function encoderContent(encoder: string): Promise<string> {
  const folder = await resolveEncoder(encoder);
  const entries = await readdir(folder, { withFileTypes: true });
  // Files of the Hub's cache are links.
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).sort();
  const digests: string[][] = [];
  for (const name of names) digests.push([name, await sha256File(join(folder, name))]);
  return sha256(JSON.stringify(digests));
}
