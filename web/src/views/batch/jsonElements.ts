/**
 * Cuts the text of a JSON list into its elements' texts as it arrives. Only commas and brackets outside of strings are
 * looked at; whether an element is JSON is left to `JSON.parse`.
 */
export class JsonElements {
  #place: 'before' | 'inside' | 'after' = 'before';
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #element = '';

  /** The elements that end in this piece. Throws a `SyntaxError` where the text is no list. */
  *push(piece: string): Generator<string> {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const char = piece[at]!;
      if (this.#place !== 'inside') {
        if (/\s/.test(char)) continue;
        if (this.#place === 'after' || char !== '[') throw new SyntaxError(`${JSON.stringify(char)}`);
        this.#place = 'inside';
        start = at + 1;
      } else if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (char === '\\') this.#isEscaped = true;
        else if (char === '"') this.#inString = false;
      } else if (char === '"') this.#inString = true;
      else if (char === '{' || char === '[') this.#depth++;
      else if (this.#depth > 0) {
        if (char === '}' || char === ']') this.#depth--;
      } else if (char === ',' || char === ']') {
        const text = (this.#element + piece.slice(start, at)).trim();
        this.#element = '';
        start = at + 1;
        if (char === ']') this.#place = 'after';
        if (text !== '' || char === ',') yield text;
      }
    }
    if (this.#place === 'inside') this.#element += piece.slice(start);
  }

  /** Whether the list was closed. */
  get isComplete(): boolean {
    return this.#place === 'after';
  }
}
