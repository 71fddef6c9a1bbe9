import { z } from 'zod';

/** The shapes of korex's REST API: what a server checks requests with, and what its OpenAPI document is made from. */

const offset = z.number().int().min(0);

const entitySchema = z
  .strictObject({
    word: z.string().min(1).describe('The entity as it stands in the sentence.'),
    type: z
      .string()
      .min(1)
      .nullable()
      .optional()
      .describe('Entity type, e.g. PER, ORG, LOC, DAT, NOH, POH. Needed where the model’s marker shows types.'),
    start: offset.optional().describe('First code point of the word. Needed where the word occurs more than once.'),
  })
  .describe('A marked entity.');

const predictRequestSchema = z
  .strictObject({
    sentence: z.string().min(1).max(10_000).describe('One sentence that holds both entities.'),
    subject: entitySchema,
    object: entitySchema,
    top_k: z.number().int().min(1).max(1000).optional().describe('How many relations to list; 3 without it.'),
  })
  .describe('A sentence with the two entities whose relation is asked for.');

const probability = z.number().min(0).max(1);

const rankedRelationSchema = z
  .strictObject({ relation: z.string(), probability })
  .describe('A relation with its probability.');

const predictResponseSchema = z
  .strictObject({
    relation: z.string().describe('The most probable relation of the subject to the object.'),
    description: z.strictObject({ ko: z.string(), en: z.string() }).describe('The relation in words.'),
    confidence: probability.describe('Probability of `relation`.'),
    top: z.array(rankedRelationSchema).describe('The most probable relations, best first.'),
    shortened: z.boolean().describe('Whether the sentence was longer than the model reads and was cut to a window.'),
    model: z.string().describe('Name of the model that answered.'),
  })
  .describe('The relation found.');

const labelsResponseSchema = z
  .strictObject({
    labels: z.array(
      z.strictObject({
        id: offset,
        relation: z.string(),
        description: z.strictObject({ ko: z.string(), en: z.string() }),
      }),
    ),
    no_relation: z.string().nullable().describe('Which of them means that there is no relation, if any does.'),
  })
  .describe('The relations of the model, in id order.');

const healthSchema = z
  .strictObject({ status: z.literal('ok'), version: z.string(), model: z.string() })
  .describe('The server is ready to answer.');

const problemSchema = z
  .strictObject({
    type: z.string().describe('A URI that identifies the kind of problem.'),
    title: z.string().describe('The kind of problem in a few words.'),
    status: z.number().int().min(400).max(599),
    detail: z.string().describe('What was wrong with this request, where, and what was expected.'),
    hint: z.string().optional().describe('How to mend it.'),
  })
  .describe('Problem details (RFC 9457).');

/** By the names that the OpenAPI document gives them. */
export const API_SCHEMAS = {
  Entity: entitySchema,
  PredictRequest: predictRequestSchema,
  RankedRelation: rankedRelationSchema,
  PredictResponse: predictResponseSchema,
  LabelsResponse: labelsResponseSchema,
  Health: healthSchema,
  Problem: problemSchema,
} as const;

export type ApiSchemaName = keyof typeof API_SCHEMAS;
export type PredictRequest = z.output<typeof predictRequestSchema>;
export type PredictResponse = z.output<typeof predictResponseSchema>;
export type LabelsResponse = z.output<typeof labelsResponseSchema>;
export type Problem = z.output<typeof problemSchema>;
