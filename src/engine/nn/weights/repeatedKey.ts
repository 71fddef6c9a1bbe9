/** Strings and the structural marks of JSON; all else (numbers, white space) does not matter here. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs;

/**
 * The first key that an object of a JSON text has twice, of which `JSON.parse` would silently take the last; null where
 * there is none.
 *
 * @param json a valid JSON text
 */
export function repeatedKey(json: string): string | null {
  const keysOfOpen: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') keysOfOpen.push(new Set());
    else if (token === '[') keysOfOpen.push(null);
    else if (token === '}' || token === ']') keysOfOpen.pop();
    else if (token === ':') {
      const keys = keysOfOpen.at(-1);
      const key = JSON.parse(last) as string;
      if (keys?.has(key)) return key;
      keys?.add(key);
    } else last = token;
  }
  return null;
}
