import type { RandomStream } from '../../../base/core/random.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { codePointLength } from '../../../base/data/span.ts';
import { placed, type Variant } from './rows.ts';

/** Rows that are tried for a second sentence before the row is given up. */
const TRIES = 8;
/** Code points of both sentences: longer ones would be cut by the window around the entities. */
const MOST = 320;
/** Share of the rows that keep their own pair: the other sentence changes nothing of its relation. */
const KEPT_SHARE = 1 / 3;

/**
 * The row's sentence and another row's, one after the other, with a pair across both: nothing is said of it. A third of the
 * time the row's own pair, whose relation stays. Null where no other row drawn shares no entity with it.
 *
 * @param isPossible whether a pair of types can have a relation: a model is never asked of others
 */
export function joinSentences(
  row: LabelledExample,
  rows: readonly LabelledExample[],
  {
    noRelation,
    isPossible,
  }: { noRelation: string | null; isPossible(subject: string | null, object: string | null): boolean },
  draws: RandomStream,
): Variant | null {
  if (noRelation === null) return null;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const other = rows[Math.floor(draws.uniform(2 + 2 * attempt) * rows.length)]!;
    const [isSecond, asSubject] = [draws.uint32(3 + 2 * attempt) % 2 === 1, draws.uint32(3 + 2 * attempt) % 4 > 1];
    const words = ({ subject, object }: LabelledExample) => [subject.word, object.word];
    const isShared =
      words(row).some((word) => other.sentence.includes(word)) ||
      words(other).some((word) => row.sentence.includes(word));
    const [first, second] = (isSecond ? [other, row] : [row, other]).map(({ sentence }) => sentence.trimEnd()) as [
      string,
      string,
    ];
    const sentence = `${first} ${second}`;
    if (isShared || codePointLength(sentence) > MOST) continue;
    const shift = codePointLength(first) + 1;
    const at = (from: LabelledExample, role: 'subject' | 'object') => {
      const entity = from[role];
      return placed(entity, entity.word, entity.start + ((from === row) === isSecond ? shift : 0));
    };
    if (draws.uniform(0) < KEPT_SHARE)
      return { sentence, subject: at(row, 'subject'), object: at(row, 'object'), label: row.label };
    const [subject, object] = asSubject
      ? [at(row, 'subject'), at(other, 'object')]
      : [at(other, 'subject'), at(row, 'object')];
    if (isPossible(subject.type, object.type)) return { sentence, subject, object, label: noRelation };
  }
  return null;
}
