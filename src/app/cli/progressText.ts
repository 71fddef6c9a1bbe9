import { duration } from '../../base/core/format.ts';

/** Where work stands: numbers for the line that people read. Times in milliseconds. */
export interface Standing {
  readonly title: string;
  readonly unit: string;
  readonly total: number;
  readonly done: number;
  /** `done` at the first update, and the time since. */
  readonly base: number;
  readonly elapsed: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** `400/1,000 rows · 123 rows/s · 5 s left · loss 1.23` */
export function progressText({ unit, total, done, base, elapsed, fields }: Standing): string {
  const rate = elapsed > 0 ? ((done - base) / elapsed) * 1000 : 0;
  const parts = [`${count(done)}/${count(total)} ${unit}`];
  if (rate > 0) {
    parts.push(`${rateText(rate)} ${unit}/s`);
    if (done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  for (const [name, value] of Object.entries(fields)) parts.push(`${name} ${value}`);
  return parts.join(' · ');
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(2) : count(rate));
