import { readFile } from 'node:fs/promises';
import { usageError } from '../../base/core/errors.ts';

/** The API key in a file, without the white space around it. Errors: `usage` where there is none. */
export async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usageError(
      `The API key in ${path} cannot be read: ${error.message}.`,
      '--api-key-file takes a file with one line.',
    );
  });
  const key = text.trim();
  if (/^\S+$/.test(key)) return key;
  throw usageError(
    `${path} holds no API key: expected one line without spaces.`,
    'E.g. `openssl rand -hex 32 > FILE`.',
  );
}
