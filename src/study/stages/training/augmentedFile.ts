import { toJsonLines, writeFileAtomic } from '../../../base/core/files.ts';
import type { Entity, LabelledExample } from '../../../base/core/types.ts';

/** Writes the rows that a run made from its training rows, in KLUE's layout. */
export const writeAugmentedRows = (path: string, rows: readonly LabelledExample[]): Promise<void> =>
  writeFileAtomic(path, toJsonLines(rows.map(klueRow)));

const klueRow = ({ guid, sentence, subject, object, label, source }: LabelledExample) => ({
  guid,
  sentence,
  subject_entity: klueEntity(subject),
  object_entity: klueEntity(object),
  label,
  source,
});

const klueEntity = ({ word, start, end, type }: Entity) => ({ word, start_idx: start, end_idx: end, type });
