import { type KorexError, usageError } from '../core/errors.ts';
import type { Language, Localized } from '../core/types.ts';
import { type Problem, problemAt, shown } from './checkRow.ts';
import { groupBy } from './grouping.ts';

/** A row that was left out, with all that is wrong with it. */
export interface RejectedRow {
  readonly file: string;
  readonly row: number;
  readonly problems: readonly Problem[];
  /** As it stands in the file. */
  readonly value: unknown;
}

const MAX_SHOWN = 20;

/** The one error for all bad rows of a file: the first 20 with field, found and expected, and a count of the rest. */
export function badRowsError(
  path: string,
  total: number,
  counting: Localized,
  rejected: readonly RejectedRow[],
  hint: Localized = SKIP_THEM,
): KorexError {
  return usageError(
    {
      en: `${path}: ${rejected.length} of ${total} rows ${rejected.length === 1 ? 'is' : 'are'} invalid (${counting.en}).\n${badRowsText(rejected, 'en')}`,
      ko: `${path}: ${total}행 가운데 ${rejected.length}행이 잘못되었다(${counting.ko}).\n${badRowsText(rejected, 'ko')}`,
    },
    hint,
  );
}

const SKIP_THEM: Localized = {
  en: 'Correct the file, or leave such rows out with --on-bad-row skip (they are then listed in rejected_rows.jsonl).',
  ko: '파일을 고치거나, --on-bad-row skip으로 그런 행을 뺀다(rejected_rows.jsonl에 적힌다).',
};

/** The problems of bad rows, what is the same of several rows in one line, at most 20, and a count of the rows that are left. */
export function badRowsText(rejected: readonly Pick<RejectedRow, 'row' | 'problems'>[], lang: Language): string {
  const problems = rejected.flatMap(({ row, problems }) => problems.map((problem) => ({ row, ...problem })));
  const groups = [...groupBy(problems, ({ field, expected }) => `${field}\n${expected.en}`).values()].slice(
    0,
    MAX_SHOWN,
  );
  const lines = groups.map((group) => {
    const { field, expected } = group[0]!;
    const rows = some(
      group.map(({ row }) => `${row}`),
      lang,
    );
    const found = some([...new Set(group.map(({ found }) => found[lang]))], lang);
    return lang === 'en'
      ? `${group.length === 1 ? 'row' : 'rows'} ${rows}, ${field}: found ${found}; expected ${expected.en}`
      : `${rows}행, ${field}: 있는 것은 ${found}, 필요한 것은 ${expected.ko}`;
  });
  const named = new Set(groups.flat().map(({ row }) => row));
  const rest = rejected.filter(({ row }) => !named.has(row)).length;
  if (rest > 0) lines.push(lang === 'en' ? `… and ${rest} more rows` : `… 그 밖에 ${rest}행`);
  return lines.map((line) => `  ${line}`).join('\n');
}

function some(items: readonly string[], lang: Language): string {
  const rest = items.length - 3;
  const more = lang === 'en' ? ` and ${rest} more` : ` 외 ${rest}개`;
  return items.slice(0, 3).join(', ') + (rest > 0 ? more : '');
}

/** Content of `rejected_rows.jsonl`. */
export const rejectedRowsText = (rejected: readonly RejectedRow[]): string =>
  rejected.map((row) => `${JSON.stringify(writtenRow(row))}\n`).join('');

/** A rejected row as files have it, whose problems are in English whatever the language of messages. */
export interface WrittenRow extends Omit<RejectedRow, 'problems'> {
  readonly problems: readonly { readonly field: string; readonly found: string; readonly expected: string }[];
}

const writtenRow = ({ file, row, problems, value }: RejectedRow): WrittenRow => ({
  file,
  row,
  problems: problems.map(({ field, found, expected }) => ({ field, found: found.en, expected: expected.en })),
  value,
});

/** Problems with fields under the names that the file gives them. */
export const inOwnNames = (
  problems: readonly Problem[],
  columnNames: Readonly<Record<string, string>> = {},
): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, field: columnNames[problem.field] ?? problem.field }));

/** The problem of a row whose guid another one has already. */
export const repeatedGuid = (guid: string, first: Localized): Problem =>
  problemAt('guid', shown(guid), {
    en: `a guid that no other row has (${first.en} has this one)`,
    ko: `다른 행에 없는 guid(${first.ko}에 있다)`,
  });
