import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';
import { utf8Text } from './utf8.ts';

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function lines(text: string, size: number, maxBytes?: number) {
  const found: [number, string | null][] = [];
  for await (const { number, bytes } of linesOf(cut(text, size), maxBytes))
    found.push([number, bytes && utf8Text(bytes)]);
  return found;
}

test('lines are those of a text cut at its newlines, wherever its bytes are cut; blank ones count', async () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '가', '\n', ' ', '\r', '𝒳'), maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 6 }), async (text, size) => {
      const expected = text.split('\n').map((line, i) => [i + 1, line] as const);
      expect(await lines(text, size)).toEqual(expected.filter(([, line]) => /[^ \r]/.test(line)));
    }),
  );
});

test('a line that is too long comes once, without its bytes, as soon as that is known', async () => {
  for (const size of [1, 3, 100]) {
    const text = 'abc\nabcd\n\nabcdefgh\nab\nabcde';
    expect(await lines(text, size, 3)).toEqual([
      [1, 'abc'],
      [2, null],
      [4, null],
      [5, 'ab'],
      [6, null],
    ]);
  }
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.from('abc');
  }
  expect((await linesOf(endless(), 10).next()).value).toEqual({ number: 1, bytes: null });
});
