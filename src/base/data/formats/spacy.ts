import { z } from 'zod';
import type { DocumentRelation } from '../../core/types.ts';
import { BY_LINE } from './format.ts';
import { tokenSpan, tokensOf } from './tokens.ts';
import { collectJson, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonLines } from './writer.ts';

const span = z.looseObject({
  start: offset,
  end: offset,
  label: wellFormed.nullish(),
  text: wellFormed.nullish(),
  token_start: offset.nullish(),
  token_end: offset.nullish(),
});
type RawSpan = z.output<typeof span>;
const token = z.looseObject({ text: wellFormed.nullish(), start: offset, end: offset, ws: z.boolean().nullish() });
const layout = z.looseObject({
  id: idSchema,
  text: wellFormed.min(1),
  tokens: z.array(token).nullish(),
  spans: z.array(span).nullish(),
  ents: z.array(span).nullish(),
  relations: z
    .array(
      z.looseObject({
        head: z.int(),
        child: z.int(),
        head_span: span.nullish(),
        child_span: span.nullish(),
        label: wellFormed.min(1),
      }),
    )
    .nullish(),
  answer: z.enum(['accept', 'reject', 'ignore']).nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
});

/** What Prodigy's `rel.manual` writes, and spaCy's `Doc.to_json`: texts with tokens, spans and relations (JSONL or a list). */
export const spacy = toolFormat({
  id: 'spacy',
  name: 'spaCy/Prodigy',
  signs: {
    en: 'rows with text and tokens, and spans, ents or relations',
    ko: 'text와 tokens, 그리고 spans, ents, relations 가운데 하나',
  },
  extensions: [],
  recognizes: (head) => {
    const row = firstRow(head);
    return (
      has(row, 'text') &&
      ['tokens', '_task_hash'].some((key) => has(row, key)) &&
      ['spans', 'ents', 'relations'].some((key) => has(row, key))
    );
  },
  counting: BY_LINE,
  convention: { name: 'spaCy/Prodigy', documented: ['codepoint-exclusive'] },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'Prodigy’s {text, tokens, spans: [{start, end, label}], relations: [{head, child, label}]}, or spaCy’s Doc.to_json()',
        ko: 'Prodigy의 {text, tokens, spans: [{start, end, label}], relations: [{head, child, label}]}, 또는 spaCy의 Doc.to_json()',
      },
      ({ id, text, tokens, spans, ents, relations, answer, meta }, { number, value }) => {
        const name = id ?? (typeof meta?.id === 'string' ? meta.id : null);
        if (answer === 'reject' || answer === 'ignore') {
          lost.add('refused', name ?? `${number}`);
          return null;
        }
        const all: RawSpan[] = [...(spans ?? ents ?? [])];
        const placeOf = (index: number, given: RawSpan | null | undefined): number => {
          const isIt = (one: RawSpan) =>
            given ? one.start === given.start && one.end === given.end : covers(one, tokens?.[index]);
          const known = all.findIndex(isIt);
          return known >= 0 || !given ? known : all.push(given) - 1;
        };
        const found = relations?.flatMap(({ head, child, head_span, child_span, label }): DocumentRelation[] => {
          const [subject, object] = [placeOf(head, head_span), placeOf(child, child_span)];
          if (subject >= 0 && object >= 0) return [{ subject, relation: label, object }];
          lost.add('dangling_relations', name ?? `${number}`);
          return [];
        });
        const { source } = meta ?? {};
        return {
          ...{ number, value, id: name, text, source: typeof source === 'string' ? source : null, tokens: null },
          spans: all.map(({ start, end, label, ...more }) => ({
            ...{
              start,
              end,
              word: more.text ?? wordOf(more, tokens ?? []),
              type: label == null || label === '' ? null : label,
            },
          })),
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
          lost.add('unsure', id, unsure.length);
          const spans = entities.map((entity, i) => {
            const { start, end, type } = entity;
            const same = entities.findIndex((other) => other.start === start && other.end === end);
            if (same < i) lost.add('same_entities', id);
            const [token_start, token_end] = tokenSpan(tokens, entity)!;
            return { text: entity.word, start, end: end + 1, token_start, token_end, label: type ?? '' };
          });
          return {
            ...{ text, meta: { id, ...(source !== null && { source }) } },
            tokens: tokens.map(({ text: word, start, end, place }, i) => ({
              ...{
                text: word,
                start,
                end,
                id: i,
                ws: text[place.to] === ' ' && tokens[i + 1]?.place.from !== place.to,
              },
            })),
            spans,
            ...(relations !== null && {
              relations: relations.map(({ subject, relation, object }) => ({
                ...{ head: spans[subject]!.token_end, child: spans[object]!.token_end },
                ...{ head_span: spans[subject], child_span: spans[object], label: relation },
              })),
            }),
            answer: 'accept',
          };
        }),
      ),
  },
});

type RawToken = z.output<typeof token>;

const covers = (span: RawSpan, token: RawToken | undefined): boolean =>
  token !== undefined && span.start <= token.start && token.end <= span.end;

/** What the tokens of a span say; null where they have no texts, or where other white space than a space parts them. */
function wordOf(
  { token_start, token_end }: Pick<RawSpan, 'token_start' | 'token_end'>,
  tokens: readonly RawToken[],
): string | null {
  if (token_start == null || token_end == null) return null;
  const own = tokens.slice(token_start, token_end + 1);
  if (own.length === 0 || own.some(({ text, ws }) => text == null || ws == null)) return null;
  const isWhole = own.every(({ end, ws }, i) => i === own.length - 1 || own[i + 1]!.start === end + (ws ? 1 : 0));
  if (!isWhole) return null;
  return own.map(({ text, ws }, i) => (ws && i < own.length - 1 ? `${text} ` : text)).join('');
}
