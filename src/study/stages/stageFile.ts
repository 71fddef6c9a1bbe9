import { join } from 'node:path';
import type { z } from 'zod';
import { writeJson } from '../../base/core/files.ts';
import { readValidated } from '../../base/core/validate.ts';
import type { StageName } from './stage.ts';

/** A JSON file that a stage writes and others read: the only place that knows its name, its shape and how to read it. */
export interface StageFile<T extends z.ZodType> {
  /** Folder of the stage under `--out`. */
  readonly folder: string;
  readonly name: string;
  readonly schema: T;
  path(out: string): string;
  /** Errors: `usage`, with the path and the field, where the file is missing or not as the stage writes it. */
  read(out: string): Promise<z.output<T>>;
  write(out: string, value: z.input<T>): Promise<void>;
}

export function stageFile<T extends z.ZodType>(
  stage: StageName,
  folder: string,
  name: string,
  schema: T,
): StageFile<T> {
  const path = (out: string): string => join(out, folder, name);
  return {
    folder,
    name,
    schema,
    path,
    read: (out) =>
      readValidated(path(out), schema, {
        says: { en: `is not as \`korex ${stage}\` writes it`, ko: `\`korex ${stage}\`가 쓴 모양이 아니다` },
        hint: { en: `Write it again: korex ${stage} --force`, ko: `다시 쓴다: korex ${stage} --force` },
      }),
    write: (out, value) => writeJson(path(out), value),
  };
}
