import { z } from 'zod';
import type { DocumentRelation } from '../../core/types.ts';
import { BY_LINE } from './format.ts';
import { collectJson, first, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonLines } from './writer.ts';

const entityId = z.union([z.int(), z.string()]);
const triples = z
  .array(z.tuple([offset, offset, wellFormed]).transform(([start, end, label]) => ({ start, end, label })))
  .nullish();
const layout = z.looseObject({
  id: idSchema,
  text: wellFormed.min(1),
  entities: z
    .array(z.looseObject({ id: entityId, label: wellFormed, start_offset: offset, end_offset: offset }))
    .nullish(),
  relations: z.array(z.looseObject({ from_id: entityId, to_id: entityId, type: wellFormed.min(1) })).nullish(),
  label: triples,
  labels: triples,
});

/** What doccano exports from projects of sequence labelling, with or without relations (JSONL). */
export const doccano = toolFormat({
  id: 'doccano',
  name: 'doccano',
  signs: {
    en: 'rows with text, and entities that have start_offset or label as [start, end, type]',
    ko: 'text와, start_offset이 있는 entities 또는 [시작, 끝, 유형]인 label',
  },
  extensions: [],
  recognizes: (head) => {
    const row = firstRow(head);
    if (typeof row.text !== 'string') return false;
    return (
      has(first(row.entities), 'start_offset', 'end_offset') ||
      has(row, 'entities', 'relations', 'Comments') ||
      [row.label, row.labels].some((spans) => Array.isArray(first(spans)) && typeof first(first(spans)) === 'number')
    );
  },
  counting: BY_LINE,
  // Its server counts code points; a page that annotates counts as the browser's JavaScript does.
  convention: { name: 'doccano', documented: ['codepoint-exclusive', 'utf16-exclusive'] },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'doccano’s {text, entities: [{id, label, start_offset, end_offset}], relations: [{from_id, to_id, type}]}, or {text, label: [[start, end, label]]}',
        ko: 'doccano의 {text, entities: [{id, label, start_offset, end_offset}], relations: [{from_id, to_id, type}]}, 또는 {text, label: [[시작, 끝, 라벨]]}',
      },
      ({ id, text, entities, relations, label, labels, ...others }, { number, value }) => {
        const spans = entities
          ? entities.map(({ start_offset: start, end_offset: end, label }) => ({ start, end, label }))
          : (label ?? labels ?? []);
        const places = new Map(entities?.map((entity, place) => [entity.id, place]));
        const where = id ?? `${number}`;
        const found = relations?.flatMap(({ from_id, to_id, type }): DocumentRelation[] => {
          const [subject, object] = [places.get(from_id), places.get(to_id)];
          if (subject !== undefined && object !== undefined) return [{ subject, relation: type, object }];
          lost.add('dangling_relations', where);
          return [];
        });
        const filled = Object.entries(others).filter(([, field]) => !(Array.isArray(field) && field.length === 0));
        lost.add('other_fields', where, filled.length);
        return {
          ...{ number, value, id: id ?? null, text, source: null, tokens: null },
          spans: spans.map(({ start, end, label }) => ({ word: null, start, end, type: label === '' ? null : label })),
          says: { relations: found ?? null },
        };
      },
    ),
  write: {
    extension: '.jsonl',
    holds: 'documents',
    files: (documents, { lost }) => {
      let [entityNumber, relationNumber] = [0, 0];
      return jsonLines(
        documents.map(({ id, text, source, entities, relations, unsure }) => {
          if (source !== null) lost.add('sources', id);
          lost.add('unsure', id, unsure.length);
          const base = entityNumber;
          entityNumber += entities.length;
          return {
            ...{ id, text },
            entities: entities.map(({ start, end, type }, i) => ({
              ...{ id: base + i, label: type ?? '', start_offset: start, end_offset: end + 1 },
            })),
            ...(relations !== null && {
              relations: relations.map(({ subject, relation, object }) => ({
                ...{ id: relationNumber++, from_id: base + subject, to_id: base + object, type: relation },
              })),
            }),
          };
        }),
      );
    },
  },
});
