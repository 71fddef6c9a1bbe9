import { language } from '../i18n/language.ts';

/** 0.8734 → `87.3%` (`87.3 %` in English); the smallest and largest shares are not rounded to certainty. */
export function percent(share: number): string {
  const sign = language.value === 'ko' ? '%' : ' %';
  if (share > 0 && share < 0.001) return `< 0.1${sign}`;
  if (share < 1 && share > 0.9995) return `> 99.9${sign}`;
  return `${(share * 100).toFixed(1)}${sign}`;
}

/** 32000 → `32,000`. */
export const count = (value: number): string => value.toLocaleString(language.value);
