import { type Problem, shown } from '../checkRow.ts';
import { type PythonValue, parsePythonLiteral } from '../pythonLiteral.ts';
import { fileError } from './format.ts';

/**
 * How tables of cells hold rows. Two layouts, told apart by their columns; others than these are ignored:
 * - flat: `guid`, `sentence`, `subject_word`, `subject_start`, `subject_end`, `subject_type`, the same four of `object`, `label`, `source`;
 *   `id` stands for `guid` and KLUE's names `subject_start_idx`, `subject_end_idx` for the offsets as well.
 * - entities as Python dict text: `id` (or `guid`), `sentence`, `subject_entity`, `object_entity`, `label`, `source`, the entities
 *   as `{'word': '비틀즈', 'start_idx': 24, 'end_idx': 26, 'type': 'ORG'}`: the layout of Korean competitions and of the Hub's CSV export.
 */
export interface Columns {
  /** KLUE's field → the file's column. */
  readonly columnNames: Readonly<Record<string, string>>;
  /** One record's cells in KLUE's layout. */
  toRow(cells: readonly string[]): { readonly value: unknown; readonly problem?: Problem };
}

/** Finds the layout in a header. Errors: `usage`, with the columns found and expected. */
export function columnsOf(header: readonly string[], path: string): Columns {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw fileError('columns', `${path}: the column ${twice} stands twice in the header.`);
  return names.includes('subject_entity') && names.includes('object_entity')
    ? entityTextColumns(names, path)
    : flatColumns(names, path);
}

const COMMON = { guid: ['guid', 'id'], sentence: ['sentence'], label: ['label'], source: ['source'] };
const FLAT = { ...COMMON, ...flatEntity('subject'), ...flatEntity('object') };
const ENTITY_TEXT = { ...COMMON, subject_entity: ['subject_entity'], object_entity: ['object_entity'] };
/** Fields whose column may be missing. */
const OPTIONAL = ['guid', 'label', 'source', 'subject_entity.type', 'object_entity.type'];

function flatEntity(role: 'subject' | 'object') {
  return {
    [`${role}_entity.word`]: [`${role}_word`],
    [`${role}_entity.start_idx`]: [`${role}_start`, `${role}_start_idx`],
    [`${role}_entity.end_idx`]: [`${role}_end`, `${role}_end_idx`],
    [`${role}_entity.type`]: [`${role}_type`],
  };
}

function flatColumns(names: readonly string[], path: string): Columns {
  const { columnNames, cellOf } = findColumns(FLAT, names, path);
  const toEntity = (cells: readonly string[], field: string) => ({
    word: cellOf(cells, `${field}.word`),
    start_idx: toInteger(cellOf(cells, `${field}.start_idx`)),
    end_idx: toInteger(cellOf(cells, `${field}.end_idx`)),
    type: cellOf(cells, `${field}.type`),
  });
  const toRow = (cells: readonly string[]) => ({
    value: {
      guid: cellOf(cells, 'guid'),
      sentence: cellOf(cells, 'sentence'),
      subject_entity: toEntity(cells, 'subject_entity'),
      object_entity: toEntity(cells, 'object_entity'),
      label: cellOf(cells, 'label'),
      source: cellOf(cells, 'source'),
    },
  });
  return { columnNames, toRow };
}

function entityTextColumns(names: readonly string[], path: string): Columns {
  const { columnNames, cellOf } = findColumns(ENTITY_TEXT, names, path);
  const toRow = (cells: readonly string[]) => {
    const row = Object.fromEntries(Object.keys(ENTITY_TEXT).map((field) => [field, cellOf(cells, field)]));
    const value: Record<string, PythonValue> = { ...row };
    for (const field of ['subject_entity', 'object_entity']) {
      const cell = row[field] ?? null;
      try {
        value[field] = cell === null ? null : parsePythonLiteral(cell);
      } catch (error) {
        const expected = `Python dict text: ${(error as SyntaxError).message}`;
        return { value: row, problem: { field, found: shown(cell), expected } };
      }
    }
    return { value };
  };
  return { columnNames, toRow };
}

/** Where each field stands; an empty cell is null. */
function findColumns(layout: Readonly<Record<string, readonly string[]>>, names: readonly string[], path: string) {
  const columnNames: Record<string, string> = {};
  for (const [field, aliases] of Object.entries(layout)) {
    const column = aliases.find((alias) => names.includes(alias));
    if (column !== undefined) columnNames[field] = column;
    else if (!OPTIONAL.includes(field))
      throw fileError(
        'columns',
        `${path}: there is no column ${aliases.join(' or ')}. Found: ${names.join(', ')}.`,
        `Expected: ${FLAT_HEADER}; or ${Object.keys(ENTITY_TEXT).join(',')} with Python dict text in the entity columns.`,
      );
  }
  const positions = new Map(Object.entries(columnNames).map(([field, column]) => [field, names.indexOf(column)]));
  const cellOf = (cells: readonly string[], field: string) => cells[positions.get(field) ?? -1] || null;
  return { columnNames, cellOf };
}

const FLAT_HEADER = Object.values(FLAT)
  .map(([name]) => name)
  .join(',');

const toInteger = (cell: string | null): number | string | null =>
  cell !== null && /^\s*-?\d+\s*$/.test(cell) ? Number(cell) : cell;
