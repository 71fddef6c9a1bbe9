import { problemAt, shown } from '../checkRow.ts';
import { parsePythonLiteral } from '../pythonLiteral.ts';
import { concat, utf8Text } from '../utf8.ts';
import { keyedRows } from './columns.ts';
import {
  endlessRow,
  type Format,
  FROM_ONE,
  fileError,
  firstCharacter,
  type Input,
  MAX_ROW_BYTES,
  type RawRow,
  WHOLE_FILE,
} from './format.ts';
import { isPandas, pandasRows } from './pandasJson.ts';
import { klueRow } from './rowLayouts.ts';
import { jsonList as writtenList } from './writer.ts';

/**
 * KLUE's own layout: one JSON list of `{guid, sentence, subject_entity, object_entity, label, source}`. What pandas writes
 * instead is read, too.
 */
export const jsonList: Format = {
  id: 'klue',
  name: 'JSON',
  signs: {
    en: 'a JSON list of rows',
    ko: '행의 JSON 목록',
  },
  extensions: ['.json'],
  recognizes: (head) => firstCharacter(head) === '[' || isPandas(head),
  counting: FROM_ONE,
  open: async (input) => ({ rows: isPandas(input.head) ? pandasRows(input) : rowsOf(input) }),
  write: {
    extension: '.json',
    isUsual: true,
    holds: 'rows',
    files: (rows) => writtenList(rows.map(klueRow)),
  },
};

async function* rowsOf({ path, columns, utf8 }: Input): AsyncGenerator<RawRow> {
  const toRow = keyedRows(columns);
  let number = 0;
  try {
    for await (const text of jsonListElements(utf8())) yield jsonRow(text, ++number, toRow);
  } catch (error) {
    throw inWords(error, path);
  }
}

/** What ended the reading, for people; other errors stay. */
export function inWords(error: unknown, path: string): unknown {
  if (!(error instanceof JsonListError)) return error;
  const { kind, message } = error;
  if (kind === 'endless') return endlessRow(path, message);
  if (kind === 'comma')
    return fileError(
      'notList',
      {
        en: `${path}: there is a comma after the last row (${message}).`,
        ko: `${path}: 마지막 행(${message}) 뒤에 쉼표가 있다.`,
      },
      { en: 'Remove that comma.', ko: '그 쉼표를 지운다.' },
    );
  return fileError(
    'notList',
    { en: `${path} is not valid JSON: ${message}.`, ko: `${path}: 올바른 JSON이 아니다: ${message}.` },
    WHOLE_FILE,
  );
}

/** A row of JSON, whichever layout it has. */
export function jsonRow(text: string, number: number, toRow: ReturnType<typeof keyedRows>): RawRow {
  try {
    return { number, ...toRow(parseJson(text)) };
  } catch (error) {
    const bare = text.trim();
    const found =
      bare === ''
        ? { en: 'nothing between two commas', ko: '쉼표 둘 사이에 없음' }
        : bare.endsWith(',')
          ? { en: 'a comma after the object', ko: '객체 뒤의 쉼표' }
          : shown(bare);
    const reason = reasonOf(error);
    const expected = bare.endsWith(',')
      ? { en: 'the object alone', ko: '객체만' }
      : { en: `a complete JSON object (${reason})`, ko: `온전한 JSON 객체(${reason})` };
    return { number, value: text, problem: problemAt('line', found, expected) };
  }
}

/** The parser's words without the row, which the message has already. */
const reasonOf = (error: unknown): string => (error as Error).message.replace(/, ?"[\s\S]*$/, '');

/** Why a text is not a JSON list. */
export class JsonListError extends Error {
  readonly kind: 'syntax' | 'comma' | 'endless';

  constructor(kind: JsonListError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * The texts of the elements of a JSON list, one by one as its bytes (UTF-8, without byte order mark) arrive.
 *
 * The text is only cut here, at commas and at the closing bracket outside strings and inner brackets; whether what lies
 * between is JSON is left to `JSON.parse`. A list is valid exactly when its elements are, since a valid one has no other
 * places to cut; a broken element costs itself alone where its brackets and quotes are closed.
 *
 * Errors: `JsonListError`, after the elements before it.
 */
export async function* jsonListElements(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let place: 'before' | 'inside' | 'after' = 'before';
  let scan: Scan = { depth: 0, inString: false, escaped: false };
  let count = 0;
  /** What earlier pieces hold of the current element. */
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    let start = 0;
    if (place === 'before') {
      const first = firstInk(piece, 0);
      if (first < 0) continue;
      if (piece[first] !== OPEN_LIST) throw new JsonListError('syntax', 'it does not begin with [');
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
      const isBlank = BLANK_TEXT.test(text);
      if (isBlank && place === 'after' && count > 0) throw new JsonListError('comma', `row ${count}`);
      if (isBlank && place === 'after') continue;
      count++;
      yield text;
    }
    if (place === 'after' && firstInk(piece, start) >= 0)
      throw new JsonListError('syntax', 'there is text after the closing bracket');
  }
  if (place === 'before') throw new JsonListError('syntax', 'it is empty');
  if (place === 'inside') throw new JsonListError('syntax', `it ends within row ${count + 1}`);
}

/**
 * The texts of objects that stand one behind another, each over several lines, as indented JSON has them.
 *
 * Errors: `JsonListError`, after the objects before it.
 */
export async function* jsonObjects(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let scan: Scan = { depth: 0, inString: false, escaped: false };
  let count = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    let start = 0;
    for (let end = endOfObject(scan, piece, 0); end >= 0; end = endOfObject(scan, piece, start)) {
      const text = utf8Text(concat([...parts, piece.subarray(start, end)]));
      [parts, length, start] = [[], 0, end];
      scan = { depth: 0, inString: false, escaped: false };
      count++;
      yield text.replace(/^[\s,]+/, '');
    }
    parts.push(piece.subarray(start));
    length += piece.length - start;
    if (length > MAX_ROW_BYTES) throw new JsonListError('endless', `row ${count + 1}`);
  }
  if (!/^[\s,\0]*$/.test(utf8Text(concat(parts)))) throw new JsonListError('syntax', `it ends within row ${count + 1}`);
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

/** Index behind the brace that closes the object at hand, looked for from `start` on; -1 where a later piece has it. */
function endOfObject(scan: Scan, piece: Uint8Array, start: number): number {
  for (let at = start; at < piece.length; at++) {
    const before = scan.depth;
    step(scan, piece[at]!);
    if (before === 1 && scan.depth === 0) return at + 1;
  }
  return -1;
}

function step(scan: Scan, byte: number): void {
  if (scan.inString) {
    if (scan.escaped) scan.escaped = false;
    else if (byte === BACKSLASH) scan.escaped = true;
    else if (byte === QUOTE) scan.inString = false;
  } else if (byte === QUOTE) scan.inString = true;
  else if (byte === OPEN_LIST || byte === OPEN_OBJECT) scan.depth++;
  else if (scan.depth > 0 && (byte === CLOSE_LIST || byte === CLOSE_OBJECT)) scan.depth--;
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

/**
 * A row of JSON, or of what Python's tools write in its place: `NaN` where there is nothing, which is null, or a dict as
 * `print` writes it. Errors: `SyntaxError`.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/^\s*\{\s*'/.test(text)) return parsePythonLiteral(text);
    const withoutNan = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
      part[0] === '"' ? part : 'null',
    );
    if (withoutNan === text) throw error;
    return JSON.parse(withoutNan);
  }
}
