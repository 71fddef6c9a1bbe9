import { markdownTable } from '../../study/report/markdown.ts';
import { PARTS } from './parts.ts';
import type { BenchResult, Detail, Figure } from './result.ts';
import type { Spread } from './spread.ts';

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

/** A table with what stands above and below it. */
export interface ResultTable {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A result as tables: its figures, then the details behind them. */
export const resultTables = (result: BenchResult): ResultTable[] => [
  { title: `${PARTS[result.part].title}, ${result.shape}`, rows: result.figures.map(figureRow) },
  ...result.details.map(({ title, rows }: Detail) => ({
    title: `${title}, ${result.shape}`,
    rows: rows.map(detailRow),
  })),
];

/** The result as Markdown: command, figures, details, what it was measured with. */
export function resultMarkdown(result: BenchResult): string {
  const tables = resultTables(result).flatMap(({ title, rows }) => [`**${title}**`, rowsMarkdown(rows)]);
  const { cpu, cores, memory_gib, node, onnxruntime } = result.machine;
  const machine = `${cpu}, ${cores} cores, ${memory_gib} GiB, Node ${node}, onnxruntime ${onnxruntime}`;
  const facts = Object.entries(result.facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? number(value) : value}`);
  return ['```sh', result.command, '```', ...separated(tables), '', `${facts.join(', ')}. ${machine}.`].join('\n');
}

const separated = (blocks: readonly string[]): string[] => blocks.flatMap((block) => ['', block]);

function rowsMarkdown(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '–')));
  const isNumber = (column: string) => /^[\d–]/.test(String(rows[0]?.[column] ?? '–'));
  const texts = columns.findIndex((column, index) => index > 0 && isNumber(column));
  return markdownTable(columns, cells, texts === -1 ? columns.length : texts);
}

function figureRow({ system, unit, value, ratio }: Figure): Row {
  return {
    system,
    unit,
    median: number(value.median),
    range: rangeText(value),
    runs: value.samples.length,
    ratio: ratio ? `${ratio.median.toFixed(2)}` : null,
    'ratio’s range': ratio ? `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}` : null,
  };
}

const detailRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, typeof cell === 'number' ? number(cell) : cell]));

const rangeText = ({ min, max }: Spread): string => (min === max ? '–' : `${number(min)}–${number(max)}`);

/** Three significant digits, whole numbers from 100 on. */
const number = (value: number): string =>
  Number.isInteger(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
