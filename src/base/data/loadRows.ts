import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { usageError } from '../core/errors.ts';
import { readFailure, sha256 } from '../core/files.ts';
import type { DataFile, Example, LabelledExample, LabelSet } from '../core/types.ts';
import { badRowsError, inOwnNames, type RejectedRow, repeatedGuid } from './badRows.ts';
import { type CheckedRow, checkRow, type RowRules } from './checkRow.ts';
import { memorySource } from './formats/byteSource.ts';
import type { RawRow, RawRows } from './formats/format.ts';
import { entityTypesOf, labelSetOf, namedLabelSet, readRelationList } from './labelSet.ts';
import { openSource } from './openSource.ts';
import { KLUE_LABELS } from './relations.ts';

/** How a file of rows is read. What is left out comes from `relation_list.json` beside the file, else from the file. */
export interface RowsOptions {
  /** The labels that rows may have, e.g. those of a trained model. */
  readonly labelSet?: LabelSet;
  /** The entity types that rows may have, beside none at all. */
  readonly entityTypes?: readonly string[];
  /** What to do with invalid rows; default `error`. */
  readonly onBadRow?: 'error' | 'skip';
}

/** A file of rows, every one of them valid. */
export interface LoadedRows<Row extends Example> {
  readonly rows: readonly Row[];
  readonly rejected: readonly RejectedRow[];
  readonly labelSet: LabelSet;
  readonly entityTypes: readonly string[];
  /** `path` is the base name alone: what korex writes must not tell where files lie on this machine. */
  readonly file: DataFile;
}

/**
 * Reads a file of labelled rows in any of `formats/table.ts` and checks every row; a row without a guid gets `FILE:ROW`.
 *
 * Errors: `usage` when the file cannot be read, has no valid rows, or has invalid ones and `onBadRow` is `error`:
 * then with row, field, found and expected of the first 20.
 */
export const loadRows = async (path: string, options: RowsOptions = {}): Promise<LoadedRows<LabelledExample>> =>
  // Sound: `required` lets no row without a label through.
  (await load(path, options, 'required')) as LoadedRows<LabelledExample>;

/** The same for rows of which some or all may have no label, e.g. the input of predictions. */
export const loadUnlabelledRows = (path: string, options: RowsOptions = {}): Promise<LoadedRows<Example>> =>
  load(path, options, 'optional');

async function load(path: string, options: RowsOptions, label: RowRules['label']): Promise<LoadedRows<Example>> {
  const bytes = await readBytes(path);
  const list = await readRelationList(dirname(path));
  const raw = await openSource(memorySource(bytes, path), basename(path));
  const rawRows = await collect(raw.rows);
  const labelSet = options.labelSet ?? list?.labelSet ?? (raw.labelNames && namedLabelSet(raw.labelNames));
  const entityTypes = options.entityTypes ?? list?.entityTypes ?? null;
  const rules: RowRules = {
    labels: labelSet ? new Set(labelSet.labels) : null,
    entityTypes: entityTypes && new Set(entityTypes),
    labelNames: raw.labelNames ?? list?.labelSet.labels ?? (raw.format.name === 'Parquet' ? KLUE_LABELS : null),
    label,
  };
  const { examples, rejected } = checkRows(rawRows, raw.columnNames, rules, basename(path));
  if (rawRows.length === 0)
    throw usageError(`${path} has no rows.`, 'Check that the file is the right one and complete.');
  if (rejected.length > 0 && (options.onBadRow !== 'skip' || examples.length === 0))
    throw badRowsError(path, rawRows.length, raw.format.counting, rejected);
  return {
    rows: examples,
    rejected,
    labelSet: labelSet ?? labelSetOf(examples.flatMap(({ label }) => label ?? [])),
    entityTypes: entityTypes ?? entityTypesOf(examples.flatMap(({ subject, object }) => [subject.type, object.type])),
    file: { path: basename(path), rows: examples.length, sha256: sha256(bytes) },
  };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function checkRows(rows: readonly RawRow[], columnNames: RawRows['columnNames'], rules: RowRules, file: string) {
  const examples: Example[] = [];
  const rejected: RejectedRow[] = [];
  const rowOfGuid = new Map<string, number>();
  for (const raw of rows) {
    const checked = checkUnique(raw, checkRaw(raw, rules, file), rowOfGuid);
    if ('example' in checked) examples.push(checked.example);
    else
      rejected.push({ file, row: raw.number, problems: inOwnNames(checked.problems, columnNames), value: raw.value });
  }
  return { examples, rejected };
}

const checkRaw = ({ number, value, problem }: RawRow, rules: RowRules, file: string): CheckedRow =>
  problem ? { problems: [problem] } : checkRow(value, rules, `${file}:${number}`);

/** A guid belongs to the first valid row that has it. */
function checkUnique({ number }: RawRow, checked: CheckedRow, rowOfGuid: Map<string, number>): CheckedRow {
  if (!('example' in checked)) return checked;
  const { guid } = checked.example;
  const first = rowOfGuid.get(guid);
  if (first !== undefined) return { problems: [repeatedGuid(guid, first)] };
  rowOfGuid.set(guid, number);
  return checked;
}
