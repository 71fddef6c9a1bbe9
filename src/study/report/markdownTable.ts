/**
 * A Markdown table; every column but the first `texts` is aligned to the right.
 *
 * @example
 * markdownTable(['label', 'rows'], [['a', '3']]) // '| label | rows |\n| :--- | ---: |\n| a | 3 |'
 */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = header.map((_, column) => (column < texts ? ':---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
