import { sha256 } from '../core/files.ts';
import type { AnnotatedDocument, Example, LabelSet } from '../core/types.ts';

/** SHA-256 of rows: their content and order, whatever the format they were kept in. */
export const rowsDigest = (rows: readonly Example[]): string => sha256(JSON.stringify(rows.map(cells)));

/** SHA-256 of everything that a data set consists of. */
export const datasetDigest = (
  { labels, noRelation }: LabelSet,
  entityTypes: readonly string[],
  train: readonly Example[],
  test: readonly Example[],
  documents: readonly AnnotatedDocument[] = [],
): string =>
  sha256(
    JSON.stringify([
      ...[labels, noRelation, entityTypes, train.map(cells), test.map(cells)],
      // Rows without documents keep the digest that they had before there were any.
      ...(documents.length > 0 ? [documents] : []),
    ]),
  );

/** A fixed order, so that the digest does not hang on how an object was put together. */
const cells = ({ guid, sentence, subject: s, object: o, label, source }: Example) => [
  guid,
  sentence,
  [s.word, s.start, s.end, s.type],
  [o.word, o.start, o.end, o.type],
  label,
  source,
];
