import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { csv } from './csv.ts';
import { AFTER_HEADER } from './format.ts';
import type { FoundOrNot } from './offsets.ts';
import { firstCells, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { oneFile } from './writer.ts';

/** White space at the edges of a cell belongs to it. */
const QUOTED = { quoted_match: /[\r\n]|^\s|\s$/ };

const cell = z.preprocess((value) => (value === '' || value === undefined ? null : value), wellFormed.nullable());
const place = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+(\.0*)?$/.test(value) ? Number(value) : value),
  offset,
);
const layout = z.looseObject({
  sentence: wellFormed.min(1),
  relation: cell,
  head: wellFormed.min(1),
  head_offset: place,
  head_type: cell.optional(),
  tail: wellFormed.min(1),
  tail_offset: place,
  tail_type: cell.optional(),
});

/** DeepKE's tables (Zhang et al., 2022): a row for each pair, with the words and where they begin. */
export const deepKe = toolFormat({
  id: 'deepke',
  name: 'DeepKE',
  signs: {
    en: 'the columns sentence, head, tail, head_offset and tail_offset',
    ko: '열 sentence, head, tail, head_offset, tail_offset',
  },
  extensions: [],
  recognizes: (head) => {
    const columns = firstCells(head);
    return ['sentence', 'head', 'tail', 'head_offset', 'tail_offset'].every((name) => columns.includes(name));
  },
  counting: AFTER_HEADER,
  convention: { name: 'DeepKE', documented: ['codepoint-exclusive'] },
  collect: async (input, lost) => {
    const { rows } = await csv.open({ ...input, columns: null });
    const found: FoundOrNot[] = [];
    for await (const row of rows) {
      const parsed = layout.safeParse(row.value);
      if (row.problem) found.push({ ...row, problem: row.problem });
      else if (!parsed.success) {
        const { path } = parsed.error.issues[0]!;
        const value = (row.value as Readonly<Record<string, unknown>>)[String(path[0])];
        const given = value === undefined ? '' : JSON.stringify(value);
        found.push({
          ...row,
          problem: {
            field: String(path[0] ?? 'row'),
            found: { en: given || 'nothing', ko: given || '없음' },
            expected: {
              en: 'a cell of sentence, relation, head, head_offset, tail, tail_offset',
              ko: 'sentence, relation, head, head_offset, tail, tail_offset의 칸',
            },
          },
        });
      } else {
        const { sentence, relation, head, head_offset, head_type, tail, tail_offset, tail_type, ...others } =
          parsed.data;
        const filled = Object.values(others).filter((other) => other != null && other !== '');
        lost.add('other_fields', `${row.number}`, filled.length);
        found.push({
          ...{ number: row.number, value: row.value, id: null, text: sentence, source: null, tokens: null },
          spans: [
            { word: head, start: head_offset, end: null, type: head_type ?? null },
            { word: tail, start: tail_offset, end: null, type: tail_type ?? null },
          ],
          says: { label: relation },
        });
      }
    }
    return { found };
  },
  write: {
    extension: '.csv',
    holds: 'rows',
    files: (rows, { lost }) => {
      const isTyped = rows.some(({ subject, object }) => subject.type !== null || object.type !== null);
      const header = ['sentence', 'relation', 'head', 'head_offset', 'tail', 'tail_offset'];
      const cells = rows.map(({ guid, sentence, subject, object, label, source }) => {
        lost.add('ids', guid);
        if (source !== null) lost.add('sources', guid);
        const types = isTyped ? [subject.type, object.type] : [];
        return [sentence, label, subject.word, subject.start, object.word, object.start, ...types];
      });
      return oneFile(stringify([[...header, ...(isTyped ? ['head_type', 'tail_type'] : [])], ...cells], QUOTED));
    },
  },
});
