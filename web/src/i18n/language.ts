import type { Language } from '../../../src/base/core/types.ts';
import { remembered } from '../state/storage.ts';
import { preferred } from './preferred.ts';

export type { Language };

/** The page's language: the visitor's choice, else English for browsers that ask for no Korean but for English, else Korean. */
export const language = remembered<Language>('language', ['ko', 'en'], () => preferred(navigator.languages));

language.subscribe((value) => {
  document.documentElement.lang = value;
});
