import { type KorexError, usageError } from '../core/errors.ts';
import { type Problem, shown } from './checkRow.ts';
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
  counting: string,
  rejected: readonly RejectedRow[],
): KorexError {
  return usageError(
    {
      en: `${path}: ${rejected.length} of ${total} rows ${rejected.length === 1 ? 'is' : 'are'} invalid (${counting}).\n${badRowsText(rejected)}`,
      ko: `${path}: ${total}행 가운데 ${rejected.length}행이 잘못되었다(${counting}).\n${badRowsText(rejected)}`,
    },
    {
      en: 'Correct the file, or leave such rows out with --on-bad-row skip (they are then listed in rejected_rows.jsonl).',
      ko: '파일을 고치거나, --on-bad-row skip으로 그런 행을 뺀다(rejected_rows.jsonl에 적힌다).',
    },
  );
}

/** The problems of bad rows, what is the same of several rows in one line, at most 20, and a count of the rows that are left. */
export function badRowsText(rejected: readonly Pick<RejectedRow, 'row' | 'problems'>[]): string {
  const problems = rejected.flatMap(({ row, problems }) => problems.map((problem) => ({ row, ...problem })));
  const groups = [...groupBy(problems, ({ field, expected }) => `${field}\n${expected}`).values()].slice(0, MAX_SHOWN);
  const lines = groups.map((group) => {
    const { field, expected } = group[0]!;
    const rows = some(group.map(({ row }) => `${row}`));
    const found = some([...new Set(group.map(({ found }) => found))]);
    return `${group.length === 1 ? 'row' : 'rows'} ${rows}, ${field}: found ${found}; expected ${expected}`;
  });
  const named = new Set(groups.flat().map(({ row }) => row));
  const rest = rejected.filter(({ row }) => !named.has(row)).length;
  if (rest > 0) lines.push(`… and ${rest} more rows`);
  return lines.map((line) => `  ${line}`).join('\n');
}

const some = (items: readonly string[]): string =>
  items.slice(0, 3).join(', ') + (items.length > 3 ? ` and ${items.length - 3} more` : '');

/** Content of `rejected_rows.jsonl`. */
export const rejectedRowsText = (rejected: readonly RejectedRow[]): string =>
  rejected.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Problems with fields under the names that the file gives them. */
export const inOwnNames = (
  problems: readonly Problem[],
  columnNames: Readonly<Record<string, string>> = {},
): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, field: columnNames[problem.field] ?? problem.field }));

/** The problem of a row whose guid another one has already. */
export const repeatedGuid = (guid: string, first: string): Problem => ({
  field: 'guid',
  found: shown(guid),
  expected: `a guid that no other row has (${first} has this one)`,
});
