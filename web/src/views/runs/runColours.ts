import { SERIES } from '../../../../src/base/charts/theme.ts';

/** More hues of middle lightness, for folders with more runs than the palette of figures has colours. */
const PALETTE = [...SERIES, '#c2527a', '#6d8f2f', '#8a6bc9', '#a5673f', '#2f8f9d'] as const;

/** The study's own runs look alike everywhere. */
const FIXED: Readonly<Record<string, string>> = {
  baseline: SERIES[0],
  weighted: SERIES[1],
  frozen: SERIES[5],
  untrained: SERIES[4],
};

/**
 * A colour for each run, by its name: whichever runs are ticked, and whichever come later, a run keeps its own as long as
 * there are enough.
 */
export function runColours(names: readonly string[]): ReadonlyMap<string, string> {
  const colours = new Map(names.flatMap((name) => (FIXED[name] === undefined ? [] : [[name, FIXED[name]]])));
  const free = new Set<string>(PALETTE.filter((color) => !Object.values(FIXED).includes(color)));
  for (const name of names.toSorted()) {
    if (colours.has(name)) continue;
    const first = hash(name) % PALETTE.length;
    const inTurn = PALETTE.map((_, i) => PALETTE[(first + i) % PALETTE.length]!);
    const color = inTurn.find((candidate) => free.has(candidate)) ?? inTurn[0]!;
    free.delete(color);
    colours.set(name, color);
  }
  return colours;
}

const hash = (text: string): number => [...text].reduce((sum, char) => (sum * 31 + char.codePointAt(0)!) >>> 0, 7);
