import { stringify } from 'csv-stringify/sync';
import { usageError } from '../../base/core/errors.ts';
import { endingOf } from '../../base/data/formats/table.ts';
import type { Answer } from '../predict/answer.ts';
import type { InputCells, InputColumns } from './inputCells.ts';

/** The answer to a row of a file. */
export interface AnsweredRow {
  readonly guid: string;
  readonly answer: Answer;
  readonly input: InputCells;
}

/** How answers are written to a file. */
export interface LineFormat {
  /** Whether its first line names the columns. */
  readonly isTable: boolean;
  /** What the file begins with. */
  readonly header: (withProbabilities: boolean, columns?: InputColumns) => string;
  readonly lines: (rows: readonly AnsweredRow[], columns?: InputColumns) => string;
}

const NO_COLUMNS: InputColumns = { label: false, own: [] };

/** An object a line: the guid, the label where the row has one, and the answer as everywhere else. */
export const jsonl: LineFormat = {
  isTable: false,
  header: () => '',
  lines: (rows) =>
    rows
      .map(
        ({ guid, answer, input: { label } }) =>
          `${JSON.stringify({ guid, ...(label !== null && { label }), ...answer })}\n`,
      )
      .join(''),
};

/**
 * The same flat, beside the input's sentence and own columns: a column a field, what is nested as JSON. It begins with a byte
 * order mark, by which spreadsheets know UTF-8; cells that a spreadsheet would run as a formula get an apostrophe before
 * them.
 */
export const csv: LineFormat = {
  isTable: true,
  header: (withProbabilities, { label, own } = NO_COLUMNS) => {
    const fixed = ['guid', 'sentence', ...(label ? ['label'] : []), ...Object.keys(COLUMNS)];
    const names = [...fixed, ...(withProbabilities ? ['probabilities'] : [])];
    return `\uFEFF${stringify([[...names, ...own.map((name) => freeName(name, names, own))].map(guarded)])}`;
  },
  lines: (rows, { label, own } = NO_COLUMNS) =>
    stringify(
      rows.map(({ guid, answer, input }) =>
        [
          ...[guid, input.sentence],
          ...(label ? [input.label ?? ''] : []),
          ...Object.values(COLUMNS).map((cellOf) => `${cellOf(answer) ?? ''}`),
          ...(answer.probabilities === undefined ? [] : [JSON.stringify(answer.probabilities)]),
          ...own.map((name) => ownCell(input.own[name])),
        ].map(guarded),
      ),
    ),
};

/** A cell that no spreadsheet runs; a negative number is none to be run, and stays a number. */
const guarded = (cell: string): string =>
  /^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?$/i.test(cell) ? `'${cell}` : cell;

const COLUMNS: Readonly<Record<string, (answer: Answer) => string | number | boolean | null>> = {
  relation: ({ relation }) => relation,
  decision: ({ decision }) => decision,
  confidence: ({ confidence }) => confidence,
  threshold: ({ threshold }) => threshold,
  no_relation_probability: ({ no_relation_probability }) => no_relation_probability,
  subject_word: ({ subject }) => subject.word,
  subject_start: ({ subject }) => subject.start,
  subject_end: ({ subject }) => subject.end,
  subject_type: ({ subject }) => subject.type,
  object_word: ({ object }) => object.word,
  object_start: ({ object }) => object.start,
  object_end: ({ object }) => object.end,
  object_type: ({ object }) => object.type,
  top: ({ top }) => JSON.stringify(top),
  shortened: ({ shortened }) => shortened,
  model: ({ model }) => model,
};

/** A column of the input that is called as one of the answer gets `input_` before its name. */
function freeName(name: string, taken: readonly string[], own: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let free = `input_${name}`;
  while (taken.includes(free) || own.includes(free)) free = `input_${free}`;
  return free;
}

function ownCell(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

const FORMATS: Readonly<Record<string, LineFormat>> = { '.jsonl': jsonl, '.ndjson': jsonl, '.csv': csv };

/** The format that the ending of a file's name asks for; JSONL for `-`. Errors: `usage` for other endings. */
export function lineFormatOf(out: string): LineFormat {
  const format = out === '-' ? jsonl : FORMATS[endingOf(out)];
  if (format === undefined)
    throw usageError(
      {
        en: `${out}: answers are written as JSONL or CSV, by the ending of the name.`,
        ko: `${out}: 답은 이름의 끝에 따라 JSONL이나 CSV로 쓴다.`,
      },
      {
        en: `Expected one of ${Object.keys(FORMATS).join(', ')}, or - for JSONL on standard output.`,
        ko: `쓸 수 있는 끝: ${Object.keys(FORMATS).join(', ')}. -는 표준 출력의 JSONL이다.`,
      },
    );
  return format;
}
