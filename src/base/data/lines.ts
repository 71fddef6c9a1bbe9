import { concat } from './utf8.ts';

/** A line of a text, without its end. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Null where the line is longer than allowed: it is given out as soon as that is known, the rest of it left out. */
  readonly bytes: Uint8Array | null;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** The lines of a text as its bytes arrive, at most one of them in memory. Blank lines count; they are left out unless asked for. */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
  keepBlank = false,
): AsyncGenerator<Line, void, undefined> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let length = 0;
  /** Adds to the current line; true when that makes it too long. */
  const take = (part: Uint8Array): boolean => {
    const wasShort = length <= maxBytes;
    length += part.length;
    if (length > maxBytes) parts = [];
    else parts.push(part);
    return wasShort && length > maxBytes;
  };
  const line = (): Line | null => {
    const bytes = parts.length === 1 ? parts[0]! : concat(parts);
    return length <= maxBytes && (keepBlank || bytes.some((byte) => byte > SPACE)) ? { number, bytes } : null;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      if (take(piece.subarray(start, end))) yield { number, bytes: null };
      const whole = line();
      if (whole !== null) yield whole;
      number++;
      [parts, length, start] = [[], 0, end + 1];
    }
    if (take(piece.subarray(start))) yield { number, bytes: null };
  }
  const last = line();
  if (last !== null) yield last;
}
