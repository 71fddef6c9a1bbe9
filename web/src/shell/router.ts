import { signal } from '@preact/signals';

/** Where the page is: `#/VIEW?KEY=VALUE…`. All state that a link should carry stands behind the `#`, so no server sees it. */
export interface Route {
  readonly view: string;
  readonly params: URLSearchParams;
}

export function parseHash(hash: string): Route {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  return { view: path.replace(/\/$/, ''), params: new URLSearchParams(query) };
}

/** The address of a view, for `href`. */
export function hrefOf(view: string, params?: URLSearchParams): string {
  const query = params?.toString() ?? '';
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

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

function splitOnce(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
