import type { AnnotatedDocument } from '../../core/types.ts';
import { isDocument } from './documents.ts';
import { BY_LINE, type Format, firstCharacter } from './format.ts';
import { jsonl } from './jsonl.ts';
import { firstRow } from './toolFormat.ts';
import { jsonLines } from './writer.ts';

/** korex's own documents (`documents.ts`), one as JSON a line. */
export const documentLines: Format = {
  id: 'documents',
  name: 'documents',
  signs: {
    en: 'an object with a list of entities a line',
    ko: '한 줄에 entities 목록이 있는 객체 하나',
  },
  extensions: [],
  recognizes: (head) => firstCharacter(head) === '{' && isDocument(firstRow(head)),
  ...(jsonl.divides && { divides: jsonl.divides }),
  counting: BY_LINE,
  open: (input) => jsonl.open({ ...input, columns: null }),
  write: {
    extension: '.jsonl',
    holds: 'documents',
    files: (documents) => jsonLines(documents.map(documentRow)),
  },
};

/** A document as a line has it. */
export const documentRow = ({ id, text, source, entities, relations, unsure }: AnnotatedDocument) => ({
  ...{ id, text },
  ...(source !== null && { source }),
  entities: entities.map(({ word, start, end, type }) => ({ word, start, end, ...(type !== null && { type }) })),
  ...(relations !== null && { relations: relations.map(triple) }),
  ...(unsure.length > 0 && { unsure: unsure.map(triple) }),
});

const triple = ({ subject, relation, object }: AnnotatedDocument['unsure'][number]) => [subject, relation, object];
