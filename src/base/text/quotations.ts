/** Which quotations and brackets are open at a place of a text: a sentence does not end within one. */

const CLOSERS: Readonly<Record<string, string>> = {
  '“': '”',
  '‘': '’',
  '「': '」',
  '『': '』',
  '《': '》',
  '〈': '〉',
  '【': '】',
  '〔': '〕',
  '(': ')',
  '（': '）',
  '[': ']',
  '{': '}',
};
const OPENER_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CLOSERS).map(([open, close]) => [close, open]),
);

/** How far ahead a mark is looked for to close; one that does not was a slip of the pen. */
const REACH = 1000;

interface OpenMark {
  readonly mark: string;
  readonly closer: string;
}

/** Follows the marks of a text from one place to the next. */
export class OpenMarks {
  readonly #text: string;
  #open: OpenMark[] = [];
  #done: number;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#done = from;
  }

  /** Whether the place lies within marks that close further on. Places must not go back. */
  isInside(place: number): boolean {
    for (; this.#done < place; this.#done++) this.#take(this.#done);
    this.#open = this.#open.filter(({ mark, closer }) => this.#closes(mark, closer, place));
    return this.#open.length > 0;
  }

  #take(at: number): void {
    const mark = this.#text[at]!;
    if (mark === '"' || mark === "'") {
      this.#takeStraight(mark, at);
      return;
    }
    const closer = CLOSERS[mark];
    if (closer !== undefined) {
      this.#open.push({ mark, closer });
      return;
    }
    const opener = OPENER_OF[mark];
    if (opener === undefined || isApostrophe(this.#text, at)) return;
    const last = this.#open.findLastIndex((open) => open.mark === opener);
    if (last >= 0) this.#open.length = last;
  }

  /** A straight mark is the same on both sides: what stands around it tells which one it is. */
  #takeStraight(mark: string, at: number): void {
    if (isApostrophe(this.#text, at)) return;
    const last = this.#open.findLastIndex((open) => open.mark === mark);
    const opens = opensHere(this.#text, at);
    if (last >= 0) this.#open.length = last;
    if (last < 0 || opens) this.#open.push({ mark, closer: mark });
  }

  #closes(mark: string, closer: string, place: number): boolean {
    const ahead = this.#text.slice(place, place + REACH);
    const end = ahead.indexOf(closer);
    if (end < 0) return false;
    if (mark === closer) return !opensHere(this.#text, place + end);
    const again = ahead.indexOf(mark);
    return again < 0 || again > end || ahead.indexOf(closer, end + 1) >= 0;
  }
}

/** After a blank and before none. */
const opensHere = (text: string, at: number): boolean =>
  /^$|[\s([{“‘「『《〈=:]/.test(text[at - 1] ?? '') && /\S/.test(text[at + 1] ?? '');

const isApostrophe = (text: string, at: number): boolean =>
  /['’]/.test(text[at]!) && /[A-Za-z0-9]/.test(text[at - 1] ?? '') && /[A-Za-z]/.test(text[at + 1] ?? '');
