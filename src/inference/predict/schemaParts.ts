import { z } from 'zod';
import { refusal } from '../../base/core/issueWords.ts';
import type { Localized } from '../../base/core/types.ts';
import { codePointLength } from '../../base/data/span.ts';

/** Fields that requests and answers of several kinds share. */

const LONE_SURROGATE = /\p{Surrogate}/u;
export const wellFormed = z.string().refine(
  (value) => !LONE_SURROGATE.test(value),
  refusal({
    en: 'holds half of a surrogate pair, which is no character',
    ko: '서러게이트 쌍의 반쪽이 있어 올바른 글이 아니다',
  }),
);

export const notBlank = wellFormed.refine(
  (value) => value.trim() !== '',
  refusal({ en: 'is empty or blank', ko: '비어 있다' }),
);

/** A text of at most so many code points that is more than space. */
export const textUpTo = (most: number) =>
  notBlank.refine(
    (value) => codePointLength(value) <= most,
    refusal({ en: `is longer than ${most} characters`, ko: `${most}자보다 길다` }),
  );

export const offset = z.int().min(0);
const typeName = wellFormed.min(1).nullable();
export const probability = z.number().min(0).max(1);
export const localized = z.strictObject({ ko: z.string(), en: z.string() });

/** How `start` and `end` count. */
const OFFSET_KINDS = ['codepoint', 'utf16'] as const;

const ONE_EDGE: Localized = {
  en: 'is missing: start and end go together',
  ko: '없다. start와 end는 함께 준다',
};

export const entityInputSchema = z
  .strictObject({
    word: wellFormed.min(1).optional().describe('The entity as the sentence writes it.'),
    type: typeName
      .optional()
      .describe('Entity type, e.g. PER, ORG, LOC, DAT, NOH, POH. Needed where the model’s marker shows types.'),
    occurrence: z
      .int()
      .min(1)
      .optional()
      .describe('Which of the places of `word` is meant, counted from 1. Needed where it occurs more than once.'),
    start: offset.optional().describe('First character of the entity, counted as `offsets` says.'),
    end: offset.optional().describe('Last character (codepoint) or the place behind it (utf16).'),
    offsets: z
      .enum(OFFSET_KINDS)
      .optional()
      .describe(
        'How `start` and `end` count. `codepoint`: Unicode code points, `end` inclusive, as KLUE counts. `utf16`: UTF-16 code units, `end` exclusive, as JavaScript’s slice.',
      ),
  })
  .superRefine((entity, context) => {
    const wrong = (field: string, words: Localized) =>
      context.addIssue({ code: 'custom', path: [field], ...refusal(words) });
    const { word, occurrence, start, end, offsets } = entity;
    if (start === undefined && end === undefined) {
      if (word === undefined)
        wrong('word', {
          en: 'is missing: give the word, or start, end and offsets',
          ko: '없다. word를 주거나, start, end, offsets를 준다',
        });
      if (offsets !== undefined)
        wrong('offsets', {
          en: 'says how start and end count, but neither is given',
          ko: 'start와 end를 세는 방법인데, 둘 다 없다',
        });
      return;
    }
    if (start === undefined) wrong('start', ONE_EDGE);
    if (end === undefined) wrong('end', ONE_EDGE);
    if (offsets === undefined)
      wrong('offsets', {
        en: 'is missing: "codepoint" (end inclusive, as KLUE) or "utf16" (end exclusive, as JavaScript)',
        ko: '없다. "codepoint"(KLUE처럼 끝을 포함) 또는 "utf16"(JavaScript처럼 끝을 뺌)',
      });
    if (occurrence !== undefined)
      wrong('occurrence', {
        en: 'has no meaning beside start and end',
        ko: 'start와 end가 있으면 뜻이 없다',
      });
  })
  .meta({
    description: 'An entity, by its word or by its place.',
    anyOf: [{ required: ['word'] }, { required: ['start', 'end', 'offsets'] }],
  });

export const threshold = probability.describe(
  'Confidence from which an answer counts; below it the decision is "uncertain". The model’s own thresholds without it.',
);

/** Which pairs are asked for. */
export const PAIR_KINDS = ['typed', 'all'] as const;

export const pairKind = z
  .enum(PAIR_KINDS)
  .describe(
    '`typed`, the default: only pairs whose types the training rows had, where the model knows them. `all`: every ordered pair.',
  );

export const DECISIONS = ['relation', 'no_relation', 'uncertain'] as const;
export type Decision = (typeof DECISIONS)[number];
export type EntityInput = z.output<typeof entityInputSchema>;
