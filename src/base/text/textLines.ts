/** Lines of a text that belong together: a paragraph that was wrapped by hand is one, a heading or an item is one of its own. */

/** A stretch of a text in UTF-16 units, the end exclusive. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

const LINE = /[^\r\n\v\f\u0085\u2028\u2029]*(?:\r\n|[\r\n\v\f\u0085\u2028\u2029]|$)/g;
/** What begins an item of a list, a heading, a quotation or a row of a table, in plain text and in Markdown. */
const ITEM =
  /^\s*(?:[-*+•·∙▪■□◆◇○●△▲▶▷▸※☞→#>|]|\(?(?:\d{1,3}|[가-하]|[A-Za-z])[.)]\s|[①-⑳㉠-㉻⑴-⒇]|\[|【|제\s?\d+\s?[조장절편관항]|\S{1,8}\s?:\s)/u;
/** The first line of a paragraph, where no blank line is between two. */
const INDENTED = /^(?: {2,}|\t|\u3000)\S/;
const HEADING = /^\s*(?:#{1,6}\s|[|>]|=+\s*$|-+\s*$)/;
/** What a line ends in that says all it has to say. */
const ENDED = /[.!?。？！…:;]["'”’)\]」』》〉]*\s*$/;
/** A line shorter than this was not broken for want of room. */
const SHORTEST_WRAP = 36;
const LONGEST_WRAP = 120;
/** Broken lines reach so far to the longest one. */
const NEARLY = 0.8;

/** Blocks of lines in order, blank lines with the block before them: together they are the text. */
export function* blocksOf(text: string): Generator<Segment, void, undefined> {
  for (const paragraph of paragraphsOf(text)) {
    const longest = paragraph.reduce((most, { from, to }) => Math.max(most, text.slice(from, to).trim().length), 0);
    const isWrapped = longest >= SHORTEST_WRAP && longest <= LONGEST_WRAP;
    let block: Segment | null = null;
    for (const line of paragraph) {
      if (block === null) block = line;
      else if (isWrapped && goesOn(text, block, line, longest)) block = { from: block.from, to: line.to };
      else {
        yield block;
        block = line;
      }
    }
    if (block) yield block;
  }
}

/** Whether a block was broken in the middle of a sentence, which the next line goes on with. */
function goesOn(text: string, block: Segment, next: Segment, longest: number): boolean {
  const lines = text.slice(block.from, block.to).trimEnd();
  const last = lines.slice(Math.max(lines.lastIndexOf('\n'), lines.lastIndexOf('\r')) + 1);
  const following = text.slice(next.from, next.to);
  if (following.trim() === '') return true;
  return (
    last.trim().length >= NEARLY * longest &&
    !ENDED.test(last) &&
    /\S\s+\S/.test(last) &&
    !ITEM.test(following) &&
    !INDENTED.test(following) &&
    !HEADING.test(last)
  );
}

/** Lines up to the next blank ones, these with the last. */
function* paragraphsOf(text: string): Generator<Segment[], void, undefined> {
  let lines: Segment[] = [];
  let isEnding = false;
  for (const match of text.matchAll(LINE)) {
    if (match[0] === '') continue;
    const line = { from: match.index, to: match.index + match[0].length };
    const isBlank = match[0].trim() === '';
    if (isBlank && lines.length > 0) {
      const last = lines.pop()!;
      lines.push({ from: last.from, to: line.to });
      isEnding = true;
      continue;
    }
    if (isEnding) {
      yield lines;
      [lines, isEnding] = [[], false];
    }
    lines.push(line);
  }
  if (lines.length > 0) yield lines;
}
