import { z } from 'zod';

/** Fields that requests and answers of several kinds share. */

const LONE_SURROGATE = /\p{Surrogate}/u;
export const wellFormed = z
  .string()
  .refine((value) => !LONE_SURROGATE.test(value), 'holds half of a surrogate pair, which is no character');

export const offset = z.int().min(0);
const typeName = wellFormed.min(1).nullable();
export const probability = z.number().min(0).max(1);
export const localized = z.strictObject({ ko: z.string(), en: z.string() });

/** How `start` and `end` count. */
const OFFSET_KINDS = ['codepoint', 'utf16'] as const;

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
    const wrong = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const { word, occurrence, start, end, offsets } = entity;
    if (start === undefined && end === undefined) {
      if (word === undefined) wrong('word', 'is missing: give the word, or start, end and offsets');
      if (offsets !== undefined) wrong('offsets', 'says how start and end count, but neither is given');
      return;
    }
    if (start === undefined) wrong('start', 'is missing: start and end go together');
    if (end === undefined) wrong('end', 'is missing: start and end go together');
    if (offsets === undefined)
      wrong('offsets', 'is missing: "codepoint" (end inclusive, as KLUE) or "utf16" (end exclusive, as JavaScript)');
    if (occurrence !== undefined) wrong('occurrence', 'has no meaning beside start and end');
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
