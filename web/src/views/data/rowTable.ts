import type { RowColumns } from '../../../../src/app/serve/page/shapes.ts';
import { codePointLength, spanText } from '../../../../src/base/data/span.ts';

/** A data set as the view works on it: the columns as typed arrays, beside what filters go by. */
export interface RowTable {
  readonly columns: RowColumns;
  readonly count: number;
  readonly label: Int16Array;
  readonly source: Int16Array;
  /** Index of the type pair in `pairs`. */
  readonly pair: Int16Array;
  readonly pairs: readonly TypePair[];
  /** Sentence length, and characters between both entities (0: they touch); both in code points. */
  readonly length: Int32Array;
  readonly distance: Int32Array;
  /** Sentences in lower case and composed, for searching. */
  readonly folded: readonly string[];
}

export interface TypePair {
  /** E.g. `PER→ORG`; `–` stands for no type. */
  readonly name: string;
  readonly subject: string | null;
  readonly object: string | null;
}

export function rowTable(columns: RowColumns): RowTable {
  const { sentence, types } = columns;
  const count = sentence.length;
  const width = types.length + 1;
  const codes = columns.subject_type.map((type, i) => (type + 1) * width + columns.object_type[i]! + 1);
  const used = [...new Set(codes)].map((code) => {
    const subject = types[Math.floor(code / width) - 1] ?? null;
    const object = types[(code % width) - 1] ?? null;
    return { code, pair: { name: `${subject ?? '–'}→${object ?? '–'}`, subject, object } };
  });
  used.sort((a, b) => (a.pair.name < b.pair.name ? -1 : 1));
  const places = new Map(used.map(({ code }, i) => [code, i]));
  return {
    columns,
    count,
    label: Int16Array.from(columns.label),
    source: Int16Array.from(columns.source),
    pair: Int16Array.from(codes, (code) => places.get(code)!),
    pairs: used.map(({ pair }) => pair),
    length: Int32Array.from(sentence, codePointLength),
    distance: Int32Array.from(sentence, (_, i) => {
      const lastStart = Math.max(columns.subject_start[i]!, columns.object_start[i]!);
      return lastStart - Math.min(columns.subject_end[i]!, columns.object_end[i]!) - 1;
    }),
    folded: sentence.map(fold),
  };
}

/** As texts are compared in a search: case and composition do not count. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase();

export interface RowEntity {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
}

/** One row for people. */
export interface Row {
  readonly index: number;
  readonly guid: string;
  readonly sentence: string;
  readonly side: 'train' | 'test';
  readonly label: string;
  readonly source: string | null;
  readonly subject: RowEntity;
  readonly object: RowEntity;
  readonly length: number;
  readonly distance: number;
}

export function rowAt(table: RowTable, index: number): Row {
  const { columns } = table;
  const sentence = columns.sentence[index]!;
  const entity = (role: 'subject' | 'object'): RowEntity => {
    const [start, end] = [columns[`${role}_start`][index]!, columns[`${role}_end`][index]!];
    const type = columns.types[columns[`${role}_type`][index]!] ?? null;
    return { word: spanText(sentence, start, end), start, end, type };
  };
  return {
    index,
    guid: columns.guid[index]!,
    sentence,
    side: index < columns.train_rows ? 'train' : 'test',
    label: columns.labels[columns.label[index]!]!,
    source: columns.sources[columns.source[index]!] ?? null,
    subject: entity('subject'),
    object: entity('object'),
    length: table.length[index]!,
    distance: table.distance[index]!,
  };
}
