import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readValidated } from '../../base/core/validate.ts';

/** In the folder of a label project: which of its models answers. */
export const PROMOTED_FILE = 'promoted.json';
/** The file that makes a folder a label project. */
export const PROJECT_FILE = 'labels.sqlite';

const promotedSchema = z.object({
  round: z.int().min(0),
  model: z.string().nullable(),
  folder: z
    .string()
    .refine((path) => !/^(?:[/\\]|[a-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(path), 'leads out of the project')
    .nullable(),
});

/** The model that a label project lets answer; null for a folder that is none, or where it is the one that it began with. */
export async function promotedModel(
  folder: string,
): Promise<{ readonly folder: string; readonly name: string } | null> {
  const path = join(folder, PROMOTED_FILE);
  if (!existsSync(path)) return null;
  const promoted = await readValidated(path, promotedSchema, {
    says: {
      en: 'does not say which model of the project answers',
      ko: '프로젝트의 어느 모델이 답하는지 적은 파일이 아니다',
    },
    hint: {
      en: 'Promote a round again, with `korex retrain PROJECT --promote N`.',
      ko: '`korex retrain PROJECT --promote N`으로 다시 고른다.',
    },
  });
  return promoted.folder === null || promoted.model === null
    ? null
    : { folder: join(folder, promoted.folder), name: promoted.model };
}
