import { usageError } from '../core/errors.ts';

/** Text of a file in UTF-8, without its byte order mark. Errors: `usage`, with the first line that is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  const text = tryDecode(bytes);
  if (text !== null) return text;
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = utf16 ? 'UTF-16' : 'CP949';
  throw usageError(
    `${path} is not UTF-8: line ${firstBadLine(bytes)} has bytes that mean nothing in it.`,
    `If the file is in ${utf16 ? 'UTF-16' : 'CP949 (Korean Windows)'}, convert it: iconv -f ${encoding} -t UTF-8 FILE > NEW_FILE`,
  );
}

/** First character after a byte order mark and white space, as far as it is ASCII; empty for an empty file. */
export function firstByte(bytes: Uint8Array): string {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const found = bytes.subarray(start).find((byte) => !WHITE_SPACE.includes(byte));
  return found === undefined ? '' : String.fromCharCode(found);
}

const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];
const NEWLINE = 0x0a;

function tryDecode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** No byte of a longer UTF-8 sequence equals a newline, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (newline < 0 || tryDecode(bytes.subarray(start, end)) === null) return line;
    start = end + 1;
  }
}
