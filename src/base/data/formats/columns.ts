import { COLUMN_NAMES, type ColumnName } from '../../core/settings.ts';
import { isNothing, type Problem, problemAt, shown } from '../checkRow.ts';
import { parsePythonLiteral } from '../pythonLiteral.ts';
import { type ColumnMapping, fileError } from './format.ts';

/**
 * How rows with named cells (CSV, Excel, Parquet, flat JSON) hold KLUE's fields; columns other than these are kept apart. An entity is
 * - a word, with its offsets and type in columns of their own or, without offsets, found in the sentence; or
 * - Python dict or JSON text such as `{'word': '비틀즈', 'start_idx': 24, 'end_idx': 26, 'type': 'ORG'}`: the layout of Korean
 *   competitions and of the Hub's CSV export; or the same as an object, as in Parquet.
 */
export interface Columns {
  /** KLUE's field → the file's column. */
  readonly columnNames: Readonly<Record<string, string>>;
  /** One record's cells in KLUE's layout. */
  toRow(cells: readonly unknown[]): {
    readonly value: unknown;
    readonly problem?: Problem;
    readonly own?: Readonly<Record<string, unknown>>;
  };
}

/** What `--columns` names → KLUE's field. */
const FIELD_OF_NAME: Readonly<Record<ColumnName, string>> = {
  guid: 'guid',
  sentence: 'sentence',
  subject: 'subject_entity',
  subject_start: 'subject_entity.start_idx',
  subject_end: 'subject_entity.end_idx',
  subject_type: 'subject_entity.type',
  object: 'object_entity',
  object_start: 'object_entity.start_idx',
  object_end: 'object_entity.end_idx',
  object_type: 'object_entity.type',
  label: 'label',
  source: 'source',
};

/** Names by which a column is known without `--columns`, best first; case, spaces and `_` do not matter. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  guid: ['guid', 'id', '번호', '일련번호', '순번', '아이디', '식별자'],
  sentence: ['sentence', 'text', '문장', '원문', '텍스트', '본문'],
  ...entityAliases('subject', ['주어', '주체', '주체어']),
  ...entityAliases('object', ['목적어', '객체', '대상']),
  label: ['label', 'relation', '관계', '관계명', '관계유형', '라벨', '레이블', '정답'],
  source: ['source', '출처'],
};

function entityAliases(role: 'subject' | 'object', korean: readonly string[]) {
  const named = (english: readonly string[], suffixes: readonly string[]) => [
    ...english.flatMap((name) => [`${role}_${name}`, `${role}_entity.${name}`]),
    ...korean.flatMap((name) => suffixes.map((suffix) => name + suffix)),
  ];
  return {
    [`${role}_entity`]: [`${role}_entity`, role, ...named(['word'], ['', '단어', '개체', '엔티티', '이름'])],
    [`${role}_entity.start_idx`]: named(['start', 'start_idx'], ['시작', '시작위치', '시작인덱스']),
    [`${role}_entity.end_idx`]: named(['end', 'end_idx'], ['끝', '끝위치', '끝인덱스', '종료', '종료위치']),
    [`${role}_entity.type`]: named(['type'], ['유형', '타입', '종류']),
  };
}

/** Names that often mean what korex needs, but not surely enough to be taken for it unasked. */
const LIKELY: Readonly<Record<string, readonly string[]>> = {
  sentence: ['content', 'context', 'utterance', 'document', '내용'],
  subject_entity: ['head', 'h', 'e1', 'entity1', 'subj', 'subject_name', 'head_entity', '개체1', '엔티티1'],
  object_entity: ['tail', 't', 'e2', 'entity2', 'obj', 'object_name', 'tail_entity', '개체2', '엔티티2'],
};

const sameName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.\-\u00a0\u200b\ufeff]/g, '');

const FIELD_OF_ALIAS: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([field, names]) => names.map((name) => [sameName(name), field] as const)),
);

/** KLUE's field that a column or key of this name holds; undefined where korex does not know the name. */
export const fieldOf = (name: string): string | undefined => FIELD_OF_ALIAS.get(sameName(name));

