import { type KorexError, usageError } from '../core/errors.ts';
import { type Problem, shown } from './checkRow.ts';

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
    `${path}: ${rejected.length} of ${total} rows ${rejected.length === 1 ? 'is' : 'are'} invalid (${counting}).\n${badRowsText(rejected)}`,
    'Mend the file, or leave such rows out with --on-bad-row skip (they are then listed in rejected_rows.jsonl).',
  );
}

/** The problems of the first 20 bad rows, a line each, and a count of the rest. */
export function badRowsText(rejected: readonly Pick<RejectedRow, 'row' | 'problems'>[]): string {
  const lines = rejected
    .slice(0, MAX_SHOWN)
    .flatMap(({ row, problems }) => problems.map((problem) => badRowLine(row, problem)));
  const rest = rejected.length - MAX_SHOWN;
  if (rest > 0) lines.push(`… and ${rest} more rows`);
  return lines.map((line) => `  ${line}`).join('\n');
}

/** A problem in a line. */
export const badRowLine = (row: number, { field, found, expected }: Problem): string =>
  `row ${row}, ${field}: found ${found}; expected ${expected}`;

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
export const repeatedGuid = (guid: string, firstRow: number): Problem => ({
  field: 'guid',
  found: shown(guid),
  expected: `a guid that no other row has (row ${firstRow} has this one)`,
});
