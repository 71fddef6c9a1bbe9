/**
 * How the files of other tools count: what a number counts, and whether the end is the last one or the one behind it. The
 * files do not say, so it is found by their words, over all of a file at once.
 */
export interface Reading {
  readonly unit: 'codepoint' | 'utf16' | 'token';
  readonly end: 'exclusive' | 'inclusive';
}

/** Every way of counting, by the name that `--offsets` takes. */
export const READINGS = {
  'codepoint-exclusive': { unit: 'codepoint', end: 'exclusive' },
  'codepoint-inclusive': { unit: 'codepoint', end: 'inclusive' },
  'utf16-exclusive': { unit: 'utf16', end: 'exclusive' },
  'utf16-inclusive': { unit: 'utf16', end: 'inclusive' },
  'token-exclusive': { unit: 'token', end: 'exclusive' },
  'token-inclusive': { unit: 'token', end: 'inclusive' },
} as const satisfies Record<string, Reading>;
export type ReadingName = keyof typeof READINGS;
export const READING_NAMES = Object.keys(READINGS) as readonly ReadingName[];
