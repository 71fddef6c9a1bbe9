/** A value of a table that is shown or written: texts to the left, numbers to the right, null as a dash. */
export type Cell = string | number | null;

/** Rows as aligned columns for a terminal; Hangul and other wide characters count two. */
export function textTable(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const isNumeric = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number'));
  const texts = columns.map((column) => columnTexts(rows.map((row) => row[column] ?? null)));
  const lines = [columns, ...rows.map((_, i) => texts.map((column) => column[i]!))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => displayWidth(line[i]!))));
  const draw = (line: readonly string[]) =>
    line
      .map((cell, i) => {
        const gap = ' '.repeat(widths[i]! - displayWidth(cell));
        return isNumeric[i] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [draw(lines[0]!), rule, ...lines.slice(1).map(draw)].join('\n');
}

/** Numbers of a column share their decimals: none where all are whole, else four. */
function columnTexts(cells: readonly Cell[]): string[] {
  const decimals = cells.every((cell) => typeof cell !== 'number' || Number.isInteger(cell)) ? 0 : 4;
  return cells.map((cell) => {
    if (cell === null) return '–';
    return typeof cell === 'number' ? cell.toFixed(decimals) : cell.replaceAll(/\p{Cc}+/gu, ' ');
  });
}

/** Columns that a text takes on a terminal: two for East Asian wide characters, none for combining ones. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += /\p{M}|\p{Cf}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
