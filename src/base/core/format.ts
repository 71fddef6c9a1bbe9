/** Numbers for people, the same in every language of korex and on every machine. */

/** `12345` → `12,345`. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** A difference with its sign, a real minus: `signed(-0.01234, 3)` → `−0.012`. */
export const signed = (difference: number, digits = 4): string =>
  `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(digits)}`;

/** A metric as a fraction, as precise as reports state it: `score(0.60243)` → `0.6024`. */
export const score = (value: number): string => value.toFixed(4);

/** A p-value: `p = 0.012`, or `p < 0.001` where three digits would say nothing. */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** `pText` for a column that is headed p: `0.012`, `< 0.001`. */
export const pValue = (p: number): string => pText(p).replace(/^p (?:= )?/, '');

/** How many times as much, without a digit that nobody needs: `9.9`, `81`. */
export const times = (ratio: number): string => ratio.toFixed(ratio < 9.95 ? 1 : 0);

/** A number with its noun: `counted(1, 'row')` → `1 row`, `counted(1234, 'row')` → `1,234 rows`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : plural}`;

/** Billions and millions, with one digit: `giga(1.25e9)` → `1.3`. */
export const giga = (value: number): string => (value / 1e9).toFixed(1);
export const million = (value: number): string => (value / 1e6).toFixed(1);

/** A fraction in per cent: `percent(0.2934)` → `29.3%`. */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}%`;

/**
 * `percent` for shares near 1: takes digits until what is missing shows, so that only a complete share reads `100%`:
 * 0.99954 → `99.95%`.
 */
export function percentNearOne(share: number): string {
  if (share === 1) return '100%';
  for (let digits = 1; digits < 6; digits++)
    if (percent(share, digits) !== percent(1, digits)) return percent(share, Math.max(2, digits));
  return percent(share, 6);
}

/** `percent` of a probability: never rounded to certainty, but `< 0.1%` and `> 99.9%`. */
export function probability(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1%';
  if (share < 1 && share > 0.9995) return '> 99.9%';
  return percent(share);
}

/** A difference of shares in percentage points with its sign: `signedPoints(-0.123)` → `−12.3`. */
export const signedPoints = (difference: number): string =>
  Math.abs(difference) < 0.0005 ? '±0.0' : signed(100 * difference, 1);

/** Seconds as people say them: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Bytes in GiB: `1.5 GiB`. */
export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
