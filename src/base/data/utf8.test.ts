import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Pieces } from './utf8.ts';

/** Bytes in pieces of these lengths, over and over. */
async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const end = start + lengths[i % lengths.length]!;
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function decoded(bytes: Uint8Array, lengths: readonly number[]): Promise<string> {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for await (const piece of utf8Pieces(inPieces(bytes, lengths), 'x')) text += strict.decode(piece);
  return text;
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('text comes through whole, wherever its bytes are cut, without its byte order mark', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '가', '𝒳', '\uFEFF'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, lengths, async (content, cuts) => {
      const bytes = Buffer.from(content);
      expect(await decoded(bytes, cuts)).toBe(content.replace(/^\uFEFF/, ''));
    }),
  );
});

test('bytes are refused where TextDecoder refuses them, with the line', async () => {
  const byte = fc.constantFrom(0x61, 0x0a, 0xea, 0xb0, 0x80, 0xf0, 0x9d, 0xff, 0xed, 0xa0, 0xc0, 0xe0);
  await fc.assert(
    fc.asyncProperty(fc.array(byte, { maxLength: 14 }), lengths, async (content, cuts) => {
      const bytes = Uint8Array.from(content);
      const lines = Buffer.from(bytes).toString('latin1').split('\n');
      const isValid = (line: string) => Buffer.from(Buffer.from(line, 'latin1').toString()).toString('latin1') === line;
      const bad = lines.findIndex((line) => !isValid(line));
      const result = await decoded(bytes, cuts).catch((error: Error) => error.message);
      if (bad < 0) expect(result).toBe(Buffer.from(bytes).toString());
      else expect(result).toBe(`x is not UTF-8: line ${bad + 1} has bytes that mean nothing in it.`);
    }),
    { numRuns: 500 },
  );
});

test('a file in UTF-16 is recognised even where its pieces are single bytes', async () => {
  const error = await decoded(Buffer.from('\uFEFF가', 'utf16le'), [1]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ hint: expect.stringContaining('iconv -f UTF-16') });
});
