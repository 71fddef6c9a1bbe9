import { sha256 } from '../core/files.ts';
import type { Example, LabelSet } from '../core/types.ts';

/** SHA-256 of rows: their content and order, whatever the format they were kept in. */
export const rowsDigest = (rows: readonly Example[]): string => sha256(JSON.stringify(rows.map(cells)));

/** SHA-256 of everything that a data set consists of. */
export const datasetDigest = (
  { labels, noRelation }: LabelSet,
  entityTypes: readonly string[],
  train: readonly Example[],
  test: readonly Example[],
): string => sha256(JSON.stringify([labels, noRelation, entityTypes, train.map(cells), test.map(cells)]));

/** A fixed order, so that the digest does not hang on how an object was put together. */
const cells = ({ guid, sentence, subject: s, object: o, label, source }: Example) => [
  guid,
  sentence,
  [s.word, s.start, s.end, s.type],
  [o.word, o.start, o.end, o.type],
  label,
  source,
];
