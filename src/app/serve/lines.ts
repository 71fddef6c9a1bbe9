/** A line of a stream, without its end. Of one that is too long the bytes are left out. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Null where the line is longer than allowed. */
  readonly bytes: Uint8Array | null;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** Cuts chunks of bytes into lines, holding at most one line in memory. Blank lines count, but are left out. */
export class LineCutter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #number = 1;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in this chunk. */
  *cut(chunk: Uint8Array): Generator<Line> {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#take(chunk.subarray(from, at));
      yield* this.#end();
      from = at + 1;
    }
    this.#take(chunk.subarray(from));
  }

  /** What stands after the last newline. */
  *rest(): Generator<Line> {
    if (this.#length > 0) yield* this.#end();
  }

  #take(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#maxBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  *#end(): Generator<Line> {
    const number = this.#number++;
    const isTooLong = this.#length > this.#maxBytes;
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    if (isTooLong) yield { number, bytes: null };
    else if (bytes.some((byte) => byte > SPACE)) yield { number, bytes };
  }
}
