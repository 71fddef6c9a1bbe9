import { concat, utf8Text } from '../utf8.ts';
import { keyedRows } from './columns.ts';
import { fileError, type Head, type Input, type RawRow, WHOLE_FILE } from './format.ts';

/**
 * One JSON object with all rows, as pandas' `DataFrame.to_json` writes it unless it is told `orient="records"`: a column is
 * an object of cells by their row (`columns`, the default), a row an object of cells (`index`), or names and rows are apart
 * (`split`, `table`).
 */
const LAYOUTS: readonly (readonly [beginning: RegExp, rows: (frame: Frame) => readonly unknown[]])[] = [
  [/^\s*\{\s*"columns"\s*:\s*\[/, splitRows],
  [/^\s*\{\s*"schema"\s*:\s*\{\s*"fields"\s*:/, ({ data }) => listOf(data).map(withoutIndex)],
  [/^\s*\{\s*"\d+"\s*:\s*\{/, (frame) => Object.values(frame)],
  [/^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"\d+"\s*:/, columnRows],
];

type Frame = Readonly<Record<string, unknown>>;

const layoutOf = (text: string) => LAYOUTS.find(([beginning]) => beginning.test(text));

export const isPandas = ({ text }: Head): boolean => text !== null && layoutOf(text) !== undefined;

/** Its rows, for which all of the file is in memory. Errors: `usage` where it is no JSON. */
export async function* pandasRows({ path, columns, utf8 }: Input): AsyncGenerator<RawRow> {
  const pieces: Uint8Array[] = [];
  for await (const piece of utf8()) pieces.push(piece);
  const text = utf8Text(concat(pieces));
  let frame: Frame;
  try {
    frame = JSON.parse(text) as Frame;
  } catch (error) {
    const reason = (error as Error).message;
    throw fileError(
      'notList',
      { en: `${path} is not valid JSON: ${reason}.`, ko: `${path}: 올바른 JSON이 아니다: ${reason}.` },
      WHOLE_FILE,
      error,
    );
  }
  const toRow = keyedRows(columns);
  const [, rowsOf] = layoutOf(text)!;
  for (const [i, row] of rowsOf(frame).entries()) yield { number: i + 1, ...toRow(row) };
}

const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function columnRows(frame: Frame): readonly unknown[] {
  const columns = Object.entries(frame).filter((entry): entry is [string, Frame] => isFrame(entry[1]));
  const rows = new Set(columns.flatMap(([, cells]) => Object.keys(cells)));
  return [...rows].map((row) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[row] ?? null])));
}

function splitRows({ columns, data }: Frame): readonly unknown[] {
  const names = listOf(columns).map(String);
  return listOf(data).map((cells) => Object.fromEntries(names.map((name, i) => [name, listOf(cells)[i] ?? null])));
}

function withoutIndex(row: unknown): unknown {
  if (!isFrame(row)) return row;
  const { index: _, ...cells } = row;
  return cells;
}
