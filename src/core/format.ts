/** Numbers for people, the same in every language of korex and on every machine. */

/** `12345` → `12,345`. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

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
