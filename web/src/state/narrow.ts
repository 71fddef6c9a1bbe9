import { signal } from '@preact/signals';

/** As wide as the style sheets' bound for tables that become cards. */
const query = matchMedia('(max-width: 44rem)');

/** Whether the page is as narrow as a phone: tables show the columns that matter most, charts leave out what has no room. */
export const isNarrow = signal(query.matches);
query.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
