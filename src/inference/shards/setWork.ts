import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import { sha256 } from '../../base/core/files.ts';
import { rejectedRowsText } from '../../base/data/badRows.ts';
import { type Shard, shardOf } from './shard.ts';
import { poisonProblem } from './shardRows.ts';
import { spoolOutput } from './spoolOutput.ts';
import type { AnswerShardOptions, Work } from './work.ts';

// Labelled rows or documents that are read as a whole, since all of them are checked before any is answered; their shards are
// ranges of them. A shard's results are a line an item, with all that the figures of the whole are computed from, and a last line.

/** A labelled set, opened with the models that answer it. */
export interface OpenSet<Item> {
  readonly items: readonly Item[];
  /** A line for each item, in their order: JSON. */
  answer(
    items: readonly Item[],
    options: Pick<AnswerShardOptions, 'careful' | 'signal'> & { readonly onProgress: (done: number) => void },
  ): Promise<readonly SetLine[]>;
  /** What else the figures need, of the items that were answered since it was last asked for: JSON. */
  end(): unknown;
  release(): Promise<void>;
}

/** What an item came to: its line, and whether a right answer was given. */
export interface SetLine {
  readonly line: unknown;
  readonly isRight: boolean;
}

/** Digest of items, as their shards have it. */
export const setDigest = (items: readonly unknown[]): string => sha256(JSON.stringify(items));

/** The shards of a set: ranges of so many items. */
export function* setShards(
  { path, name, version, size }: Pick<Shard, 'path' | 'name' | 'version' | 'size'>,
  each: number,
): Generator<Shard> {
  const count = Math.ceil(size / each);
  for (let index = 0; index < count; index++) {
    const [start, end] = [index, index + 1].map((i) => Math.floor((size * i) / count)) as [number, number];
    yield shardOf({ index, path, name, version, size, unit: 'rows', start, end, last: index === count - 1 });
  }
}

export function setWork<Item>(set: OpenSet<Item>): Work {
  const digest = setDigest(set.items);
  return {
    async answer(shard, spool, { poison, only, careful, onProgress, signal }) {
      if (shard.version !== digest) throw otherSet(shard);
      const all = set.items.slice(shard.start, shard.end);
      const reasons = new Map(poison.map(({ place, reason }) => [place, reason]));
      const [from, to] = only ?? [0, all.length];
      const places = all.map((_, place) => place).filter((place) => place >= from && place < to && !reasons.has(place));
      const output = await spoolOutput(spool, '');
      try {
        onProgress?.(from, to);
        const lines = await set.answer(
          places.map((place) => all[place]!),
          { signal, ...(careful && { careful }), onProgress: () => onProgress?.(from, to) },
        );
        await output.append({
          lines: lines.map(({ line }) => `${JSON.stringify(line)}\n`).join(''),
          rejects: rejectedRowsText(
            poison.map(({ place, reason }) => ({
              ...{ file: shard.name, row: shard.start + place + 1 },
              ...{ problems: [poisonProblem(reason)], value: all[place] },
            })),
          ),
          ...{ rows: all.length, rejected: poison.length },
          gold: { labelled: lines.length, correct: lines.filter(({ isRight }) => isRight).length },
        });
        await output.append({ lines: `${JSON.stringify({ end: set.end() })}\n`, rejects: '', rows: 0, rejected: 0 });
        await output.finish();
        return { ...output.facts, numbers: 0, input_sha256: setDigest(all) };
      } finally {
        await output.close();
      }
    },
    release: () => set.release(),
  };
}

const endSchema = z.strictObject({ end: z.unknown() });

/** A line of a shard's results: an item's, or the last one's `end`. */
export function parseSetLine(text: string): { readonly item: unknown } | { readonly end: unknown } {
  const value: unknown = JSON.parse(text);
  const end = endSchema.safeParse(value);
  return end.success && Object.hasOwn(Object(value), 'end') ? { end: end.data.end } : { item: value };
}

const otherSet = ({ name }: Shard) =>
  failure(
    { en: `${name} is not what it was when it was cut.`, ko: `${name}: 나눌 때와 내용이 다르다.` },
    { en: 'Run the command again in another folder.', ko: '다른 폴더에서 명령을 다시 실행한다.' },
  );
