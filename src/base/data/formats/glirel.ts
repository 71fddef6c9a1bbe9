import { z } from 'zod';
import type { DocumentRelation } from '../../core/types.ts';
import { BY_LINE } from './format.ts';
import { joinedTokens, tokenSpan, tokensOf } from './tokens.ts';
import { collectJson, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonLines } from './writer.ts';

const mention = z.looseObject({
  mention: z.union([wellFormed, z.array(wellFormed).transform((words) => words.join(' '))]).nullish(),
  position: z.tuple([offset, offset]),
  type: wellFormed.nullish(),
});
const layout = z.looseObject({
  id: idSchema,
  tokenized_text: z.array(wellFormed).min(1),
  ner: z
    .array(
      z
        .tuple([offset, offset, wellFormed.nullable()], z.unknown())
        .transform(([start, end, type, word]) => ({ start, end, type, word: wordOf(word) })),
    )
    .nullish(),
  relations: z
    .array(z.looseObject({ head: mention, tail: mention, relation_text: z.union([wellFormed, z.array(wellFormed)]) }))
    .nullish(),
});

function wordOf(word: unknown): string | null {
  if (typeof word === 'string') return word;
  return Array.isArray(word) ? word.join(' ') : null;
}

/** GLiREL's training rows (Boylan et al., 2025): texts as tokens, entities and relations by their places in them. */
export const glirel = toolFormat({
  id: 'glirel',
  name: 'GLiREL',
  signs: {
    en: 'rows with tokenized_text',
    ko: 'tokenized_text',
  },
  extensions: [],
  recognizes: (head) => has(firstRow(head), 'tokenized_text'),
  counting: BY_LINE,
  convention: { name: 'GLiREL', documented: ['token-inclusive'] },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'GLiREL’s {tokenized_text, ner: [[start, end, type, text]], relations: [{head, tail, relation_text}]}',
        ko: 'GLiREL의 {tokenized_text, ner: [[시작, 끝, 유형, 글]], relations: [{head, tail, relation_text}]}',
      },
      ({ id, tokenized_text, ner, relations }, { number, value }) => {
        const { text, places } = joinedTokens(tokenized_text);
        const spans = [...(ner ?? [])];
        const placeOf = ({ mention: word, position: [start, end], type }: z.output<typeof mention>) => {
          const known = spans.findIndex((span) => span.start === start && span.end === end);
          if (known >= 0) return known;
          return spans.push({ start, end, type: type ?? null, word: word ?? null }) - 1;
        };
        const found = relations?.flatMap(({ head, tail, relation_text }): DocumentRelation[] =>
          [relation_text].flat().map((relation) => ({ subject: placeOf(head), relation, object: placeOf(tail) })),
        );
        lost.add(
          'other_fields',
          id ?? `${number}`,
          Object.keys(value as object).filter((key) => !KEYS.has(key)).length,
        );
        return {
          ...{ number, value, id: id ?? null, text, source: null, tokens: places },
          spans: spans.map((span) => ({ ...span, type: span.type === '' ? null : span.type })),
          says: { relations: found ?? null },
        };
      },
    ),
  write: {
    extension: '.jsonl',
    holds: 'documents',
    files: (documents, { lost }) =>
      jsonLines(
        documents.map(({ id, text, source, entities, relations, unsure }) => {
          const tokens = tokensOf(text, entities);
          const tokenized_text = tokens.map((token) => token.text);
          if (tokenized_text.join(' ') !== text) lost.add('spacing', id);
          if (source !== null) lost.add('sources', id);
          lost.add('unsure', id, unsure.length);
          const spans = entities.map((entity) => tokenSpan(tokens, entity)!);
          for (const [i, entity] of entities.entries()) {
            const same = entities.findIndex(({ start, end }) => start === entity.start && end === entity.end);
            if (same < i) lost.add('same_entities', id);
          }
          const mentionOf = (place: number) => ({
            ...{ mention: entities[place]!.word, position: spans[place], type: entities[place]!.type ?? '' },
          });
          return {
            ...{ id, tokenized_text, ner: entities.map(({ word, type }, i) => [...spans[i]!, type ?? '', word]) },
            ...(relations !== null && {
              relations: relations.map(({ subject, relation, object }) => ({
                ...{ head: mentionOf(subject), tail: mentionOf(object), relation_text: relation },
              })),
            }),
          };
        }),
      ),
  },
});

const KEYS: ReadonlySet<string> = new Set(['id', 'tokenized_text', 'ner', 'relations']);
