import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 44rem)');

/** Whether the page is as narrow as a phone: tables then show the columns that matter most. */
export const isNarrow = signal(query.matches);
query.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
