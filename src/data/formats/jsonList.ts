import { utf8Text } from '../utf8.ts';
import { MAX_ROW_BYTES } from './format.ts';

/** Where a text is not a JSON list. `kind` tells a list that is broken from something that is no list. */
export class JsonListError extends Error {
  readonly kind: 'syntax' | 'other value' | 'endless';

  constructor(kind: JsonListError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * The elements of a JSON list, parsed one by one as its text (UTF-8, without byte order mark) arrives.
 *
 * The text is only cut here, at commas and at the closing bracket outside strings and inner brackets; whether what lies
 * between is JSON is left to `JSON.parse`. So exactly the texts that `JSON.parse` takes for a list go through: a list is
 * valid when its elements are, and a valid one has no other places to cut.
 *
 * Errors: `JsonListError`, after the elements before it.
 */
export async function* jsonListElements(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const scan: Scan = { place: 'before', depth: 0, inString: false, escaped: false };
  let count = 0;
  /** What the element at hand has in earlier pieces. */
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (scan.place !== 'inside') {
        if (isBlank(byte)) continue;
        if (scan.place === 'after') throw new JsonListError('syntax', 'there is text after the closing bracket');
        if (byte !== OPEN_LIST) throw noList(utf8Text(piece.subarray(at)));
        scan.place = 'inside';
        start = at + 1;
      } else if (endsElement(scan, byte)) {
        const text = utf8Text(Buffer.concat([...parts, piece.subarray(start, at)]));
        [parts, length, start] = [[], 0, at + 1];
        if (byte === CLOSE_LIST) scan.place = 'after';
        if (scan.place === 'after' && count === 0 && BLANK_TEXT.test(text)) continue;
        count++;
        yield parseElement(text, count);
      }
    }
    if (scan.place !== 'inside') continue;
    parts.push(piece.subarray(start));
    length += piece.length - start;
    if (length > MAX_ROW_BYTES) throw new JsonListError('endless', `row ${count + 1}`);
  }
  if (scan.place === 'before') throw new JsonListError('syntax', 'it is empty');
  if (scan.place === 'inside') throw new JsonListError('syntax', `it ends within row ${count + 1}`);
}

/** How far a text was read. `depth` counts the brackets inside the element at hand. */
interface Scan {
  place: 'before' | 'inside' | 'after';
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/** Goes on by a byte inside the list; true for the comma or bracket that ends an element. */
function endsElement(scan: Scan, byte: number): boolean {
  if (scan.inString) {
    if (scan.escaped) scan.escaped = false;
    else if (byte === BACKSLASH) scan.escaped = true;
    else if (byte === QUOTE) scan.inString = false;
    return false;
  }
  if (byte === QUOTE) scan.inString = true;
  else if (byte === OPEN_LIST || byte === OPEN_OBJECT) scan.depth++;
  else if (scan.depth === 0) return byte === COMMA || byte === CLOSE_LIST;
  else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) scan.depth--;
  return false;
}

const codeOf = (character: string): number => character.charCodeAt(0);
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [codeOf('['), codeOf(']'), codeOf('{'), codeOf('}')];
const [COMMA, QUOTE, BACKSLASH] = [codeOf(','), codeOf('"'), codeOf('\\')];
/** JSON knows no other white space than these four. */
const BLANK_TEXT = /^[ \t\n\r]*$/;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

function parseElement(text: string, row: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonListError('syntax', `row ${row}: ${(error as Error).message}`);
  }
}

/** Tells what stands there instead, by its beginning. */
function noList(text: string): JsonListError {
  if (text.startsWith('{')) return new JsonListError('other value', 'one object');
  try {
    const value: unknown = JSON.parse(text);
    return new JsonListError('other value', value === null ? 'null' : `one ${typeof value}`);
  } catch (error) {
    return new JsonListError('syntax', (error as Error).message);
  }
}
