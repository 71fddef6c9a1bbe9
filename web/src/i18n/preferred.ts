import type { Language } from '../../../src/base/core/types.ts';

/** Korean is the default; the first of the browser's languages that the page has wins. */
export function preferred(languages: readonly string[]): Language {
  for (const tag of languages) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'ko' || base === 'en') return base;
  }
  return 'ko';
}
