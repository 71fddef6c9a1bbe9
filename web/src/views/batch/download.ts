import type { BatchResult } from './runBatch.ts';

/** Results as JSON lines: the row's guid and number, then the answer as the REST API gives it. */
export const jsonLines = (results: readonly BatchResult[]): string =>
  results.map(({ number, guid, answer }) => `${JSON.stringify({ guid, row: number, ...answer })}\n`).join('');

const COLUMNS: readonly (readonly [name: string, cell: (result: BatchResult) => string | number | null])[] = [
  ['guid', ({ guid }) => guid],
  ['row', ({ number }) => number],
  ['sentence', ({ sentence }) => sentence],
  ['subject', ({ answer }) => answer.subject.word],
  ['subject_type', ({ answer }) => answer.subject.type],
  ['object', ({ answer }) => answer.object.word],
  ['object_type', ({ answer }) => answer.object.type],
  ['relation', ({ answer }) => answer.relation],
  ['confidence', ({ answer }) => answer.confidence],
  ['decision', ({ answer }) => answer.decision],
  ['no_relation_probability', ({ answer }) => answer.no_relation_probability],
];

/** Results as a table; begins with a byte order mark, by which spreadsheets know UTF-8. */
export const csvTable = (results: readonly BatchResult[]): string =>
  `\uFEFF${[COLUMNS.map(([name]) => name), ...results.map((result) => COLUMNS.map(([, cell]) => cell(result)))]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('')}`;

function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Offers a text as a file. */
export function saveAs(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
