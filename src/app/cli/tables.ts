import stringWidth from 'string-width';
import type { Language, Localized, Metrics } from '../../base/core/types.ts';
import type { Intervals } from '../../base/eval/bootstrap.ts';
import type { EntityReport } from '../../base/eval/entityMetrics.ts';
import { METRIC_NAMES } from '../../base/eval/metrics.ts';

/** A value of a table that is shown or written: texts to the left, numbers to the right, null as a dash. */
export type Cell = string | number | null;

/** Rows as aligned columns for a terminal; Hangul and other wide characters count two. */
export function textTable(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const isNumeric = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number'));
  const texts = columns.map((column) => columnTexts(rows.map((row) => row[column] ?? null)));
  const lines = [columns, ...rows.map((_, i) => texts.map((column) => column[i]!))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => stringWidth(line[i]!))));
  const draw = (line: readonly string[]) =>
    line
      .map((cell, i) => {
        const gap = ' '.repeat(widths[i]! - stringWidth(cell));
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

/** The four metrics with the ends of their 95 % intervals, as a table. */
export const metricTable = (metrics: Metrics, intervals: Intervals): string =>
  textTable(
    METRIC_NAMES.map((metric) => ({
      metric,
      value: metrics[metric],
      'from (95 %)': intervals[metric]?.[0] ?? null,
      to: intervals[metric]?.[1] ?? null,
    })),
  );

/** Precision, recall and F1 of entities with the ends of F1's 95 % interval: of all, of their places alone, and by type. */
export function entityTable({ all, boundaries, types }: EntityReport): string {
  const rows = [['all', all], ...Object.entries(types), ['any type', boundaries]] as const;
  return textTable(
    rows.map(([entities, { support, predicted, precision, recall, f1, intervals }]) => ({
      ...{ entities, there: support, found: predicted, precision, recall, f1 },
      'from (95 %)': intervals.f1[0],
      to: intervals.f1[1],
    })),
  );
}

/**
 * What a stage returned, for people: lists of rows as tables, single values as `name: value`, texts in two languages in
 * the chosen one.
 */
export function resultText(result: Readonly<Record<string, unknown>>, lang: Language): string {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(result)) {
    const table = asTable(value, lang);
    if (table) lines.push(`${name}:`, indented(textTable(table)));
    else lines.push(...factLines(name.replaceAll('_', ' '), value, lang));
  }
  return lines.join('\n');
}

/** Rows whose simple fields make a table; what is nested stays in the files. Null for anything else. */
export function asTable(value: unknown, lang: Language): Record<string, Cell>[] | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return null;
  return value.map((row) => {
    const cells = Object.entries(row).map(([name, cell]) => [name, isLocalized(cell) ? cell[lang] : cell] as const);
    return Object.fromEntries(cells.filter((entry): entry is readonly [string, Cell] => isCell(entry[1])));
  });
}

function factLines(name: string, value: unknown, lang: Language): string[] {
  if (isCell(value)) return value === null ? [] : [`${name}: ${value}`];
  if (typeof value === 'boolean') return [`${name}: ${value ? 'yes' : 'no'}`];
  if (Array.isArray(value)) return value.length > 0 && value.every(isCell) ? [`${name}: ${value.join(', ')}`] : [];
  if (!isRecord(value)) return [];
  if (isLocalized(value)) return [`${name}: ${value[lang]}`];
  const facts = Object.entries(value).flatMap(([key, inner]) =>
    isCell(inner) && inner !== null ? [`${key} ${inner}`] : [],
  );
  return facts.length > 0 ? [`${name}: ${facts.join(', ')}`] : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCell = (value: unknown): value is Cell =>
  value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
const isLocalized = (value: unknown): value is Localized =>
  isRecord(value) && typeof value.ko === 'string' && typeof value.en === 'string';
const indented = (text: string): string => text.replace(/^/gm, '  ');
