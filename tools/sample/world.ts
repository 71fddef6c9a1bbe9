import type { RandomStream } from '../../src/base/core/random.ts';
import type { Split, Word } from './types.ts';

/** What one sentence is about: its random draws, its years in order, its family. */
export interface World {
  readonly split: Split;
  /** An integer in [0, n). */
  draw(n: number): number;
  pick<T>(items: readonly T[]): T;
  readonly years: Readonly<Record<YearName, number>>;
  /** Kin share the surname of the first person drawn. */
  readonly kin: { korean?: NamePart; foreign?: NamePart };
  /** Surnames and given names that somebody in the sentence bears. */
  readonly borne: Set<string>;
}

/** A life and a career in order: born, y0 (graduation), y1, y2, y3, died. */
export const YEAR_NAMES = ['born', 'y0', 'y1', 'y2', 'y3', 'died'] as const;
export type YearName = (typeof YEAR_NAMES)[number];
/** A surname or given name, in Hangul and in Hanja or Latin letters. */
export type NamePart = readonly [korean: string, other: string];

/** A world with its own random numbers. `historical`: the life has ended, so it began earlier. */
export function createWorld(split: Split, stream: RandomStream, historical: boolean): World {
  let drawn = 0;
  const draw = (n: number) => Math.floor(stream.uniform(drawn++) * n);
  const born = historical ? 1888 + draw(45) : 1950 + draw(36);
  const y0 = born + 22 + draw(3);
  const y1 = y0 + 1 + draw(5);
  const y2 = y1 + 2 + draw(4);
  const y3 = y2 + 1 + draw(4);
  const died = y3 + 8 + draw(32);
  return {
    split,
    draw,
    pick: (items) => items[draw(items.length)]!,
    years: { born, y0, y1, y2, y3, died },
    kin: {},
    borne: new Set(),
  };
}

/** A date of a year: `1987년`, with the forms `m` (1987년 3월) and `md` (1987년 3월 12일). */
export function dateWord(world: World, year: number): Word {
  const month = 1 + world.draw(12);
  const day = 1 + world.draw(28);
  return { text: `${year}년`, forms: { m: `${year}년 ${month}월`, md: `${year}년 ${month}월 ${day}일` } };
}
