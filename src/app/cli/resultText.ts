import type { Language, Localized } from '../../base/core/types.ts';
import { type Cell, textTable } from './textTable.ts';

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
