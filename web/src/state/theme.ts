import { computed, signal } from '@preact/signals';
import { remembered } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What the visitor chose. */
export const theme = remembered<Theme>('theme', THEMES, () => 'system');

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(darkQuery.matches);
darkQuery.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});

/** What is shown: `light` or `dark`. Charts read it to choose their inks. */
export const shownTheme = computed<'light' | 'dark'>(() =>
  theme.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : theme.value,
);

shownTheme.subscribe((value) => {
  document.documentElement.dataset.theme = value;
});
