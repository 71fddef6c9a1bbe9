import type { Example } from '../../base/core/types.ts';
import type { InputEncoder } from '../../base/text/inputEncoder.ts';
import type { SharedSentence } from '../../base/text/sharedEncoder.ts';
import type { BatchRow } from './headPooling.ts';
import { answersOf, MOST_PAIRS, type ModelRow, packPairs } from './packedBatch.ts';

/** Rows that ask about the same sentence, encoded once for all of them. */
export interface SharedRows {
  /** Their indices, in the order of `sentence.pairs`. */
  readonly rows: readonly number[];
  readonly sentence: SharedSentence;
}

/** What the model takes at once, and the rows that its answers belong to, in their order. */
export interface PackedAnswers {
  readonly row: ModelRow;
  readonly answers: readonly number[];
}

/** Groups rows by sentence. Rows whose sentence cannot be encoded once for all (`createSharedEncoder`) are in no group. */
export function shareSentences(
  rows: readonly Pick<Example, 'sentence' | 'subject' | 'object'>[],
  { encodeShared }: Pick<InputEncoder, 'encodeShared'>,
): SharedRows[] {
  const groups = new Map<string, number[]>();
  for (const [index, { sentence }] of rows.entries()) {
    const group = groups.get(sentence);
    if (group) group.push(index);
    else groups.set(sentence, [index]);
  }
  return [...groups].flatMap(([text, own]) => {
    const sentence = encodeShared(
      text,
      own.map((row) => rows[row]!),
    );
    return sentence === null ? [] : [{ rows: own, sentence }];
  });
}

/**
 * All rows as the model takes them: packed by sentence where they share one, the others each by itself.
 *
 * @param single a row by itself, by its index
 * @param most pairs in a packed row
 */
export function packRows(
  count: number,
  shared: readonly SharedRows[],
  single: (row: number) => BatchRow,
  most = MOST_PAIRS,
): PackedAnswers[] {
  const packed = shared.flatMap((group) => packGroup(group, undefined, most));
  const done = new Set(shared.flatMap(({ rows }) => rows));
  const alone = Array.from({ length: count }, (_, row) => row).filter((row) => !done.has(row));
  return [...packed, ...alone.map((row) => ({ row: single(row), answers: [row] }))];
}

/** @param chosen places in the group's rows; all of them without it */
export function packGroup({ rows, sentence }: SharedRows, chosen = rows.map((_, place) => place), most = MOST_PAIRS) {
  let done = 0;
  return packPairs(sentence, chosen, most).map((row): PackedAnswers => {
    const places = chosen.slice(done, done + answersOf(row));
    done += places.length;
    return { row, answers: places.map((place) => rows[place]!) };
  });
}

/** Values (answers · width) of packed rows, each answer's own under the index of its row. */
export function unpackAnswers(
  packed: readonly PackedAnswers[],
  values: readonly Float32Array[],
  count: number,
): Float32Array[] {
  const unpacked = new Array<Float32Array>(count);
  for (const [index, { answers }] of packed.entries()) {
    const all = values[index]!;
    const width = all.length / answers.length;
    for (const [place, row] of answers.entries()) unpacked[row] = all.slice(place * width, (place + 1) * width);
  }
  return unpacked;
}
