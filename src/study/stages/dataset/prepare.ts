import { KorexError } from '../../../base/core/errors.ts';
import type { LabelledExample, LabelSet } from '../../../base/core/types.ts';
import { sampleRows } from '../../../base/data/sampleRows.ts';
import type { Cell } from '../../../base/eval/csv.ts';
import type { Encoded, InputEncoder } from '../../../base/text/inputEncoder.ts';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** A row after preprocessing. `encoded` is null where it could not be encoded; `problem` is then the reason. */
export interface PreparedRow {
  readonly part: Part;
  readonly row: LabelledExample;
  readonly encoded: Encoded | null;
  readonly problem: string | null;
}

export type PreparedParts = Readonly<Record<Part, readonly PreparedRow[]>>;

/** Marks and encodes a row; what cannot be encoded is kept with its reason, so that it is counted and not lost. */
export function prepareRow(part: Part, row: LabelledExample, inputs: InputEncoder): PreparedRow {
  try {
    return { part, row, encoded: inputs.encode(row), problem: null };
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    return { part, row, encoded: null, problem: error.message };
  }
}

/** Rows of `train_sample.csv`, at least one per label. */
const SAMPLE_ROWS = 100;

export const SAMPLE_COLUMNS = [
  ...['guid', 'sentence', 'subject', 'subject_type', 'object', 'object_type'],
  ...['marked_text', 'tokens', 'fit', 'subject_position', 'object_position', 'token_ids', 'label', 'label_id'],
] as const;

/** A seeded sample of the preprocessed training rows, stratified by label. */
export function trainSample(prepared: readonly PreparedRow[], labelSet: LabelSet, seed: number): Cell[][] {
  const byGuid = new Map(prepared.map((row) => [row.row.guid, row]));
  const size = Math.max(SAMPLE_ROWS, labelSet.labels.length);
  const sample = sampleRows(
    prepared.map(({ row }) => row),
    size,
    seed,
  );
  return sample.map(({ guid, sentence, subject, object, label }) => {
    const encoded = byGuid.get(guid)?.encoded;
    return [
      ...[guid, sentence, subject.word, subject.type, object.word, object.type],
      ...[encoded?.marked.text ?? null, encoded?.ids.length ?? null, encoded?.fit ?? null],
      ...[encoded?.subjectStart ?? null, encoded?.objectStart ?? null, encoded?.ids.join(' ') ?? null],
      ...[label, labelSet.labels.indexOf(label)],
    ];
  });
}
