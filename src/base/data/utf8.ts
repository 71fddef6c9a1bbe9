/** How the bytes of a text are to be read. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'CP949';

/**
 * The encoding of a text by its first bytes; null where they are no text. A file that is UTF-8 but for a few bytes is
 * UTF-8 with bad rows: CP949 takes nearly any bytes, so it must not be asked first.
 */
export function encodingOf(head: Uint8Array): Encoding | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  const zeros = [0, 0];
  // Some programs fill up the end of a file with zero bytes.
  const filled = head.findLastIndex((byte) => byte !== 0) + 1;
  for (const [at, byte] of head.subarray(0, Math.min(1024, filled)).entries()) if (byte === 0) zeros[at % 2]!++;
  if (zeros[0]! + zeros[1]! > 0) {
    // Letters, digits and separators have their zero byte behind them in UTF-16LE, before them in UTF-16BE.
    if (zeros[1]! > 2 * zeros[0]!) return 'UTF-16LE';
    return zeros[0]! > 2 * zeros[1]! ? 'UTF-16BE' : null;
  }
  const { whole, bad } = countCharacters(head);
  if (bad === 0 || whole > bad) return 'UTF-8';
  const text = new TextDecoder(CP949).decode(head, { stream: true });
  const beyondAscii = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  const unknown = text.match(/\uFFFD/g)?.length ?? 0;
  return unknown <= 0.05 * beyondAscii ? 'CP949' : null;
}

/** The name that the platform's decoder has for CP949, a superset of EUC-KR. */
const CP949 = 'euc-kr';

/**
 * The bytes of a text in UTF-8, whatever its encoding, without its byte order mark. Bytes that mean nothing stay: no byte
 * of a longer UTF-8 sequence equals a newline, a quote or a separator, so texts can be cut before they are decoded.
 */
export async function* utf8Pieces(
  pieces: AsyncIterable<Uint8Array>,
  encoding: Encoding = 'UTF-8',
): AsyncGenerator<Uint8Array, void, undefined> {
  let start: Uint8Array | null = new Uint8Array(0);
  for await (const piece of encoding === 'UTF-8' ? pieces : recoded(pieces, encoding)) {
    if (start === null) {
      if (piece.length > 0) yield piece;
      continue;
    }
    start = concat([start, piece]);
    if (start.length < BYTE_ORDER_MARK.length) continue;
    const bare = withoutByteOrderMark(start);
    start = null;
    if (bare.length > 0) yield bare;
  }
  if (start !== null && start.length > 0) yield start;
}

async function* recoded(pieces: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  const decode = decoderOf(encoding);
  // CP949 has no replacement character of its own: one that comes out stands for bytes that mean nothing.
  const encode = (text: string) =>
    encoding === 'CP949' && text.includes('\uFFFD')
      ? concat(text.split('\uFFFD').flatMap((part, i) => (i === 0 ? [] : [NO_CHARACTER]).concat(encoder.encode(part))))
      : encoder.encode(text);
  for await (const piece of pieces) yield encode(decode(piece));
  yield encode(decode());
}

/** A byte that UTF-8 never has. */
const NO_CHARACTER = Uint8Array.of(0xff);

/** Text of bytes in UTF-8. Bytes that mean nothing become half surrogate pairs, which no valid row has. */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return textAroundBadBytes(bytes);
  }
}

/** Text of the first bytes of a file, without byte order mark; a character that is cut at the end is left out. */
export function headText(head: Uint8Array, encoding: Encoding): string {
  const text = encoding === 'UTF-8' ? utf8Text(head.subarray(0, wholeCharacters(head))) : decoderOf(encoding)(head);
  return text.replace(/^\uFEFF/, '');
}

/** Arrays one after the other, in an array of its own. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const withoutByteOrderMark = (bytes: Uint8Array): Uint8Array =>
  BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes pieces one after the other; without a piece, what the last one left over. */
function decoderOf(encoding: Encoding): (piece?: Uint8Array) => string {
  const decoder = new TextDecoder(encoding === 'CP949' ? CP949 : encoding.toLowerCase(), { ignoreBOM: true });
  return (piece) => (piece ? decoder.decode(piece, { stream: true }) : decoder.decode());
}

function textAroundBadBytes(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += strict.decode(bytes.subarray(start, at)) + String.fromCharCode(0xdc00 + bytes[at]!);
      start = at + 1;
    }
    at += length || 1;
  }
  return text + strict.decode(bytes.subarray(start));
}

/** Characters beyond ASCII that are whole, and bytes that belong to none. */
function countCharacters(bytes: Uint8Array): { readonly whole: number; readonly bad: number } {
  const end = wholeCharacters(bytes);
  let [whole, bad] = [0, 0];
  for (let at = 0; at < end; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) bad++;
    else if (length > 1) whole++;
    at += length || 1;
  }
  return { whole, bad };
}

/** Bytes of the UTF-8 character that begins at a place; 0 where none does (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  const [low = 0x80, high = 0xbf] = SECOND_BYTES[first] ?? [];
  const second = bytes[at + 1]!;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** Where the second byte has less room than 80 to BF. */
const SECOND_BYTES: Readonly<Record<number, readonly [low: number, high: number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

/** Length without the beginning of a character at the end, whose other bytes are still to come. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
