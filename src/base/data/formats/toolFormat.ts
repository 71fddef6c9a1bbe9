import { z } from 'zod';
import { issueWords } from '../../core/issueWords.ts';
import type { Localized } from '../../core/types.ts';
import { foundValue, type Problem, problemAt } from '../checkRow.ts';
import { type Format, firstCharacter, type Head, type Input, type RawRow, type RawRows } from './format.ts';
import { firstElement, jsonList } from './jsonList.ts';
import { jsonl } from './jsonl.ts';
import { Losses } from './losses.ts';
import { type Convention, type FoundOrNot, settle } from './offsets.ts';
import type { ReadingName } from './readings.ts';

/** What a file of another tool holds, its offsets as they stand. */
export interface Collected {
  readonly found: readonly FoundOrNot[];
  readonly notes?: readonly Localized[];
}

/** A format of another tool: all of its files are taken apart first, then their offsets are settled together. */
export type ToolFormat = Format & {
  readonly collect: (input: Input, lost: Losses) => Promise<Collected>;
  readonly convention: Convention;
};

export const isToolFormat = (format: Format): format is ToolFormat => 'collect' in format;

/** A format by how its files are taken apart. */
export function toolFormat(format: Omit<ToolFormat, 'open'>): ToolFormat {
  const tool: ToolFormat = {
    ...format,
    open: async (input) => {
      const lost = new Losses();
      return settledRows(tool, [await tool.collect(input, lost)], input.path, input.offsets, lost);
    },
  };
  return tool;
}

/** The rows of one file, or of several that belong together. */
export function settledRows(
  { convention }: ToolFormat,
  collected: readonly Collected[],
  path: string,
  offsets: ReadingName | null,
  lost: Losses,
): RawRows {
  const found = collected.flatMap((one) => one.found);
  const { rows, note } = settle(found, path, convention, offsets, lost);
  return {
    rows: iterated(rows),
    notes: [note, ...collected.flatMap(({ notes = [] }) => notes)],
    lost: lost.list(),
  };
}

async function* iterated<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

/** The rows of JSON, a list or lines, as they stand. */
export async function* jsonValues(input: Input): AsyncGenerator<RawRow> {
  const format = firstCharacter(input.head) === '[' ? jsonList : jsonl;
  const { rows } = await format.open({ ...input, columns: null });
  yield* rows;
}

/** Every row of JSON as a tool lays it out; what is not so is a bad row. */
export async function collectJson<T extends z.ZodType>(
  input: Input,
  schema: T,
  layout: Localized,
  found: (value: z.output<T>, row: RawRow) => FoundOrNot | null,
): Promise<Collected> {
  const all: FoundOrNot[] = [];
  for await (const row of jsonValues(input)) {
    if (row.problem) {
      all.push({ ...row, problem: row.problem });
      continue;
    }
    const parsed = schema.safeParse(row.value);
    const one = parsed.success
      ? found(parsed.data, row)
      : { ...row, problem: layoutProblem(row.value, parsed.error, layout) };
    if (one !== null) all.push(one);
  }
  return { found: all };
}

function layoutProblem(value: unknown, error: z.ZodError, layout: Localized): Problem {
  const issue = error.issues[0]!;
  const names = issue.path.map(String);
  const at = names.reduce<unknown>(
    (parent, name) => (parent as Record<string, unknown> | null | undefined)?.[name],
    value,
  );
  const words = issueWords(issue);
  return problemAt(names.join('.') || 'row', foundValue(at), {
    en: `${layout.en} (${words.en})`,
    ko: `${layout.ko} (${words.ko})`,
  });
}

/** Half a character cannot be kept in any file of text. */
export const wellFormed = z.string().refine((text) => !/\p{Surrogate}/u.test(text), 'expected well-formed text');
export const offset = z.int().min(0);
export const idSchema = z.union([wellFormed.min(1), z.int().transform(String)]).nullish();

type Row = Readonly<Record<string, unknown>>;
const rows = new WeakMap<Head, Row>();

/** The first row of JSON of a file's beginning; empty where there is none. */
export function firstRow(head: Head): Row {
  const known = rows.get(head);
  if (known) return known;
  const row = firstRowOf(head.text ?? '');
  rows.set(head, row);
  return row;
}

function firstRowOf(text: string): Row {
  if (text.trimStart().startsWith('[')) return parsed(firstElement(text)) ?? {};
  const [, firstKey] = /^\s*\{\s*"([^"\\]+)"\s*:/.exec(text) ?? [];
  return (
    parsed(text.trimStart().split('\n', 1)[0]!) ?? parsed(text) ?? (firstKey === undefined ? {} : { [firstKey]: null })
  );
}

/** A JSON object or list; null for all else. */
export function parsed(text: string): Row | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Row) : null;
  } catch {
    return null;
  }
}

/** Whether a value is an object with these keys. */
export const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));

/** The first item of a list. */
export const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

/** The cells of a table's first line, in lower case. */
export const firstCells = ({ text }: Head): readonly string[] =>
  (text ?? '')
    .split('\n', 1)[0]!
    .toLowerCase()
    .split(/[,;\t]/)
    .map((name) => name.trim());