/** How many of these names are columns that korex knows, or that the user names. */
export const knownColumns = (names: readonly string[], mapping: ColumnMapping | null = null): number =>
  names.filter((name) => fieldOf(name) !== undefined || Object.values(mapping ?? {}).some((own) => isSame(own, name)))
    .length;

/** Rows in which a header is looked for: titles and remarks may stand above it. */
export const HEADER_WITHIN = 20;

/** Which of a table's first rows is its header: the first one, unless it has no name that korex knows and a later one has enough. */
export function headerAmong(rows: readonly (readonly string[])[], mapping: ColumnMapping | null): number {
  if (rows.length === 0 || knownColumns(rows[0]!, mapping) > 0) return 0;
  return Math.max(
    0,
    rows.findIndex((names) => knownColumns(names, mapping) >= REQUIRED.length),
  );
}

const isSame = (a: string, b: string): boolean => sameName(a) === sameName(b);

/** What these columns may hold: those that korex knows, and by their names likely ones, for people to confirm. */
export function suggestedColumns(names: readonly string[]): ColumnMapping {
  const places = findColumns(names, {});
  const likely = (field: string) =>
    names.findIndex((name) => LIKELY[field]?.some((candidate) => isSame(candidate, name)));
  return Object.fromEntries(
    COLUMN_NAMES.flatMap((key) => {
      const name = names[places.get(FIELD_OF_NAME[key]) ?? likely(FIELD_OF_NAME[key])];
      return name === undefined ? [] : [[key, name]];
    }),
  );
}

const REQUIRED = ['sentence', 'subject_entity', 'object_entity'];
const ROLES = ['subject_entity', 'object_entity'] as const;

/**
 * Finds the columns in a header.
 *
 * @param mapping the user's own names, which come before the known ones; null leaves rows as they stand
 * Errors: `usage`, with the columns found and expected.
 */
export function columnsOf(header: readonly string[], path: string, mapping: ColumnMapping | null = {}): Columns {
  const given = header.map((name) => name.normalize('NFC').trim());
  const twice = given.find((name, index) => given.indexOf(name) !== index && knownColumns([name], mapping) > 0);
  if (twice !== undefined)
    throw fileError(
      'columns',
      {
        en: `${path}: the header has the column ${twice} twice.`,
        ko: `${path}: 머리글에 같은 열이 두 번 있다: ${twice}.`,
      },
      { en: 'Rename or delete one of the two.', ko: '둘 중 하나의 이름을 바꾸거나 지운다.' },
    );
  const names = distinct(given);
  if (mapping === null)
    return {
      columnNames: {},
      toRow: (cells) => ({ value: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])) }),
    };
  const lost = entriesOf(mapping).find(([, own]) => !names.some((name) => isSame(name, own)));
  if (lost)
    throw fileError('columns', {
      en: `${path}: there is no column ${lost[1]}, which --columns names for ${lost[0]}. Found: ${names.join(', ')}.`,
      ko: `${path}: --columns가 ${lost[0]}에 쓰라는 열이 없다: ${lost[1]}. 있는 열: ${names.join(', ')}.`,
    });
  const places = findColumns(names, mapping);
  const missing = REQUIRED.filter((field) => !places.has(field));
  if (missing.length > 0) throw missingColumns(missing, names, path);
  return columnsAt(places, names);
}

