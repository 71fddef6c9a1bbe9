import { csv, jsonl } from '../../../../src/inference/batch/lines.ts';
import type { BatchResult } from './runBatch.ts';

/** Results as JSON lines and as a table, each as `korex batch` writes them. */
export const DOWNLOADS = {
  jsonl: { type: 'application/x-ndjson', text: (results: readonly BatchResult[]) => jsonl.lines(results) },
  csv: {
    type: 'text/csv',
    text(results: readonly BatchResult[]) {
      const label = results.some(({ input }) => input.label !== null);
      const own = [...new Set(results.flatMap(({ input }) => Object.keys(input.own)))];
      return csv.header(false, { label, own }) + csv.lines(results, { label, own });
    },
  },
} as const;

/** A table to fill in: the columns that korex needs, and two rows as an example. */
export const TEMPLATE = `\uFEFF${[
  'sentence,subject_word,subject_type,object_word,object_type',
  '가온전자는 서지우 대표가 설립한 회사다.,가온전자,ORG,서지우,PER',
  '"피아니스트 한유리는 전주에서 태어나, 열 살에 첫 독주회를 열었다.",한유리,PER,전주,LOC',
]
  .map((line) => `${line}\r\n`)
  .join('')}`;
