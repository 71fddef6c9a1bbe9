/** A value of a Python literal in JavaScript: dicts become plain objects, lists arrays, None null. */
export type PythonValue = string | number | boolean | null | PythonValue[] | { [key: string]: PythonValue };

/**
 * Reads one Python literal as `repr` writes it: dicts with text keys, lists, text in single or double quotes with
 * Python's escapes, whole and decimal numbers, None, True, False; numpy's numbers and texts such as `np.int64(24)`, and
 * `nan`, which is null. JSON is read as JSON. Nothing is evaluated, and whatever else Python would take (prefixes such as
 * b'…', triple quotes, tuples, sets, sums, `\N{…}`, integers beyond 2⁵³) is an error.
 *
 * @example parsePythonLiteral("{'word': '비틀즈', 'start_idx': 24}") // {word: '비틀즈', start_idx: 24}
 * @throws SyntaxError with the position (0-based, UTF-16 units) and what was expected there.
 */
export function parsePythonLiteral(text: string): PythonValue {
  if (/^\s*\{\s*"/.test(text))
    try {
      return JSON.parse(text) as PythonValue;
    } catch {
      // Python takes the same quotes.
    }
  const cursor = { text, at: 0 };
  const value = readValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at < text.length) throw unexpected(cursor, 'the end');
  return value;
}

interface Cursor {
  readonly text: string;
  at: number;
}

const MAX_DEPTH = 64;
const NAMES: ReadonlyMap<string, PythonValue> = new Map([
  ['None', null],
  ['True', true],
  ['False', false],
  ['null', null],
  ['true', true],
  ['false', false],
  ['nan', null],
  ['NaN', null],
  ['np.nan', null],
  ['np.True_', true],
  ['np.False_', false],
]);
/** How numpy 2 writes the numbers and texts of its own types. */
const NUMPY = /^(?:np|numpy)\.(?:u?int\d*|float\d*|str_?|bool_?)\(/;

function readValue(cursor: Cursor, depth: number): PythonValue {
  if (depth > MAX_DEPTH) throw unexpected(cursor, `at most ${MAX_DEPTH} levels`);
  skipSpace(cursor);
  switch (cursor.text[cursor.at]) {
    case "'":
    case '"':
      return readText(cursor);
    case '{':
      return Object.fromEntries(readItems(cursor, '}', () => readEntry(cursor, depth)));
    case '[':
      return readItems(cursor, ']', () => readValue(cursor, depth + 1));
    default:
      return readWord(cursor, depth);
  }
}

function readEntry(cursor: Cursor, depth: number): [string, PythonValue] {
  skipSpace(cursor);
  const quote = cursor.text[cursor.at];
  if (quote !== "'" && quote !== '"') throw unexpected(cursor, 'a key in quotes');
  const key = readText(cursor);
  skipSpace(cursor);
  if (!take(cursor, ':')) throw unexpected(cursor, '":"');
  return [key, readValue(cursor, depth + 1)];
}

/** Items between the bracket at the cursor and `close`, with commas between them and perhaps after the last one. */
function readItems<T>(cursor: Cursor, close: string, readItem: () => T): T[] {
  cursor.at++;
  const items: T[] = [];
  for (;;) {
    skipSpace(cursor);
    if (take(cursor, close)) return items;
    items.push(readItem());
    skipSpace(cursor);
    if (take(cursor, close)) return items;
    if (!take(cursor, ',')) throw unexpected(cursor, `"," or "${close}"`);
  }
}

function readWord(cursor: Cursor, depth: number): PythonValue {
  const rest = cursor.text.slice(cursor.at);
  const [numpy] = NUMPY.exec(rest) ?? [];
  if (numpy !== undefined) {
    cursor.at += numpy.length;
    const value = readValue(cursor, depth + 1);
    skipSpace(cursor);
    if (!take(cursor, ')')) throw unexpected(cursor, '")"');
    return value;
  }
  const [word = ''] = rest.match(/^[\w.+-]+/) ?? [];
  const value = NAMES.has(word) ? NAMES.get(word)! : toNumber(word);
  if (value === undefined) throw unexpected(cursor, 'a value');
  cursor.at += word.length;
  return value;
}

/** Python forbids leading zeros in whole numbers; beyond 2⁵³ JavaScript would change the number. */
function toNumber(word: string): number | undefined {
  if (/^[+-]?(0|[1-9]\d*)$/.test(word)) return Number.isSafeInteger(Number(word)) ? Number(word) + 0 : undefined;
  return /^[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

function readText(cursor: Cursor): string {
  const { text } = cursor;
  const quote = text[cursor.at]!;
  const start = cursor.at++;
  let result = '';
  for (;;) {
    const char = text[cursor.at];
    if (char === undefined || char === '\n' || char === '\r')
      throw unexpected(cursor, `the closing ${quote} of the text that begins at ${start}`);
    if (char === quote) break;
    if (char === '\\') result += readEscape(cursor);
    else {
      result += char;
      cursor.at++;
    }
  }
  cursor.at++;
  return result;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const CODE_ESCAPE = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/;

function readEscape(cursor: Cursor): string {
  const simple = SIMPLE_ESCAPES[cursor.text[cursor.at + 1] ?? ''];
  if (simple !== undefined) {
    cursor.at += 2;
    return simple;
  }
  const match = CODE_ESCAPE.exec(cursor.text.slice(cursor.at, cursor.at + 10));
  const [whole = '', x, u, long, octal] = match ?? [];
  const hex = x ?? u ?? long;
  const code = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
  if (!(code <= 0x10ffff)) throw unexpected(cursor, 'an escape that Python writes');
  // Two surrogates stay two characters in Python and would become one here.
  if (code >= 0xd800 && code <= 0xdfff) throw unexpected(cursor, 'a character, not half of one');
  cursor.at += whole.length;
  return String.fromCodePoint(code);
}

function skipSpace(cursor: Cursor): void {
  while (/[ \t\r\n\f]/.test(cursor.text[cursor.at] ?? '')) cursor.at++;
}

function take(cursor: Cursor, char: string): boolean {
  const found = cursor.text[cursor.at] === char;
  if (found) cursor.at++;
  return found;
}

function unexpected({ text, at }: Cursor, expected: string): SyntaxError {
  const found = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : 'the end';
  return new SyntaxError(`expected ${expected} at position ${at}, found ${found}`);
}
