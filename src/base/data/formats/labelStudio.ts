import { z } from 'zod';
import type { DocumentRelation } from '../../core/types.ts';
import { spanText } from '../span.ts';
import { FROM_ONE } from './format.ts';
import type { FoundSpan } from './offsets.ts';
import { READING_NAMES, type ReadingName } from './readings.ts';
import { collectJson, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonList } from './writer.ts';

const labels = z.array(wellFormed);
const region = z.looseObject({
  id: z.string().nullish(),
  type: z.string().nullish(),
  value: z
    .looseObject({
      start: z.unknown(),
      end: z.unknown(),
      text: wellFormed.nullish(),
      labels: labels.nullish(),
      hypertextlabels: labels.nullish(),
      globalOffsets: z.looseObject({ start: offset, end: offset }).nullish(),
    })
    .nullish(),
  from_id: z.string().nullish(),
  to_id: z.string().nullish(),
  direction: z.enum(['right', 'left', 'bi']).nullish(),
  labels: labels.nullish(),
});
const annotation = z.looseObject({ result: z.array(region).nullish(), was_cancelled: z.boolean().nullish() });
const layout = z.looseObject({
  id: idSchema,
  data: z.record(z.string(), z.unknown()),
  annotations: z.array(annotation).nullish(),
  completions: z.array(annotation).nullish(),
});

/** Where a task keeps its text, by the usual names; else its only text. */
function textOf(data: Readonly<Record<string, unknown>>): string | null {
  const named = ['text', 'sentence', 'content'].map((key) => data[key]);
  const texts = Object.values(data).filter((value) => typeof value === 'string');
  const found = named.find((value) => typeof value === 'string') ?? (texts.length === 1 ? texts[0] : undefined);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** How korex's own files count: as Label Studio's page does, in JavaScript's units. */
const COUNTING: ReadingName = 'utf16-exclusive';

const OFFSETS = z.object({ start: z.coerce.number().int().min(0), end: z.coerce.number().int().min(0) });

/** What Label Studio exports as JSON: tasks, each with its annotations, of regions and the relations between them. */
export const labelStudio = toolFormat({
  id: 'label-studio',
  name: 'Label Studio',
  signs: {
    en: 'rows with data, and annotations or predictions',
    ko: 'data와, annotations 또는 predictions',
  },
  extensions: [],
  recognizes: (head) => {
    const row = firstRow(head);
    return has(row, 'data') && (has(row, 'annotations') || has(row, 'completions') || has(row, 'predictions'));
  },
  counting: FROM_ONE,
  convention: {
    name: 'Label Studio',
    documented: ['utf16-exclusive', 'codepoint-exclusive'],
    noneIsUnannotated: true,
  },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'Label Studio’s {id, data: {text}, annotations: [{result: [{id, value: {start, end, text, labels}}, …]}]}',
        ko: 'Label Studio의 {id, data: {text}, annotations: [{result: [{id, value: {start, end, text, labels}}, …]}]}',
      },
      ({ id, data, annotations, completions }, row) => {
        const { number, value } = row;
        const where = id ?? `${number}`;
        const text = textOf(data);
        if (text === null)
          return {
            ...row,
            problem: {
              field: 'data',
              found: { en: Object.keys(data).join(', ') || 'no key', ko: Object.keys(data).join(', ') || '키 없음' },
              expected: { en: 'a text under the key "text"', ko: '"text" 키의 글' },
            },
          };
        const all = annotations ?? completions ?? [];
        const done = all.filter(({ was_cancelled }) => !was_cancelled);
        if (all.length > 0 && done.length === 0) {
          lost.add('refused', where);
          return null;
        }
        lost.add('further_annotations', where, Math.max(0, done.length - 1));
        const regions = done[0]?.result ?? [];
        const spans: FoundSpan[] = [];
        const places = new Map<string, number>();
        for (const { id: region, value } of regions) {
          const offsets = OFFSETS.safeParse(value?.globalOffsets ?? value);
          if (!offsets.success) continue;
          const [type = null, ...more] = value?.labels ?? value?.hypertextlabels ?? [];
          lost.add('types', where, more.length);
          if (region != null) places.set(region, spans.length);
          spans.push({ ...offsets.data, word: value?.text ?? null, type: type === '' ? null : type });
        }
        const relations = regions.flatMap(({ type, from_id, to_id, direction, labels }): DocumentRelation[] => {
          if (type !== 'relation') return [];
          const [from, to] = [places.get(from_id ?? ''), places.get(to_id ?? '')];
          if (from === undefined || to === undefined) lost.add('dangling_relations', where);
          else if (!labels || labels.length === 0) lost.add('unnamed_relations', where);
          else
            return labels.flatMap((relation) => [
              ...(direction === 'left' ? [] : [{ subject: from, relation, object: to }]),
              ...(direction === 'left' || direction === 'bi' ? [{ subject: to, relation, object: from }] : []),
            ]);
          return [];
        });
        const others = regions.filter(({ id: region, type }) => type !== 'relation' && !places.has(region ?? ''));
        lost.add('other_fields', where, others.length);
        const meta = data.korex_id;
        const counting = READING_NAMES.find((name) => name === data.korex_offsets) ?? null;
        return {
          ...{ number, value, text, tokens: null, spans, counting },
          id: typeof meta === 'string' ? meta : (id ?? null),
          source: typeof data.source === 'string' ? data.source : null,
          says: { relations: done[0] === undefined ? null : relations },
        };
      },
    ),
  write: {
    extension: '.json',
    holds: 'documents',
    files: (documents, { lost }) => {
      const hasRelations = documents.some(({ relations }) => relations !== null && relations.length > 0);
      return jsonList(
        documents.map(({ id, text, source, entities, relations, unsure }, task) => {
          lost.add('unsure', id, unsure.length);
          if (relations === null && entities.length > 0 && hasRelations) lost.add('unannotated', id);
          if (relations !== null && !hasRelations) lost.add('empty_relations', id);
          const unit = (codePoint: number) => spanText(text, 0, codePoint - 1).length;
          const result = [
            ...entities.map(({ word, start, end, type }, i) => ({
              ...{ id: `e${i}`, from_name: 'label', to_name: 'text', type: 'labels' },
              value: { start: unit(start), end: unit(end + 1), text: word, labels: type === null ? [] : [type] },
            })),
            ...(relations ?? []).map(({ subject, relation, object }) => ({
              ...{ from_id: `e${subject}`, to_id: `e${object}`, type: 'relation', direction: 'right' },
              labels: [relation],
            })),
          ];
          const isAnnotated = relations !== null || entities.length > 0;
          return {
            ...{
              id: task + 1,
              data: { text, korex_id: id, korex_offsets: COUNTING, ...(source !== null && { source }) },
            },
            annotations: isAnnotated ? [{ id: task + 1, result }] : [],
          };
        }),
      );
    },
  },
});