/** Columns that korex has no use for may share a name; the second is then called as pandas calls it. */
const distinct = (names: readonly string[]): string[] =>
  names.map((name, index) => {
    const before = name === '' ? 0 : names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}.${before}`;
  });

/**
 * Reads rows that name their cells themselves (JSON, Parquet), whichever layout each has. KLUE's goes through as it is,
 * with `id` for `guid` and `relation` for `label`; so does what is no row, and a request as the REST API takes it.
 */
export function keyedRows(mapping: ColumnMapping | null): (value: unknown) => ReturnType<Columns['toRow']> {
  if (mapping === null) return (value) => ({ value });
  const layouts = new Map<string, Columns | null>();
  const layoutOf = (keys: readonly string[]): Columns | null => {
    const places = findColumns(keys, mapping);
    return REQUIRED.every((field) => places.has(field)) ? columnsAt(places, keys) : null;
  };
  return (value) => {
    if (!isObject(value) || isObject(value.subject) || isObject(value.object)) return { value };
    if (Object.keys(mapping).length === 0 && ROLES.every((role) => isObject(value[role])) && 'sentence' in value)
      return { value: withOtherNames(value) };
    const keys = Object.keys(value);
    const signature = JSON.stringify(keys);
    if (!layouts.has(signature)) layouts.set(signature, layoutOf(keys));
    return layouts.get(signature)?.toRow(Object.values(value)) ?? { value: withOtherNames(value) };
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withOtherNames(row: Readonly<Record<string, unknown>>): unknown {
  const { guid = row.id, label = row.relation } = row;
  const isSame = guid === row.guid && label === row.label;
  return isSame ? row : { ...row, ...(guid !== undefined && { guid }), ...(label !== undefined && { label }) };
}

const entriesOf = (mapping: ColumnMapping) => Object.entries(mapping) as [ColumnName, string][];

/** `--columns` as it is written. */
export const columnMapping = (text: string | null): ColumnMapping =>
  Object.fromEntries(
    (text ?? '')
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('=', 2)),
  );

/** KLUE's field → index of its column. */
function findColumns(names: readonly string[], mapping: ColumnMapping): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [key, own] of entriesOf(mapping)) {
    const index = names.findIndex((name) => isSame(name, own));
    if (index >= 0) places.set(FIELD_OF_NAME[key], index);
  }
  const keys = names.map(sameName);
  for (const [field, aliases] of Object.entries(ALIASES)) {
    if (places.has(field)) continue;
    const taken = new Set(places.values());
    const found = aliases
      .flatMap((alias) => [names.indexOf(alias), keys.indexOf(sameName(alias))])
      .find((index) => index >= 0 && !taken.has(index));
    if (found !== undefined) places.set(field, found);
  }
  return places;
}

function columnsAt(places: ReadonlyMap<string, number>, names: readonly string[]): Columns {
  const columnNames = Object.fromEntries([...places].map(([field, index]) => [field, names[index]!]));
  for (const role of ROLES)
    if (columnNames[role] !== undefined && columnNames[role] !== role) columnNames[`${role}.word`] = columnNames[role];
  const cellOf = (cells: readonly unknown[], field: string): unknown => {
    const cell = cells[places.get(field) ?? -1];
    return cell === undefined || cell === '' || Number.isNaN(cell) ? null : cell;
  };
  const taken = new Set(places.values());
  const others = [...names.entries()].filter(([index, name]) => name !== '' && !taken.has(index));
  const toRow = (cells: readonly unknown[]) => {
    const own = Object.fromEntries(others.map(([index, name]) => [name, cells[index]]));
    const value: Record<string, unknown> = {
      guid: withoutNothing(cellOf(cells, 'guid')),
      sentence: asText(cellOf(cells, 'sentence')),
      subject_entity: null,
      object_entity: null,
      label: cellOf(cells, 'label'),
      source: asText(cellOf(cells, 'source')),
    };
    for (const role of ROLES) {
      const cell = cellOf(cells, role);
      value[role] = cell;
      if (places.has(`${role}.start_idx`) || !isDictText(cell)) value[role] = entityOf(cells, role, cell);
      else
        try {
          value[role] = parsePythonLiteral(cell);
        } catch (error) {
          const { message } = error as SyntaxError;
          const expected = { en: `Python dict text: ${message}`, ko: `파이썬 사전의 글(${message})` };
          return { value, own, problem: problemAt(role, shown(cell), expected) };
        }
    }
    return { value, own };
  };
  /** An entity of a word with its columns, or an object as it is. */
  const entityOf = (cells: readonly unknown[], role: string, cell: unknown): unknown => {
    const hasColumns = ['start_idx', 'end_idx', 'type'].some((part) => places.has(`${role}.${part}`));
    if ((cell === null && !hasColumns) || (typeof cell === 'object' && cell !== null)) return cell;
    const offset = (part: string) => asOffset(cellOf(cells, `${role}.${part}`));
    const entity: Record<string, unknown> = { word: asText(cell) };
    if (places.has(`${role}.start_idx`)) entity.start_idx = offset('start_idx');
    if (places.has(`${role}.end_idx`)) entity.end_idx = offset('end_idx');
    entity.type = places.has(`${role}.type`) ? asText(cellOf(cells, `${role}.type`)) : null;
    return entity;
  };
  return { columnNames, toRow };
}

const isDictText = (cell: unknown): cell is string => typeof cell === 'string' && /^\s*\{/.test(cell);

/** What pandas writes where a row has no name is none. */
const withoutNothing = (cell: unknown): unknown => (typeof cell === 'string' && isNothing(cell) ? null : cell);

/** Excel and Parquet keep digits as numbers, though they may be words, e.g. years. */
const asText = (cell: unknown): unknown => (typeof cell === 'number' ? String(cell) : cell);

/** Where one offset of a column is missing, pandas writes all of them as `12.0`, and the missing one as `nan`. */
function asOffset(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  if (/^\s*-?\d+(\.0*)?\s*$/.test(cell)) return Number(cell);
  return isNothing(cell) || cell.trim() === 'None' ? null : cell;
}

function missingColumns(missing: readonly string[], names: readonly string[], path: string) {
  const filled = names.filter((name) => name !== '');
  if (names.length === 1 && knownColumns(names[0]!.split(/[,;\t]/)) >= 3)
    return fileError(
      'columns',
      {
        en: `${path}: each line is one cell in quotes, with the whole row in it.`,
        ko: `${path}: 줄마다 행 전체가 따옴표에 싸인 한 칸에 들어 있다.`,
      },
      {
        en: 'The table was pasted into one column: save it from where it was made, or split the column (Excel: Data, Text to Columns).',
        ko: '표를 한 열에 붙여 넣은 것이다: 처음 만든 곳에서 다시 저장하거나, 열을 나눈다(Excel: 데이터, 텍스트 나누기).',
      },
    );
  if (names.length === 1)
    return fileError(
      'columns',
      {
        en: `${path}: its first line, ${shown(names[0])}, is no header of a table.`,
        ko: `${path}: 첫 줄 ${shown(names[0])}은(는) 표의 머리글이 아니다.`,
      },
      { en: `Expected ${FLAT_HEADER}; or JSON.`, ko: `있어야 할 것: ${FLAT_HEADER}, 또는 JSON.` },
    );
  const keys = missing.map((field) => COLUMN_NAMES.find((name) => FIELD_OF_NAME[name] === field)!);
  const likely = missing.flatMap((field, i) => {
    const found = names.find((name) => LIKELY[field]?.some((candidate) => isSame(candidate, name)));
    return found === undefined ? [] : [`${keys[i]}=${found}`];
  });
  const example = likely.length > 0 ? likely.join(',') : `${keys[0]}=${filled[0] ?? 'NAME'}`;
  return fileError(
    'columns',
    {
      en: `${path}: there is no column ${keys.join(', ')}. Found: ${filled.join(', ')}.`,
      ko: `${path}: 필요한 열이 없다: ${keys.join(', ')}. 있는 열: ${filled.join(', ')}.`,
    },
    {
      en: `Name your columns with --columns, e.g. --columns ${example}. Known are ${FLAT_HEADER}; or subject_entity and object_entity with Python dict text.`,
      ko: `--columns로 열 이름을 알려 준다. 예: --columns ${example}. 아는 이름: ${FLAT_HEADER}, 또는 파이썬 dict 글자가 든 subject_entity와 object_entity.`,
    },
  );
}

const FLAT_HEADER =
  'guid,sentence,subject_word,subject_start,subject_end,subject_type,object_word,object_start,object_end,object_type,label,source';
