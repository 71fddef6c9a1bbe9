import { asGiven, usageError } from '../../core/errors.ts';
import type { Localized } from '../../core/types.ts';
import type { Problem } from '../checkRow.ts';
import { codePointLength, spanText } from '../span.ts';
import type { TypedEntity } from './entitySentence.ts';

/** Text as lines of tokens with a tag each: O, B-TYPE, I-TYPE (Ramshaw and Marcus, 1995). */

/** An error at a line of a file. */
export const atLine = (path: string, line: number, { field, found, expected }: Problem, hint?: Localized) =>
  usageError(
    {
      en: `${path}: line ${line}: ${field} is ${found.en}; expected ${expected.en}.`,
      ko: `${path}: ${line}행: ${field}: 있는 것은 ${found.ko}, 필요한 것은 ${expected.ko}.`,
    },
    hint,
  );

/** Lines of tokens with a tag each, in blocks with an empty line between them. */
export interface TaggedBlock {
  /** The line that the block begins at. */
  readonly line: number;
  /** What a line `## …` says before it. */
  readonly title: string | null;
  readonly tokens: readonly (readonly [token: string, tag: string])[];
}

const TAG = /^(?:O|[BI]-\S+)$/;

/** The blocks of a file. Errors: `usage`, with the line, for one without a tag. */
export function taggedBlocks(
  text: string,
  path: string,
  split: (line: string) => readonly [string, string] | null,
): TaggedBlock[] {
  const blocks: TaggedBlock[] = [];
  let [title, start] = [null as string | null, 1];
  let tokens: [string, string][] = [];
  const flush = (next: number) => {
    if (tokens.length > 0) blocks.push({ line: start, title, tokens });
    [title, tokens, start] = [null, [], next];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('-DOCSTART-')) flush(index + 2);
    else if (line.startsWith('## ') && tokens.length === 0) title = line.slice(3);
    else {
      const cells = split(line);
      if (cells === null || !TAG.test(cells[1]))
        throw atLine(path, index + 1, {
          field: 'tag',
          found: asGiven(JSON.stringify(cells?.[1] ?? line)),
          expected: { en: 'O, B-TYPE or I-TYPE behind the token', ko: '토큰 뒤의 O, B-TYPE, I-TYPE' },
        });
      tokens.push([...cells]);
    }
  }
  flush(0);
  return blocks;
}

/** The text of a block and its entities, tokens joined by `between`. `I` that continues nothing begins an entity. */
export function taggedText(
  { tokens }: TaggedBlock,
  between: string,
): { readonly text: string; readonly entities: readonly TypedEntity[] } {
  const spans: { start: number; end: number; type: string }[] = [];
  let [text, at, open] = ['', 0, null as string | null];
  for (const [index, [token, tag]] of tokens.entries()) {
    if (index > 0) {
      text += between;
      at += between.length;
    }
    const end = at + codePointLength(token) - 1;
    const name = tag === 'O' ? null : tag.slice(2);
    if (name !== null && tag.startsWith('I') && name === open) spans.at(-1)!.end = end;
    else if (name !== null) spans.push({ start: at, end, type: name });
    open = name;
    text += token;
    at = end + 1;
  }
  return { text, entities: spans.map((span) => ({ word: spanText(text, span.start, span.end), ...span })) };
}
