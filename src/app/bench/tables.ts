import { markdownTable } from '../../study/report/markdown.ts';
import { PARTS } from './parts.ts';
import type { Detail, RecordedResult } from './result.ts';

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;
type RecordedFigure = RecordedResult['figures'][number];
type RecordedSpread = RecordedFigure['value'];

export interface ResultTable {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const titleOf = ({ title, part, shape }: RecordedResult): string => `${title ?? PARTS[part].title}, ${shape}`;

const detailTables = ({ details, shape }: RecordedResult): ResultTable[] =>
  details.map(({ title, rows }: Detail) => ({ title: `${title}, ${shape}`, rows: rows.map(detailRow) }));

/** A result as tables: its figures, then the details behind them. */
export const resultTables = (result: RecordedResult): ResultTable[] => [
  { title: titleOf(result), rows: result.figures.map(figureRow) },
  ...detailTables(result),
];

/** A result as Markdown: command, figures, details, conditions. */
export const resultMarkdown = (result: RecordedResult): string =>
  blocks(['```sh', result.command, '```'].join('\n'), ...resultTables(result).map(titled), conditionsOf(result));

/** Rows of a detail table that a document shows; of longer ones the first, and where the others are. */
const SHOWN = { most: 12, first: 8 };

/** The details behind a result's figures and its conditions as Markdown; `file` holds what is not shown. */
export const detailsMarkdown = (result: RecordedResult, file: string): string =>
  blocks(
    ...detailTables(result).flatMap(({ title, rows }) => {
      if (rows.length <= SHOWN.most) return [titled({ title, rows })];
      const hidden = rows.length - SHOWN.first;
      return [titled({ title, rows: rows.slice(0, SHOWN.first) }), `… and ${hidden} rows more in [${file}](${file}).`];
    }),
    conditionsOf(result),
  );

/** All figures of some results in one table, each with its machine, date and command; then the machines. */
export function summaryMarkdown(results: readonly RecordedResult[]): string {
  const header = ['what', 'system', 'result', 'range (runs)', 'korex over it', 'machine', 'date', 'command'];
  const rows = results.flatMap((result) =>
    result.figures.map(({ system, unit, value, ratio }) => [
      titleOf(result),
      system,
      `${number(value.median)} ${unit}`,
      [rangeText(value, number), countOf(value) === undefined ? '' : `(${countOf(value)})`].join(' ').trim() || '–',
      ratio ? `${ratio.median.toFixed(2)} × ${bracketed(rangeText(ratio, (each) => each.toFixed(2)))}`.trim() : '–',
      shortMachine(result),
      result.date,
      `\`${result.command}\``,
    ]),
  );
  const machines = new Map(results.map((result) => [shortMachine(result), machineText(result)]));
  const list = [...machines].map(([name, text]) => `- **${name}**: ${text}`).join('\n');
  return blocks(markdownTable(header, rows, header.length), `Machines:\n\n${list}`);
}

const bracketed = (text: string): string => (text === '' ? '' : `(${text})`);

const blocks = (...parts: readonly string[]): string => parts.join('\n\n');

const titled = ({ title, rows }: ResultTable): string => blocks(`**${title}**`, rowsMarkdown(rows));

function conditionsOf(result: RecordedResult): string {
  const facts = Object.entries(result.facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? shortNumber(value) : value}`);
  return `${facts.join(', ')}. ${shortMachine(result)}, ${machineText(result)}.`;
}

/** `Intel Xeon, 2 cores`: the processor's name without its decoration. */
const shortMachine = ({ machine: { cpu, gpu, cores } }: RecordedResult): string =>
  [cpu.replace(/\(R\)|\(TM\)| Processor| CPU/g, ''), `${cores} cores`, ...(gpu?.split(', ').slice(0, 1) ?? [])].join(
    ', ',
  );

function machineText({ machine: { gpu, memory_gib, node, onnxruntime } }: RecordedResult): string {
  const [, ...driver] = gpu?.split(', ') ?? [];
  const memory = memory_gib === undefined ? [] : [`${memory_gib} GiB`];
  return [...memory, `Node ${node}`, `onnxruntime ${onnxruntime}`, ...driver].join(', ');
}

function rowsMarkdown(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '–')));
  const isNumber = (column: string) => /^[\d–]/.test(String(rows[0]?.[column] ?? '–'));
  const texts = columns.findIndex((column, index) => index > 0 && isNumber(column));
  return markdownTable(columns, cells, texts === -1 ? columns.length : texts);
}

const figureRow = ({ system, unit, value, ratio }: RecordedFigure): Row => ({
  system,
  unit,
  median: number(value.median),
  range: rangeText(value, number) || null,
  runs: countOf(value) ?? null,
  ratio: ratio ? ratio.median.toFixed(2) : null,
  'ratio’s range': ratio && isRange(ratio) ? `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}` : null,
});

const detailRow = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, typeof cell === 'number' ? shortNumber(cell) : cell]),
  );

const countOf = (spread: RecordedSpread): number | undefined =>
  'samples' in spread ? spread.samples.length : spread.runs;

const isRange = (spread: RecordedSpread): spread is RecordedSpread & { min: number; max: number } =>
  spread.min !== undefined && spread.max !== undefined;

const rangeText = (spread: RecordedSpread, shown: (value: number) => string): string =>
  isRange(spread) && spread.min !== spread.max ? `${shown(spread.min)}–${shown(spread.max)}` : '';

/** Three significant digits, whole numbers from 100 on. */
const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The same for counts and settings, which are whole numbers as they are. */
const shortNumber = (value: number): string => (Number.isInteger(value) ? String(value) : number(value));
