import { extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { usageError } from '../../base/core/errors.ts';
import type { Relation } from '../predict/schema.ts';

/** A row's answer as it is written. */
export interface Answer {
  readonly guid: string;
  readonly relation: Relation;
  /** Probability of every label; null where only `top` is wanted. */
  readonly probabilities: Readonly<Record<string, number>> | null;
}

/** How answers stand in a file. */
export interface LineFormat {
  /** What the file begins with. */
  readonly header: (withProbabilities: boolean) => string;
  readonly lines: (answers: readonly Answer[]) => string;
}

/** An object a line: the guid, and the answer as everywhere else. */
const jsonl: LineFormat = {
  header: () => '',
  lines: (answers) =>
    answers
      .map(
        ({ guid, relation, probabilities }) =>
          `${JSON.stringify({ guid, ...relation, ...(probabilities && { probabilities }) })}\n`,
      )
      .join(''),
};

/** The same flat: a column a field, what is nested as JSON. */
const csv: LineFormat = {
  header: (withProbabilities) =>
    stringify([[...Object.keys(COLUMNS), ...(withProbabilities ? ['probabilities'] : [])]]),
  lines: (answers) =>
    stringify(
      answers.map(({ guid, relation, probabilities }) => [
        ...Object.values(COLUMNS).map((cellOf) => `${cellOf(relation, guid) ?? ''}`),
        ...(probabilities === null ? [] : [JSON.stringify(probabilities)]),
      ]),
    ),
};

const COLUMNS: Readonly<Record<string, (answer: Relation, guid: string) => string | number | boolean | null>> = {
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
