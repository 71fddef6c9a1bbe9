import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lacksPython } from '../../../test/support/needs.ts';
import { type PythonValue, parsePythonLiteral } from './pythonLiteral.ts';

test.each<[text: string, value: PythonValue]>([
  [`{'word': '비틀즈', 'start_idx': 24, 'end_idx': 26, 'type': 'ORG'}`, entity('비틀즈', 24, 26, 'ORG')],
  [`{'word': "샘's 가게", 'start_idx': 0, 'end_idx': 6, 'type': None}`, entity("샘's 가게", 0, 6, null)],
  [`{"word": 'say "예"', "start_idx": 1, "end_idx": 7, "type": "POH",}`, entity('say "예"', 1, 7, 'POH')],
  [String.raw`'it\'s \"\\\n\t\x41\uac00\U0001f3bb\101\0'`, 'it\'s "\\\n\tA가🎻A\0'],
  [
    ' [1, -2, +3, 0, 1.5, .5, 2e3, True, False, None, [], {}] ',
    [1, -2, 3, 0, 1.5, 0.5, 2000, true, false, null, [], {}],
  ],
  [`{'a': 1, 'a': 2}`, { a: 2 }],
  ['-0', 0],
])('%s', (text, value) => {
  expect(parsePythonLiteral(text)).toStrictEqual(value);
});

test.each([
  ['', 'expected a value at position 0, found the end'],
  ["{'a': 1", 'expected "," or "}" at position 7, found the end'],
  ["{'a' 1}", 'expected ":" at position 5, found "1}"'],
  ['{1: 2}', 'expected a key in quotes at position 1, found "1: 2}"'],
  ["'a", "expected the closing ' of the text that begins at 0 at position 2, found the end"],
  ["'a\n'", "expected the closing ' of the text"],
  ["'a' 'b'", 'expected the end at position 4'],
  ['[1,,2]', 'expected a value at position 3'],
  ['007', 'expected a value'],
  ['9007199254740993', 'expected a value'],
  ["b'a'", 'expected a value'],
  ['(1, 2)', 'expected a value'],
  ['{1}', 'expected a key in quotes'],
  ['__import__("os")', 'expected a value'],
  [String.raw`'\d'`, 'expected an escape that Python writes'],
  [String.raw`'\ud83c\udfbb'`, 'expected a character, not half of one'],
  [String.raw`'\U00110000'`, 'expected an escape that Python writes'],
  ['['.repeat(100), 'expected at most 64 levels'],
])('rejects %s', (text, message) => {
  expect(() => parsePythonLiteral(text)).toThrow(message);
  expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
});

test('a key named __proto__ is a key like others', () => {
  const value = parsePythonLiteral("{'__proto__': {'word': 'x'}}") as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

const values = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('reads back whatever repr would write', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(parsePythonLiteral(repr(value))).toEqual(value);
    }),
  );
});

test('never ends in anything but a value or a SyntaxError', () => {
  const texts = fc.string({ unit: fc.constantFrom(...`{}[]'",:\\ \n-+.0123456789eExuUNTFonea가🎻`), maxLength: 30 });
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parsePythonLiteral(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});

test.skipIf(lacksPython())('reads what Python itself writes (needs python3)', () => {
  const samples = fc.sample(values, { numRuns: 200, seed: 1 });
  const script =
    'import json, sys\nfor line in sys.stdin: print(ascii(json.loads(line)) + "\\n" + repr(json.loads(line)))';
  const { stdout } = spawnSync('python3', ['-c', script], {
    input: samples.map((value) => `${JSON.stringify(value)}\n`).join(''),
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  const lines = stdout.split('\n');
  expect(lines).toHaveLength(2 * samples.length + 1);
  for (const [i, value] of samples.entries()) {
    const twice = JSON.parse(JSON.stringify(value)) as PythonValue;
    expect(parsePythonLiteral(lines[2 * i]!)).toEqual(twice);
    expect(parsePythonLiteral(lines[2 * i + 1]!)).toEqual(twice);
  }
});

function entity(word: string, start_idx: number, end_idx: number, type: string | null): PythonValue {
  return { word, start_idx, end_idx, type };
}

/** Python's `repr`, as far as these values need it. */
function repr(value: PythonValue): string {
  if (typeof value === 'string') return reprText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${reprText(key)}: ${repr(item)}`)
    .join(', ')}}`;
}

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = [...text].map((char) => {
    const code = char.codePointAt(0)!;
    if (char === '\\' || char === quote) return `\\${char}`;
    if (code < 0x20) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff && code % 2 === 1 ? `\\U${code.toString(16).padStart(8, '0')}` : char;
  });
  return quote + body.join('') + quote;
}
