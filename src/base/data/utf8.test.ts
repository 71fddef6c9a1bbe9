import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, type Encoding, encodingOf, utf8Pieces, utf8Text } from './utf8.ts';

/** Bytes in pieces of these lengths, over and over. */
async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const end = start + lengths[i % lengths.length]!;
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function decoded(bytes: Uint8Array, lengths: readonly number[], encoding: Encoding = 'UTF-8'): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of utf8Pieces(inPieces(bytes, lengths), encoding)) pieces.push(piece);
  return utf8Text(concat(pieces));
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

test('bytes that mean nothing become half surrogates, all others their text', async () => {
  const byte = fc.constantFrom(0x61, 0x0a, 0xea, 0xb0, 0x80, 0xf0, 0x9d, 0xff, 0xed, 0xa0, 0xc0, 0xe0);
  await fc.assert(
    fc.asyncProperty(fc.array(byte, { maxLength: 14 }), lengths, async (content, cuts) => {
      const text = await decoded(Uint8Array.from(content), cuts);
      const back = [...text].flatMap((character) => {
        const code = character.codePointAt(0)!;
        return code >= 0xdc00 && code <= 0xdfff ? [code - 0xdc00] : [...Buffer.from(character)];
      });
      expect(back).toEqual(content);
      expect(!/\p{Surrogate}/u.test(text)).toBe(isUtf8(Uint8Array.from(content)));
    }),
    { numRuns: 500 },
  );
});

const SENTENCE = '그는 “안녕”이라고 말했다. abc 1,2';

test('encodings are told by their bytes', async () => {
  const utf16be = Buffer.from(`\uFEFF${SENTENCE}`, 'utf16le').swap16();
  const cases: [Uint8Array, Encoding | null][] = [
    [Buffer.from(SENTENCE), 'UTF-8'],
    [Buffer.from(`\uFEFF${SENTENCE}`, 'utf16le'), 'UTF-16LE'],
    [utf16be, 'UTF-16BE'],
    [Buffer.from(`guid,sentence\n${SENTENCE}`, 'utf16le'), 'UTF-16LE'],
    [utf16be.subarray(2), 'UTF-16BE'],
    // 안녕하세요 in CP949
    [Uint8Array.from([0xbe, 0xc8, 0xb3, 0xe7, 0xc7, 0xcf, 0xbc, 0xbc, 0xbf, 0xe4]), 'CP949'],
    [Buffer.concat([Buffer.from(SENTENCE), Uint8Array.from([0xff, 0xb0])]), 'UTF-8'],
    [Uint8Array.from([0, 0, 0, 0, 1, 0]), null],
  ];
  for (const [bytes, encoding] of cases) expect(encodingOf(bytes)).toBe(encoding);
  expect(await decoded(utf16be, [1], 'UTF-16BE')).toBe(SENTENCE);
  expect(await decoded(Uint8Array.from([0xbe, 0xc8, 0x0a, 0xb3, 0xe7]), [1, 2], 'CP949')).toBe('안\n녕');
});
