import type { Token } from 'marked';

/** Markdown as the sections write it. */

/** A section's text: its blocks with a blank line between them; empty blocks are left out. */
export const joinBlocks = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;

export const code = (text: string): string => `\`${text}\``;

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

/** The first six, and a sign that there are more. */
export const firstFew = (items: readonly string[]): string =>
  items.slice(0, 6).join(', ') + (items.length > 6 ? ', …' : '');

/**
 * A table; every column but the first `texts` is aligned to the right.
 *
 * @example
 * markdownTable(['label', 'rows'], [['a', '3']]) // '| label | rows |\n| :--- | ---: |\n| a | 3 |'
 */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = header.map((_, column) => (column < texts ? ':---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/**
 * Lines of a prefix and a text in a fenced block, so that nothing in a sentence is taken for Markdown or HTML. A text is
 * brought on one line, so that the block cannot be closed from within.
 */
export const textBlock = (lines: readonly (readonly [prefix: string, text: string])[]): string =>
  ['~~~text', ...lines.map(([prefix, text]) => prefix + text.replace(/\s+/g, ' ')), '~~~'].join('\n');

/** `textBlock` with lines `name: text`. */
export const linesBlock = (lines: readonly (readonly [name: string, text: string])[]): string =>
  textBlock(lines.map(([name, text]) => [`${name}: `, text]));

/** A heading's words without its markup. */
export const plainText = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      if ('tokens' in token && token.tokens) return plainText(token.tokens);
      return 'text' in token ? String(token.text) : token.raw;
    })
    .join('');
