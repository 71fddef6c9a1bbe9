import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Pieces } from '../utf8.ts';
import { jsonListElements } from './jsonList.ts';

/** Bytes in pieces, cut at these places. */
async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function parsed(text: string, places: readonly number[] = []): Promise<unknown[] | 'invalid'> {
  const values: unknown[] = [];
  try {
    for await (const element of jsonListElements(utf8Pieces(cut(Buffer.from(text), places))))
      values.push(JSON.parse(element));
    return values;
  } catch {
    return 'invalid';
  }
}

function expected(text: string): unknown[] | 'invalid' {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : 'invalid';
  } catch {
    return 'invalid';
  }
}

const places = fc.array(fc.nat(500), { maxLength: 12 });
const words = fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', ']"', '가나', '𝒳', '\u2028', '\\"', 'a');
const string = fc.oneof(fc.string({ unit: words, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(
      string,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(string, tie('value'), { maxKeys: 4 }),
  ),
}));
const wellFormed = (text: string) => Buffer.from(text).toString() === text;

test('the elements of any list, wherever its bytes are cut, are those of JSON.parse', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { maxLength: 6 }),
      fc.constantFrom(0, 2, '\t'),
      places,
      async (list, space, at) => {
        const text = JSON.stringify(list, null, space);
        expect(await parsed(text, at)).toEqual(JSON.parse(text));
      },
    ),
    { numRuns: 300 },
  );
});

test('what JSON.parse refuses is refused, and the other way round', async () => {
  const pieces = fc.constantFrom(...'[]{},:"\\ \n', '1', 'null', '"a"', '{"a":', 'x', '\uFEFF', '\u00a0', '가');
  const broken = fc
    .tuple(fc.array(value, { maxLength: 3 }), fc.nat(200), fc.nat(3), fc.string({ maxLength: 2 }))
    .map(([list, at, length, text]) => {
      const whole = JSON.stringify(list);
      const place = at % (whole.length + 1);
      return whole.slice(0, place) + text + whole.slice(place + length);
    });
  const texts = fc.oneof(fc.string({ unit: pieces, maxLength: 10 }), broken).filter(wellFormed);
  await fc.assert(
    fc.asyncProperty(texts, places, async (text, at) => {
      const bare = text.replace(/^\uFEFF/, '');
      expect(await parsed(text, at)).toEqual(expected(bare));
    }),
    { numRuns: 1500 },
  );
});

test('deep nesting', async () => {
  const deep = `${'['.repeat(2000)}"]"${']'.repeat(2000)}`;
  expect(await parsed(deep, [1, 500, 2003])).toEqual(JSON.parse(deep));
  expect(await parsed(deep.slice(0, -1))).toBe('invalid');
});

test('elements come as soon as their bytes have come', async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('[');
    for (;;) {
      asked++;
      yield Buffer.from(`{"n": ${asked}},`);
    }
  }
  const elements = jsonListElements(endless());
  expect((await elements.next()).value).toBe('{"n": 1}');
  expect((await elements.next()).value).toBe('{"n": 2}');
  expect(asked).toBe(2);
  await elements.return(undefined);
});
