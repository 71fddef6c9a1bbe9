import type { ColumnName } from '../../../../src/base/core/settings.ts';
import { blobSource } from '../../../../src/base/data/formats/byteSource.ts';
import { suggestedColumns } from '../../../../src/base/data/formats/columns.ts';
import type { ColumnMapping } from '../../../../src/base/data/formats/format.ts';
import { openSource } from '../../../../src/base/data/openSource.ts';

type Cells = Readonly<Record<string, unknown>>;

/** The first rows of a file as they stand, to choose its columns by. */
export interface Preview {
  readonly columns: readonly string[];
  readonly rows: readonly Cells[];
  /** What each column seems to be, by its name or else by its cells. */
  readonly suggested: ColumnMapping;
}

const ROWS = 5;
/** A sentence and two entities. */
const LEAST_COLUMNS = 3;

/** Null where the file cannot be read as rows with columns, of which three could be a sentence and its entities. */
export async function previewOf(file: File): Promise<Preview | null> {
  try {
    const opened = await openSource(blobSource(file, file.name), file.name, { columns: null });
    const rows: Cells[] = [];
    for await (const { value } of opened.rows) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) rows.push(value as Cells);
      if (rows.length === ROWS) break;
    }
    await opened.close();
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== '');
    const texts = columns.filter((name) => rows.some((row) => typeof row[name] === 'string'));
    return texts.length < LEAST_COLUMNS ? null : { columns, rows, suggested: suggestionOf(columns, rows) };
  } catch {
    // What is wrong with the file is told already, by the attempt to answer it.
    return null;
  }
}

/** PER, ORG … and no_relation, per:employee_of … */
const TYPE = /^[A-Z]{2,4}$/;
const RELATION = /^(no_relation|[a-z]+:[a-z_/]+)$/;

/** By names first; columns whose names say nothing by their cells: entities stand in the sentence, the longest text. */
export function suggestionOf(columns: readonly string[], rows: readonly Cells[]): ColumnMapping {
  const found: Partial<Record<ColumnName, string | undefined>> = { ...suggestedColumns(columns) };
  const cells = (name: string) => rows.map((row) => String(row[name] ?? ''));
  const free = () => columns.filter((name) => !Object.values(found).includes(name));
  const length = (name: string) => cells(name).reduce((sum, cell) => sum + cell.length, 0);
  found.sentence ??= free()
    .filter((name) => cells(name).some((cell) => cell.trim().includes(' ')))
    .sort((a, b) => length(b) - length(a))[0];
  const { sentence } = found;
  if (sentence === undefined) return withoutUndefined(found);
  const sentences = cells(sentence);
  const isWord = (name: string) =>
    cells(name).every((cell, i) => cell.trim() !== '' && !/^\d+$/.test(cell) && sentences[i]!.includes(cell.trim()));
  found.subject ??= free().find(isWord);
  found.object ??= free().find(isWord);
  const isAll = (pattern: RegExp) => (name: string) => cells(name).every((cell) => pattern.test(cell));
  found.subject_type ??= free().find(isAll(TYPE));
  found.object_type ??= free().find(isAll(TYPE));
  found.label ??= free().find(isAll(RELATION));
  return withoutUndefined(found);
}

const withoutUndefined = (mapping: Partial<Record<ColumnName, string | undefined>>): ColumnMapping =>
  Object.fromEntries(Object.entries(mapping).filter(([, name]) => name !== undefined));
