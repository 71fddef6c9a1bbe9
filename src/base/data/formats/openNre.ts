import { z } from 'zod';
import { BY_LINE } from './format.ts';
import { joinedTokens } from './tokens.ts';
import { collectJson, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonLines } from './writer.ts';

const entity = z.looseObject({ name: wellFormed.min(1), pos: z.tuple([offset, offset]), type: wellFormed.nullish() });
const layout = z
  .looseObject({
    id: idSchema,
    text: wellFormed.min(1).nullish(),
    token: z.array(wellFormed).min(1).nullish(),
    h: entity,
    t: entity,
    relation: wellFormed.nullish(),
  })
  .refine(({ text, token }) => text != null || token != null, 'expected text or token');

/** OpenNRE's benchmarks (Han et al., 2019): a row of JSON a line, its sentence as text or as tokens. */
export const openNre = toolFormat({
  id: 'opennre',
  name: 'OpenNRE',
  signs: {
    en: 'rows with h and t, which have name and pos',
    ko: 'name과 pos가 있는 h와 t',
  },
  extensions: [],
  recognizes: (head) => {
    const { h, t } = firstRow(head);
    return has(h, 'pos') && has(t, 'pos') && has(h, 'name');
  },
  counting: BY_LINE,
  convention: { name: 'OpenNRE', documented: ['codepoint-exclusive', 'token-exclusive'] },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'OpenNRE’s {text or token, h: {name, pos: [start, end]}, t: {…}, relation}',
        ko: 'OpenNRE의 {text나 token, h: {name, pos: [시작, 끝]}, t: {…}, relation}',
      },
      ({ id, text, token, h, t, relation }, { number, value }) => {
        const joined = token == null ? null : joinedTokens(token);
        const linked = [h, t].filter((one) => one.id != null).length;
        lost.add('other_fields', `${number}`, linked);
        return {
          ...{ number, value, id: id ?? null, text: text ?? joined!.text, source: null },
          tokens: text == null ? joined!.places : null,
          spans: [h, t].map(({ name, pos: [start, end], type }) => ({ word: name, start, end, type: type ?? null })),
          says: { label: relation ?? null },
        };
      },
    ),
  write: {
    extension: '.txt',
    holds: 'rows',
    files: (rows, { lost }) => {
      for (const { guid, source } of rows) if (source !== null) lost.add('sources', guid);
      return jsonLines(
        rows.map(({ guid, sentence, subject, object, label }) => {
          const [h, t] = [subject, object].map(({ word, start, end, type }) => ({
            ...{ name: word, pos: [start, end + 1] },
            ...(type !== null && { type }),
          }));
          return { id: guid, text: sentence, h, t, ...(label !== null && { relation: label }) };
        }),
      );
    },
  },
});
