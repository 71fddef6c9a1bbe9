import { randomStream, shuffled } from '../../base/core/random.ts';
import { MOST_PAIRS } from '../nn/packedBatch.ts';
import { type PackedAnswers, packGroup, type SharedRows } from '../nn/sharedRows.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { MEGA_BATCHES } from './batches.ts';

/** Training rows that stay together in a batch: the pairs of a packed row, or a single one. */
export interface RowUnit {
  readonly rows: readonly number[];
  /** What the encoder reads for it. */
  readonly tokens: number;
  readonly isPacked: boolean;
}

/**
 * Which rows of an epoch share a pass. Half of the sentences are packed in one epoch and the other half in the next, so that
 * one set of weights learns both ways. The same arguments give the same rows.
 */
export interface SentencePacking {
  /** @param chosen the rows of the epoch; a row may be there several times */
  unitsOf(epoch: number, chosen: readonly number[]): RowUnit[];
  /** Some rows of the epoch as the model takes them. */
  pack(epoch: number, chosen: readonly number[], single: (row: number) => PackedAnswers): PackedAnswers[];
}

/** @param lengths of all rows by themselves, in tokens */
export function sentencePacking(
  shared: readonly SharedRows[],
  lengths: readonly number[],
  { batchSize, seed }: Pick<TrainingPlan, 'batchSize' | 'seed'>,
): SentencePacking {
  const most = Math.min(MOST_PAIRS, batchSize);
  const places = new Map(
    shared.flatMap((group, index) => group.rows.map((row, place) => [row, { group: index, place }] as const)),
  );
  const ranks = shuffled(
    shared.map((_, index) => index),
    randomStream(seed, 'pair encoding'),
  );

  /** Of each sentence that is packed, the places chosen, a list for each copy; and the rows that are not packed. */
  function divide(epoch: number, chosen: readonly number[]) {
    const packed = new Map<number, number[][]>();
    const alone: number[] = [];
    for (const row of chosen) {
      const at = places.get(row);
      if (!at || (ranks[at.group]! + epoch) % 2 !== 0) {
        alone.push(row);
        continue;
      }
      const copies = packed.get(at.group) ?? [];
      packed.set(at.group, copies);
      const free = copies.find((copy) => !copy.includes(at.place));
      if (free) free.push(at.place);
      else copies.push([at.place]);
    }
    return { packed, alone };
  }

  return {
    unitsOf(epoch, chosen) {
      const { packed, alone } = divide(epoch, chosen);
      const units = [...packed].flatMap(([index, copies]) =>
        copies.flatMap((copy) =>
          packGroup(shared[index]!, copy, most).map(
            ({ row, answers }): RowUnit => ({ rows: answers, tokens: row.ids.length, isPacked: true }),
          ),
        ),
      );
      return [...units, ...alone.map((row) => ({ rows: [row], tokens: lengths[row]!, isPacked: false }))];
    },
    pack(epoch, chosen, single) {
      const { packed, alone } = divide(epoch, chosen);
      return [
        ...[...packed].flatMap(([index, copies]) => copies.flatMap((copy) => packGroup(shared[index]!, copy, most))),
        ...alone.map(single),
      ];
    },
  };
}

/**
 * The batches of an epoch whose parts follow each other, as row indices: units in random order, grouped so that those of a
 * batch are of similar length, the batches of each part in random order again. There are as many as there would be of single
 * rows, with about as many pairs in each.
 */
export function unitBatches(
  parts: readonly (readonly RowUnit[])[],
  batchSize: number,
  seed: number,
  epoch: number,
): number[][] {
  const sorted = parts.map((units, index) =>
    sortedInParts(shuffled(units, randomStream(seed, 'rows', epoch, index)), batchSize),
  );
  const pairs = sorted.map((units) => pairsOf(units));
  const total = pairs.reduce((sum, count) => sum + count, 0);
  const batches = cut(sorted.flat(), Math.ceil(total / batchSize));
  let [at, until] = [0, 0];
  return parts.flatMap((_, index) => {
    until += pairs[index]!;
    const end = index === parts.length - 1 ? batches.length : Math.floor((until / total) * batches.length);
    const own = batches.slice(at, end);
    at = end;
    return shuffled(own, randomStream(seed, 'batches', epoch, index));
  });
}

const pairsOf = (units: readonly RowUnit[]): number => units.reduce((sum, { rows }) => sum + rows.length, 0);

/** Units of similar size beside each other, some batches' worth at a time, packed rows before the others. */
function sortedInParts(units: readonly RowUnit[], batchSize: number): RowUnit[] {
  const most = batchSize * MEGA_BATCHES;
  const sorted: RowUnit[] = [];
  let part: RowUnit[] = [];
  let pairs = 0;
  const flush = () => {
    sorted.push(...part.sort((a, b) => Number(b.isPacked) - Number(a.isPacked) || b.tokens - a.tokens));
    part = [];
    pairs = 0;
  };
  for (const unit of units) {
    if (pairs + unit.rows.length > most) flush();
    part.push(unit);
    pairs += unit.rows.length;
  }
  flush();
  return sorted;
}

/** The rows of units in `count` batches of about as many pairs each, in order, at least a unit in each: there are as many. */
function cut(units: readonly RowUnit[], count: number): number[][] {
  const total = pairsOf(units);
  let [at, done] = [0, 0];
  return Array.from({ length: count }, (_, batch) => {
    const goal = (total * (batch + 1)) / count;
    const end = units.length - (count - 1 - batch);
    const rows: number[] = [];
    do {
      const unit = units[at++]!;
      rows.push(...unit.rows);
      done += unit.rows.length;
    } while (at < end && done + units[at]!.rows.length / 2 <= goal);
    return rows;
  });
}
