import { extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { usageError } from '../../base/core/errors.ts';
import type { Answer } from '../predict/answer.ts';

/** The answer to a row of a file. */
export interface AnsweredRow {
  readonly guid: string;
  readonly answer: Answer;
}

/** How answers are written to a file. */
export interface LineFormat {
  /** What the file begins with. */
  readonly header: (withProbabilities: boolean) => string;
  readonly lines: (rows: readonly AnsweredRow[]) => string;
}

/** An object a line: the guid, and the answer as everywhere else. */
const jsonl: LineFormat = {
  header: () => '',
  lines: (rows) => rows.map(({ guid, answer }) => `${JSON.stringify({ guid, ...answer })}\n`).join(''),
};

/** The same flat: a column a field, what is nested as JSON. */
const csv: LineFormat = {
  header: (withProbabilities) =>
    stringify([[...Object.keys(COLUMNS), ...(withProbabilities ? ['probabilities'] : [])]]),
  lines: (rows) =>
    stringify(
      rows.map(({ guid, answer }) => [
        ...Object.values(COLUMNS).map((cellOf) => `${cellOf(answer, guid) ?? ''}`),
        ...(answer.probabilities === undefined ? [] : [JSON.stringify(answer.probabilities)]),
      ]),
    ),
};

const COLUMNS: Readonly<Record<string, (answer: Answer, guid: string) => string | number | boolean | null>> = {
  guid: (_, guid) => guid,
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

const FORMATS: Readonly<Record<string, LineFormat>> = { '.jsonl': jsonl, '.ndjson': jsonl, '.csv': csv };

/** The format that the ending of a file's name asks for; JSONL for `-`. Errors: `usage` for other endings. */
export function lineFormatOf(out: string): LineFormat {
  const format = out === '-' ? jsonl : FORMATS[extname(out).toLowerCase()];
  if (format === undefined)
    throw usageError(
      `${out}: answers are written as JSONL or CSV, by the ending of the name.`,
      `Expected one of ${Object.keys(FORMATS).join(', ')}, or - for JSONL on standard output.`,
    );
  return format;
}
