import { stringify } from 'csv-stringify/sync';
import { relationDescription } from '../../../base/data/relations.ts';
import { type GraphTriple, triplesOf } from './graphParts.ts';
import { oneFile } from './graphWriter.ts';

const COLUMNS: Readonly<Record<string, (triple: GraphTriple, document: string) => string | number | null>> = {
  document: (_, document) => document,
  subject: ({ subject }) => subject.word,
  subject_type: ({ subject }) => subject.type,
  relation: ({ relation }) => relation,
  relation_ko: ({ relation }) => relationDescription(relation, 'ko'),
  object: ({ object }) => object.word,
  object_type: ({ object }) => object.type,
  confidence: ({ confidence }) => confidence,
  decision: ({ decision }) => decision,
  sentence: ({ sentence }) => sentence,
  sentence_index: ({ sentenceIndex }) => sentenceIndex,
  subject_start: ({ subject }) => subject.start,
  subject_end: ({ subject }) => subject.end,
  subject_entity: ({ subject }) => subject.entity,
  object_start: ({ object }) => object.start,
  object_end: ({ object }) => object.end,
  object_entity: ({ object }) => object.entity,
};

/**
 * A triple a row, with its sentence, places and confidence. It begins with a byte order mark, by which spreadsheets know
 * UTF-8; cells that a spreadsheet would run as a formula get an apostrophe before them.
 */
export const csv = oneFile({ name: 'CSV', extension: '.csv', mediaType: 'text/csv' }, () => ({
  begin: () => `\uFEFF${rows([Object.keys(COLUMNS)])}`,
  document: (graph) =>
    rows(triplesOf(graph).map((triple) => Object.values(COLUMNS).map((cellOf) => `${cellOf(triple, graph.id) ?? ''}`))),
  end: () => '',
}));

const rows = (cells: readonly (readonly string[])[]): string => stringify([...cells], { escape_formulas: true });
