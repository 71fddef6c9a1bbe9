import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import { parseJsonLines, readJson, readText } from '../../base/core/files.ts';
import type { Localized } from '../../base/core/types.ts';
import { validated } from '../../base/core/validate.ts';
import { runFolder, trainAgain } from './runFolder.ts';

/**
 * A file of a run below `out`, held to a schema: JSON, the objects of JSONL as a list, or the rows of a CSV file by column.
 *
 * Errors: `usage` where it is not there, `failed` where it is not as korex writes it, with the command that writes it again.
 */
export async function readRunFile<T extends z.ZodType>(
  out: string,
  name: string,
  file: string,
  schema: T,
): Promise<z.output<T>> {
  const path = join(runFolder(out, name), file);
  const hint = trainAgain(name);
  return validated(path, await contentOf(path, hint), schema, {
    says: { en: 'is not a file of stage 06', ko: '06단계의 파일이 아니다' },
    hint,
    error: failure,
  });
}

async function contentOf(path: string, hint: Localized): Promise<unknown> {
  if (path.endsWith('.json')) return readJson(path);
  const text = await readText(path);
  try {
    return path.endsWith('.csv') ? parse(text, { columns: true }) : parseJsonLines(text);
  } catch (error) {
    throw failure(
      {
        en: `${path} cannot be read: ${(error as Error).message}`,
        ko: `읽을 수 없다: ${path} (${(error as Error).message})`,
      },
      hint,
      error,
    );
  }
}
