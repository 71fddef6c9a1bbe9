import type { Language } from '../../../src/core/types.ts';
import { remembered } from '../shell/storage.ts';

export type { Language };

/** The page's language: the visitor's choice, else English for browsers that ask for no Korean but for English, else Korean. */
export const language = remembered<Language>('language', ['ko', 'en'], () => preferred(navigator.languages));

/** Korean is the default; the first of the browser's languages that the page has wins. */
export function preferred(languages: readonly string[]): Language {
  for (const tag of languages) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'ko' || base === 'en') return base;
  }
  return 'ko';
}

language.subscribe((value) => {
  document.documentElement.lang = value;
});
