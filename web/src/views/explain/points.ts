/** A difference of shares in percentage points with its sign: -0.123 → `−12.3`. */
export function signedPoints(difference: number): string {
  const points = Math.abs(difference * 100).toFixed(1);
  if (points === '0.0') return '±0.0';
  return `${difference < 0 ? '−' : '+'}${points}`;
}

/** The size of a drop in percentage points: 0.123 → `12.3`. */
export const points = (drop: number): string => (drop * 100).toFixed(1);
