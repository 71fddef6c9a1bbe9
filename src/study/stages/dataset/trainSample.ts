import type { LabelSet } from '../../../base/core/types.ts';
import { sampleRows } from '../../../base/data/sampleRows.ts';
import type { Cell } from '../../../base/eval/csv.ts';
import type { PreparedRow } from './prepare.ts';

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
