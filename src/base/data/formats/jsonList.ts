import { concat, utf8Text } from '../utf8.ts';
import {
  endlessRow,
  type Format,
  fileError,
  firstCharacter,
  type Input,
  MAX_ROW_BYTES,
  type RawRow,
} from './format.ts';

/** KLUE's own layout: one JSON list of `{guid, sentence, subject_entity, object_entity, label, source}`. */
export const jsonList: Format = {
  name: 'JSON',
  extensions: ['.json'],
  recognizes: (head) => firstCharacter(head) === '[',
  counting: 'rows count from 1',
  open: async (input) => ({ rows: rowsOf(input) }),
};

async function* rowsOf({ path, utf8 }: Input): AsyncGenerator<RawRow> {
  let number = 0;
  try {
    for await (const value of jsonListElements(utf8())) yield { number: ++number, value };
  } catch (error) {
    throw error instanceof JsonListError ? inWords(error, path) : error;
  }
}

function inWords(error: JsonListError, path: string) {
  if (error.kind === 'endless') return endlessRow(path, error.message);
  if (error.kind === 'other value')
    return fileError(
      'notList',
      `${path}: the file holds ${error.message}; expected a list of rows.`,
      'KLUE’s layout is [{"guid": …, "sentence": …}, …]. Rows as one object a line belong into a file with the ending .jsonl.',
      error,
    );
  return fileError(
    'notList',
    `${path} is not valid JSON: ${error.message}.`,
    'Check that the file is complete. Rows as one object a line belong into a file with the ending .jsonl.',
    error,
  );
}

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
  let place: 'before' | 'inside' | 'after' = 'before';
  let scan: Scan = { depth: 0, inString: false, escaped: false };
  let count = 0;
  /** What the element at hand has in earlier pieces. */
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    let start = 0;
    if (place === 'before') {
      const first = firstInk(piece, 0);
      if (first < 0) continue;
      if (piece[first] !== OPEN_LIST) throw noList(utf8Text(piece.subarray(first)));
      place = 'inside';
      start = first + 1;
    }
    while (place === 'inside') {
      const end: number = endOfElement(scan, piece, start);
      const part = piece.subarray(start, end < 0 ? piece.length : end);
      length += part.length;
      if (length > MAX_ROW_BYTES) throw new JsonListError('endless', `row ${count + 1}`);
      parts.push(part);
      if (end < 0) break;
      const text = utf8Text(parts.length === 1 ? part : concat(parts));
      [parts, length, start] = [[], 0, end + 1];
      scan = { depth: 0, inString: false, escaped: false };
      if (piece[end] === CLOSE_LIST) place = 'after';
      if (place === 'inside' || count > 0 || !BLANK_TEXT.test(text)) yield parseElement(text, ++count);
    }
    if (place === 'after' && firstInk(piece, start) >= 0)
      throw new JsonListError('syntax', 'there is text after the closing bracket');
  }
  if (place === 'before') throw new JsonListError('syntax', 'it is empty');
  if (place === 'inside') throw new JsonListError('syntax', `it ends within row ${count + 1}`);
}

/** The text of the first element of a list; empty where it does not end within the text. */
export function firstElement(text: string): string {
  const bytes = new TextEncoder().encode(text.slice(text.indexOf('[') + 1));
  const end = endOfElement({ depth: 0, inString: false, escaped: false }, bytes, 0);
  return end < 0 ? '' : utf8Text(bytes.subarray(0, end));
}

/** Where in an element a piece ended. `depth` counts its open brackets. */
interface Scan {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/** Index of the comma or bracket that ends the element at hand, looked for from `start` on; -1 where a later piece has it. */
function endOfElement(scan: Scan, piece: Uint8Array, start: number): number {
  let { depth, inString, escaped } = scan;
  for (let at = start; at < piece.length; at++) {
    const byte = piece[at]!;
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
    else if (depth > 0) {
      if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    } else if (byte === COMMA || byte === CLOSE_LIST) return at;
  }
  Object.assign(scan, { depth, inString, escaped });
  return -1;
}

/** Index of the first byte from `start` on that is no white space; -1 where there is none. */
function firstInk(piece: Uint8Array, start: number): number {
  for (let at = start; at < piece.length; at++) if (!isBlank(piece[at]!)) return at;
  return -1;
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
