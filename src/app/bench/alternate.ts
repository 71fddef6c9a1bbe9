import type { Reporter } from '../../base/core/reporter.ts';
import { type Detail, type Figure, medianOf, type Spread, spreadOf } from './result.ts';

/** Work that can be timed again and again. */
export interface Side {
  readonly system: string;
  /** Does it once; returns the seconds it took by its own clock. `index` counts the calls, so that all sides do the same. */
  run(index: number): Promise<number>;
}

export interface Schedule {
  /** Calls of each side before anything counts. */
  readonly warmup: number;
  readonly rounds: number;
  /** Calls of a side in a round. */
  readonly block: number;
}

export interface Watch {
  /** What the progress bar says. */
  readonly title: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Seconds of each call, by round. */
export type Timings = readonly (readonly number[])[];

/**
 * Times several sides in turn (A B A B …), never two at once: what slows the machine down for a while slows down all of
 * them, and the ratios of a round stay fair.
 */
export async function alternate(
  sides: readonly Side[],
  { warmup, rounds, block }: Schedule,
  { title, reporter, signal }: Watch,
): Promise<Timings[]> {
  const calls = sides.map(() => 0);
  const timings = sides.map((): number[][] => []);
  const bar = reporter.progress(title, sides.length * (warmup + rounds * block), 'calls');
  let done = 0;
  const run = async (side: number): Promise<number> => {
    signal.throwIfAborted();
    const seconds = await sides[side]!.run(calls[side]!++);
    bar.update(++done, { now: sides[side]!.system });
    return seconds;
  };
  try {
    for (const side of sides.keys()) for (let i = 0; i < warmup; i++) await run(side);
    for (let round = 0; round < rounds; round++)
      for (const side of sides.keys()) {
        const seconds: number[] = [];
        for (let i = 0; i < block; i++) seconds.push(await run(side));
        timings[side]!.push(seconds);
      }
  } finally {
    bar.end();
  }
  return timings;
}

/**
 * The sides' timings as figures. The first `ours` sides are korex's; all others are compared with the very first.
 *
 * @param rows what a call gets through, for `rows/s`; without it the figure is the seconds themselves
 */
export function figuresOf(
  sides: readonly Pick<Side, 'system'>[],
  timings: readonly Timings[],
  { ours = 1, rows, unit = 's' }: { ours?: number; rows?: number; unit?: 's' | 's/step' },
): Figure[] {
  return sides.map(({ system }, index) => {
    const seconds = timings[index]!.flat();
    return {
      system,
      unit: rows === undefined ? unit : 'rows/s',
      value: spreadOf(rows === undefined ? seconds : seconds.map((each) => rows / each)),
      ratio: index < ours ? null : speedRatio(timings[0]!, timings[index]!),
    };
  });
}

/** How many times as fast the first is, a value per round. */
const speedRatio = (ours: Timings, theirs: Timings): Spread =>
  spreadOf(ours.map((seconds, round) => medianOf(theirs[round]!) / medianOf(seconds)));

/** How many times as fast each of the first sides is as each of the others: medians over the rounds. */
export function ratioTable(
  title: string,
  sides: readonly Pick<Side, 'system'>[],
  timings: readonly Timings[],
  ours: number,
): Detail {
  const others = sides.slice(ours);
  return {
    title,
    rows: sides.slice(0, ours).map(({ system }, own) => ({
      system,
      ...Object.fromEntries(
        others.map((other, index) => [
          other.system,
          `${speedRatio(timings[own]!, timings[ours + index]!).median.toFixed(2)} ×`,
        ]),
      ),
    })),
  };
}
