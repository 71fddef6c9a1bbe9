import type { z } from 'zod';
import { usageError } from '../core/errors.ts';
import type { Storage } from './storage.ts';

/** All bytes of a small file; null where there is none of that name. */
export async function readStored(storage: Storage, path: string): Promise<Uint8Array | null> {
  if ((await storage.find(path)) === null) return null;
  const file = await storage.open(path);
  return file.read(0, file.size).finally(() => file.close());
}

/** What a JSON file of korex's own holds; null where there is none. Errors: `usage` where it is another's, or damaged. */
export async function readStoredJson<Schema extends z.ZodType>(
  storage: Storage,
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  const bytes = await readStored(storage, path);
  if (bytes === null) return null;
  const parsed = schema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  throw usageError(
    {
      en: `${path} is not as this version of korex writes it.`,
      ko: `${path}: 이 판의 korex가 쓰는 모양이 아니다.`,
    },
    {
      en: 'It is of another version, or was changed: remove it, or name another folder.',
      ko: '다른 판이 썼거나 고쳐진 것이다. 지우거나 다른 폴더를 준다.',
    },
  );
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
