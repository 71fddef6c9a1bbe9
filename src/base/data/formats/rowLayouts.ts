import type { Entity, Example } from '../../core/types.ts';

/** How korex itself writes rows: KLUE's layout, and the columns of a table. */

const klueEntity = ({ word, start, end, type }: Entity) => ({ word, start_idx: start, end_idx: end, type });

/** A row as KLUE has it. */
export const klueRow = ({ guid, sentence, subject, object, label, source }: Example) => ({
  ...{ guid, sentence, subject_entity: klueEntity(subject), object_entity: klueEntity(object), label, source },
});

const COLUMNS: Readonly<Record<string, (row: Example) => string | number | null>> = {
  guid: ({ guid }) => guid,
  sentence: ({ sentence }) => sentence,
  subject_word: ({ subject }) => subject.word,
  subject_start: ({ subject }) => subject.start,
  subject_end: ({ subject }) => subject.end,
  subject_type: ({ subject }) => subject.type,
  object_word: ({ object }) => object.word,
  object_start: ({ object }) => object.start,
  object_end: ({ object }) => object.end,
  object_type: ({ object }) => object.type,
  label: ({ label }) => label,
  source: ({ source }) => source,
};

/** Rows as a table, its header first. */
export const tableOf = (rows: readonly Example[]): (string | number | null)[][] => [
  Object.keys(COLUMNS),
  ...rows.map((row) => Object.values(COLUMNS).map((cellOf) => cellOf(row))),
];
