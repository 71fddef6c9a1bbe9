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

function splitOnce(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
