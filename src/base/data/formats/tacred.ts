import { z } from 'zod';
import { FROM_ONE } from './format.ts';
import { joinedTokens, tokenSpan, tokensOf } from './tokens.ts';
import { collectJson, firstRow, has, idSchema, offset, toolFormat, wellFormed } from './toolFormat.ts';
import { jsonList } from './writer.ts';

const layout = z.looseObject({
  id: idSchema,
  docid: wellFormed.nullish(),
  relation: wellFormed.nullish(),
  token: z.array(wellFormed).min(1),
  subj_start: offset,
  subj_end: offset,
  obj_start: offset,
  obj_end: offset,
  subj_type: wellFormed.nullish(),
  obj_type: wellFormed.nullish(),
});

const typeOf = (type: string | null | undefined): string | null => (type == null || type === '' ? null : type);

/** TACRED's JSON (Zhang et al., 2017): a list of rows, sentences as tokens, ends inclusive. */
export const tacred = toolFormat({
  id: 'tacred',
  name: 'TACRED',
  signs: {
    en: 'rows with token, subj_start and obj_start',
    ko: 'token, subj_start, obj_start',
  },
  extensions: [],
  recognizes: (head) => has(firstRow(head), 'token', 'subj_start', 'obj_start'),
  counting: FROM_ONE,
  convention: { name: 'TACRED', documented: ['token-inclusive'] },
  collect: (input, lost) =>
    collectJson(
      input,
      layout,
      {
        en: 'TACRED’s {id, relation, token, subj_start, subj_end, subj_type, obj_start, obj_end, obj_type}',
        ko: 'TACRED의 {id, relation, token, subj_start, subj_end, subj_type, obj_start, obj_end, obj_type}',
      },
      (row, { number, value }) => {
        const { text, places } = joinedTokens(row.token);
        const others = Object.keys(row).filter((key) => /^stanford_/.test(key));
        lost.add('other_fields', row.id ?? `${number}`, others.length);
        return {
          ...{ number, value, id: row.id ?? null, text, source: row.docid ?? null, tokens: places },
          spans: [
            { word: null, start: row.subj_start, end: row.subj_end, type: typeOf(row.subj_type) },
            { word: null, start: row.obj_start, end: row.obj_end, type: typeOf(row.obj_type) },
          ],
          says: { label: row.relation ?? null },
        };
      },
    ),
  write: {
    extension: '.json',
    holds: 'rows',
    files: (rows, { lost }) =>
      jsonList(
        rows.map(({ guid, sentence, subject, object, label, source }) => {
          const tokens = tokensOf(sentence, [subject, object]);
          const token = tokens.map(({ text }) => text);
          if (token.join(' ') !== sentence) lost.add('spacing', guid);
          const [subj, obj] = [tokenSpan(tokens, subject)!, tokenSpan(tokens, object)!];
          return {
            ...{ id: guid, docid: source, relation: label, token },
            ...{ subj_start: subj[0], subj_end: subj[1], subj_type: subject.type ?? '' },
            ...{ obj_start: obj[0], obj_end: obj[1], obj_type: object.type ?? '' },
          };
        }),
      ),
  },
});
