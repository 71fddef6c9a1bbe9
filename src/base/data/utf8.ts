import { fileError } from './formats/format.ts';

/**
 * The pieces of a text in UTF-8, without its byte order mark, cut so that no character lies in two of them.
 *
 * Errors: `usage`, with the first line that is not UTF-8.
 */
export async function* utf8Pieces(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  let start: Uint8Array | null = null;
  let lines = 0;
  const check = (bytes: Uint8Array): void => {
    if (!isUtf8(bytes)) throw notUtf8(path, lines + firstBadLine(bytes), start ?? bytes);
    lines += newlines(bytes);
  };
  for await (const piece of pieces) {
    let bytes = rest.length === 0 ? piece : concat([rest, piece]);
    if (start === null) {
      rest = bytes;
      if (bytes.length < BYTE_ORDER_MARK.length) continue;
      start = bytes.slice(0, BYTE_ORDER_MARK.length);
      bytes = withoutByteOrderMark(bytes);
    }
    const whole = bytes.subarray(0, wholeCharacters(bytes));
    check(whole);
    rest = bytes.slice(whole.length);
    if (whole.length > 0) yield whole;
  }
  check(rest);
  if (rest.length > 0) yield rest;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes that `utf8Pieces` gave out. */
export const utf8Text = (bytes: Uint8Array): string => strict.decode(bytes);

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

/** First character after a byte order mark and white space, as far as it is ASCII; empty for an empty file. */
export function firstByte(bytes: Uint8Array): string {
  const found = withoutByteOrderMark(bytes).find((byte) => !WHITE_SPACE.includes(byte));
  return found === undefined ? '' : String.fromCharCode(found);
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];
const NEWLINE = 0x0a;

const withoutByteOrderMark = (bytes: Uint8Array): Uint8Array =>
  BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;

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

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function notUtf8(path: string, line: number, start: Uint8Array) {
  const utf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  const encoding = utf16 ? 'UTF-16' : 'CP949';
  return fileError(
    'notUtf8',
    `${path} is not UTF-8: line ${line} has bytes that mean nothing in it.`,
    `If the file is in ${utf16 ? 'UTF-16' : 'CP949 (Korean Windows)'}, convert it: iconv -f ${encoding} -t UTF-8 FILE > NEW_FILE`,
  );
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** No byte of a longer UTF-8 sequence equals a newline, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    if (newline < 0 || !isUtf8(bytes.subarray(start, newline))) return line;
    start = newline + 1;
  }
}
