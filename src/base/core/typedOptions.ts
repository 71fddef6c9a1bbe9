import type { z } from 'zod';
import { usageError } from './errors.ts';
import { issueWords } from './issueWords.ts';
import { flagOf } from './settings.ts';

/** Options of a command that are no settings, as typed. */
export type TypedOptions = Readonly<Record<string, string | undefined>>;

/**
 * Checks options against their schema.
 *
 * @param command whose help shows them
 * Errors: `usage`, naming the option and what it takes.
 */
export function parseOptions<T extends z.ZodType>(schema: T, given: TypedOptions, command: string): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const words = issueWords(issue);
  const name = String(issue.path[0]);
  throw usageError(
    {
      en: `${flagOf(name)} is ${JSON.stringify(given[name])}: ${words.en}.`,
      ko: `${flagOf(name)}의 값 ${JSON.stringify(given[name])}: ${words.ko}.`,
    },
    {
      en: `\`${command} --help\` shows what it takes.`,
      ko: `\`${command} --help\`가 쓸 수 있는 값을 보인다.`,
    },
  );
}
