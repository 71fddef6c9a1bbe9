import type { RawRow, RawRows } from '../../base/data/formats/format.ts';

/** What a row of the input says that an answer does not, kept beside the answer. */
export interface InputCells {
  readonly sentence: string;
  /** The label as it is in the file, by its name where that is known; null without one. */
  readonly label: string | null;
  /** The relation that `label` names; null for no label, and for numbers without names. */
  readonly gold: string | null;
  /** Columns that korex has no use for. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** Columns of a table of answers that come from the input. */
export interface InputColumns {
  /** Whether rows may have labels. */
  readonly label: boolean;
  readonly own: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What `InputCells` take from a row. */
export function inputCells({ value, own }: RawRow, labelNames: readonly string[] | undefined): InputCells {
  const row = value as Fields;
  return { sentence: String(row.sentence), ...labelOf(row, labelNames), own: ownFields(row, own) };
}

const NO_LABEL = /^\s*(|-1(\.0*)?|nan|null|none|<na>)\s*$/i;
/** An id, also where pandas made a decimal number of it. */
const ID = /^\s*(\d+)(\.0*)?\s*$/;

function labelOf({ label }: Fields, names: readonly string[] | undefined): Pick<InputCells, 'label' | 'gold'> {
  if (label === undefined || label === null || NO_LABEL.test(String(label))) return { label: null, gold: null };
  const text = String(label);
  const id = ID.exec(text)?.[1];
  if (id === undefined || names?.includes(text)) return { label: text, gold: text.trim().normalize('NFC') };
  const name = names?.[Number(id)] ?? null;
  return { label: name ?? text, gold: name };
}

/** Fields of KLUE's layout and of a request, which the answer repeats or which are settings. */
const USED: ReadonlySet<string> = new Set(
  'guid id sentence subject_entity object_entity label subject object top_k threshold'.split(' '),
);

function ownFields(row: Fields, own: Fields = {}): Fields {
  // In some files `relation` is another name of `label`.
  const rest = Object.entries(row).filter(
    ([name, cell]) => !USED.has(name) && cell != null && !(name === 'relation' && cell === row.label),
  );
  return { ...Object.fromEntries(rest), ...own };
}

/** Rows in which columns are looked for before the first answer is written. */
const LOOK_AHEAD = 100;

/** The input's own columns, as the first rows have them, and the rows, from the first one on. */
export async function inputColumns({ rows, columnNames }: Pick<RawRows, 'rows' | 'columnNames'>): Promise<{
  readonly columns: InputColumns;
  readonly rows: AsyncIterable<RawRow>;
}> {
  const arriving = rows[Symbol.asyncIterator]();
  const first: RawRow[] = [];
  while (first.length < LOOK_AHEAD) {
    const { value, done } = await arriving.next();
    if (done) break;
    first.push(value);
  }
  async function* all() {
    try {
      yield* first;
      for (let next = await arriving.next(); !next.done; next = await arriving.next()) yield next.value;
    } finally {
      await arriving.return?.();
    }
  }
  const names = first.flatMap(({ value, own }) =>
    typeof value === 'object' && value !== null ? Object.keys(ownFields(value as Fields, own)) : [],
  );
  // Only a table says at its beginning whether rows have labels.
  const label = columnNames === undefined || columnNames.label !== undefined;
  return { columns: { label, own: [...new Set(names)] }, rows: all() };
}
