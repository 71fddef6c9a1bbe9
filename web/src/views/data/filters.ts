import { fold, type RowTable } from './rowTable.ts';

export interface Range {
  readonly min: number | null;
  readonly max: number | null;
}

/** What rows must be like. Lists are of names, and empty where anything will do. */
export interface Filters {
  readonly text: string;
  readonly isRegex: boolean;
  readonly labels: readonly string[];
  readonly pairs: readonly string[];
  readonly sources: readonly string[];
  readonly side: 'train' | 'test' | null;
  /** Both inclusive, in code points. */
  readonly length: Range;
  readonly distance: Range;
}

const ANY: Range = { min: null, max: null };
export const NO_FILTERS: Filters = {
  text: '',
  isRegex: false,
  labels: [],
  pairs: [],
  sources: [],
  side: null,
  length: ANY,
  distance: ANY,
};

/** Each filter's bit in a row's mask of filters that it fails. */
export const FAILS = { text: 1, label: 2, pair: 4, source: 8, side: 16, length: 32, distance: 64 } as const;

export interface Filtered {
  /** The rows that pass all filters, by index. */
  readonly rows: Int32Array;
  /** By row: the filters that it fails, as a sum of `FAILS`. A chart counts rows that fail at most its own. */
  readonly failed: Uint8Array;
}

/** One pass over all rows. Throws `SyntaxError` for a regular expression that is none. */
export function applyFilters(table: RowTable, filters: Filters): Filtered {
  const { columns, count } = table;
  const failed = new Uint8Array(count);
  const passesText = textTest(table, filters);
  const wanted = (names: readonly string[], all: readonly string[]) =>
    names.length === 0 ? null : new Set(names.map((name) => all.indexOf(name)));
  const labels = wanted(filters.labels, columns.labels);
  const pairs = wanted(
    filters.pairs,
    table.pairs.map(({ name }) => name),
  );
  const sources = wanted(filters.sources, columns.sources);
  const [length, distance] = [bounds(filters.length), bounds(filters.distance)];
  const sideFrom = filters.side === 'test' ? columns.train_rows : 0;
  const sideTo = filters.side === 'train' ? columns.train_rows : count;
  const rows = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    let mask = 0;
    if (passesText !== null && !passesText(i)) mask |= FAILS.text;
    if (labels !== null && !labels.has(table.label[i]!)) mask |= FAILS.label;
    if (pairs !== null && !pairs.has(table.pair[i]!)) mask |= FAILS.pair;
    if (sources !== null && !sources.has(table.source[i]!)) mask |= FAILS.source;
    if (i < sideFrom || i >= sideTo) mask |= FAILS.side;
    if (table.length[i]! < length.min || table.length[i]! > length.max) mask |= FAILS.length;
    if (table.distance[i]! < distance.min || table.distance[i]! > distance.max) mask |= FAILS.distance;
    failed[i] = mask;
    if (mask === 0) rows[found++] = i;
  }
  return { rows: rows.slice(0, found), failed };
}

const bounds = ({ min, max }: Range) => ({
  min: min ?? Number.NEGATIVE_INFINITY,
  max: max ?? Number.POSITIVE_INFINITY,
});

/** Sentences and guids are searched; a regular expression sees them as they are, with `iu`. */
function textTest({ columns, folded }: RowTable, { text, isRegex }: Filters): ((row: number) => boolean) | null {
  if (text === '') return null;
  if (isRegex) {
    const pattern = new RegExp(text, 'iu');
    return (row) => pattern.test(columns.sentence[row]!) || pattern.test(columns.guid[row]!);
  }
  const needle = fold(text);
  return (row) => folded[row]!.includes(needle) || columns.guid[row]!.includes(text);
}

/** Why a text is no regular expression, in the browser's words; null where it is one. */
export function regexProblem({ text, isRegex }: Filters): string | null {
  if (!isRegex) return null;
  try {
    new RegExp(text, 'iu');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Puts a name into a list, or takes it out. */
export const toggled = (names: readonly string[], name: string): string[] =>
  names.includes(name) ? names.filter((other) => other !== name) : [...names, name];

/** A click on a bar from `start` to below `end`: chosen alone, joined to what is chosen, or taken back. */
export function toggledRange({ min, max }: Range, start: number, end: number | null): Range {
  const last = end === null ? null : end - 1;
  if (min === null && max === null) return { min: start, max: last };
  const isWithin = (min ?? 0) <= start && (max === null || (last !== null && last <= max));
  if (isWithin) return ANY;
  return { min: Math.min(min ?? 0, start), max: max === null || last === null ? null : Math.max(max, last) };
}

/** The filters in the page's address, so that what is looked at can be shared. */
export function toParams(set: string, filters: Filters): URLSearchParams {
  const params = new URLSearchParams({ set });
  if (filters.text !== '') params.set('q', filters.text);
  if (filters.isRegex) params.set('regex', '1');
  for (const [key, names] of LISTS) for (const name of filters[names]) params.append(key, name);
  if (filters.side !== null) params.set('side', filters.side);
  for (const key of ['length', 'distance'] as const) {
    const { min, max } = filters[key];
    if (min !== null || max !== null) params.set(key, `${min ?? ''}-${max ?? ''}`);
  }
  return params;
}

const LISTS = [
  ['label', 'labels'],
  ['pair', 'pairs'],
  ['source', 'sources'],
] as const;

export function fromParams(params: URLSearchParams): Filters {
  const side = params.get('side');
  return {
    text: params.get('q') ?? '',
    isRegex: params.get('regex') === '1',
    labels: params.getAll('label'),
    pairs: params.getAll('pair'),
    sources: params.getAll('source'),
    side: side === 'train' || side === 'test' ? side : null,
    length: parseRange(params.get('length')),
    distance: parseRange(params.get('distance')),
  };
}

function parseRange(text: string | null): Range {
  const [, min, max] = /^(\d{0,9})-(\d{0,9})$/.exec(text ?? '') ?? [];
  const toNumber = (digits: string | undefined) => (digits ? Number(digits) : null);
  return { min: toNumber(min), max: toNumber(max) };
}
