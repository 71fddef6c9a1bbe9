/** Cuts CSV text (RFC 4180: quotes doubled within quotes) into records as it arrives; blank lines are left out. */
export class CsvRecords {
  readonly #delimiter: string;
  #record: string[] = [];
  #cell = '';
  #state: 'plain' | 'quoted' | 'quote in quoted' = 'plain';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  *push(piece: string): Generator<string[]> {
    for (const char of piece) {
      if (this.#state === 'quoted') {
        if (char === '"') this.#state = 'quote in quoted';
        else this.#cell += char;
        continue;
      }
      if (char === '"' && this.#state === 'quote in quoted') {
        this.#cell += '"';
        this.#state = 'quoted';
        continue;
      }
      if (char === '"' && this.#cell === '') this.#state = 'quoted';
      else if (char === this.#delimiter) this.#endCell();
      else if (char === '\n') yield* this.#endRecord();
      else if (char !== '\r') this.#cell += char;
    }
  }

  /** What stands behind the last line break. Throws a `SyntaxError` where a quote was never closed. */
  *end(): Generator<string[]> {
    if (this.#state === 'quoted') throw new SyntaxError('"');
    yield* this.#endRecord();
  }

  #endCell(): void {
    this.#record.push(this.#cell);
    this.#cell = '';
    this.#state = 'plain';
  }

  *#endRecord(): Generator<string[]> {
    this.#endCell();
    const record = this.#record;
    this.#record = [];
    if (record.length > 1 || record[0] !== '') yield record;
  }
}
