import { signal } from '@preact/signals';
import { hrefOf, parseHash, type Route } from './hash.ts';

export { hrefOf } from './hash.ts';

export const route = signal<Route>(parseHash(location.hash));

addEventListener('hashchange', () => {
  route.value = parseHash(location.hash);
});

/** Goes to a view; the browser's Back button returns. */
export function navigate(view: string, params?: URLSearchParams): void {
  location.hash = hrefOf(view, params);
}

/** Writes the view's state into the address without a new entry in the history: typing a sentence is one visit. */
export function replaceParams(params: URLSearchParams): void {
  const { view } = route.value;
  const href = hrefOf(view, params);
  if (href === location.hash) return;
  history.replaceState(null, '', href);
  route.value = { view, params };
}
