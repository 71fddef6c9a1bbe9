import { z } from 'zod';
import { PAIR_ENCODINGS } from '../../base/core/settings.ts';
import { MAX_ENTITIES, MAX_REQUESTS, MAX_SENTENCE } from './api/limits.ts';
import { DOCUMENT_SCHEMAS } from './documentSchema.ts';
import {
  DECISIONS,
  entityInputSchema,
  localized,
  offset,
  pairKind,
  probability,
  textUpTo,
  threshold,
} from './schemaParts.ts';

export { DECISIONS, type Decision, type EntityInput, PAIR_KINDS } from './schemaParts.ts';

/**
 * Requests and answers, the same everywhere: library, command line, batch files, REST API and page. What comes in is
 * checked with these schemas, the OpenAPI document is made from them, and the types follow from them.
 */

export const DEFAULT_TOP_K = 3;

const sentence = textUpTo(MAX_SENTENCE).meta({
  ...{ minLength: 1, maxLength: MAX_SENTENCE, description: 'The sentence, with both entities in it.' },
});

const topK = z.int().min(1).max(1000).describe(`How many relations to list; ${DEFAULT_TOP_K} without it.`);
const predictRequestSchema = z
  .strictObject({
    sentence,
    subject: entityInputSchema,
    object: entityInputSchema,
    top_k: topK.optional(),
    threshold: threshold.optional(),
  })
  .describe('A sentence with the two entities whose relation is asked for.');

const extractRequestSchema = z
  .strictObject({
    sentence,
    entities: z.array(entityInputSchema).min(2).max(MAX_ENTITIES).describe('The entities, in any order.'),
    pairs: pairKind.optional(),
    top_k: topK.optional(),
    threshold: threshold.optional(),
    include_no_relation: z.boolean().optional().describe('Whether pairs without a relation are listed too.'),
  })
  .describe('A sentence with the entities whose relations to each other are asked for.');

const entitySchema = z
  .strictObject({
    word: z.string(),
    start: offset.describe('First code point.'),
    end: offset.describe('Last code point, inclusive.'),
    type: z.string().nullable(),
  })
  .describe('An entity at its place in the sentence.');

const rankedRelationSchema = z
  .strictObject({ relation: z.string(), probability })
  .describe('A relation with its probability.');

const relationSchema = z
  .strictObject({
    relation: z.string().describe('The most probable relation of the subject to the object.'),
    description: localized.describe('The relation in words.'),
    confidence: probability.describe('Calibrated probability of `relation`.'),
    decision: z.enum(DECISIONS).describe('`uncertain` where the confidence is below the threshold.'),
    threshold: probability.describe('The threshold that applied.'),
    no_relation_probability: probability
      .nullable()
      .describe('Probability that there is no relation; null where the model has no such label.'),
    top: z.array(rankedRelationSchema).describe('The most probable relations, best first.'),
    subject: entitySchema,
    object: entitySchema,
    shortened: z.boolean().describe('Whether the sentence was longer than the model reads and was cut to a window.'),
    model: z.string().describe('Name of the model that answered.'),
  })
  .describe('The relation found.');

const index = z.int().min(0).describe('Index into `entities`.');
const pairRelationSchema = z
  .strictObject({ subject_index: index, object_index: index, ...relationSchema.shape })
  .describe('The relation of a pair of entities.');

const extractResponseSchema = z
  .strictObject({
    sentence: z.string(),
    entities: z.array(entitySchema).describe('As asked for, at their places.'),
    relations: z.array(pairRelationSchema).describe('Edges of the graph, most confident first.'),
    pairs: z.int().min(0).describe('How many pairs were evaluated.'),
    model: z.string(),
  })
  .describe('A graph: entities as nodes, relations as edges from subject to object.');

const labelSchema = z.strictObject({ id: offset, relation: z.string(), description: localized });

const labelsResponseSchema = z
  .strictObject({
    labels: z.array(labelSchema),
    no_relation: z.string().nullable().describe('Which of them means that there is no relation, if any does.'),
  })
  .describe('The relations of the model, in id order.');

const modelResponseSchema = z
  .strictObject({
    id: z.string().describe('Name of the model.'),
    version: z.string().describe('Version of korex.'),
    labels: z.array(labelSchema),
    no_relation: z.string().nullable(),
    marker: z.string().describe('How the model sees the entities.'),
    needs_types: z.boolean().describe('Whether entities need a type.'),
    reads_question: z.boolean().describe('Whether the model reads a question about the relation before the sentence.'),
    pair_encodings: z
      .array(z.enum(PAIR_ENCODINGS))
      .describe(
        'How the pairs of a text’s sentence can be read: `inline` one by one, `shared` all in one pass. The first is what is done where nothing is asked.',
      ),
    entity_types: z.array(z.string()).describe('The types that entities may have; any where empty.'),
    max_length: z.int().min(1).describe('Tokens that the model reads of a sentence.'),
    head: z.string(),
    precision: z.string().describe('Of the weights: fp32 or int8.'),
    calibration: z
      .strictObject({
        temperature: z.number().positive(),
        ece_before: probability,
        ece_after: probability,
        rows: z.int().min(1),
      })
      .nullable()
      .describe('Temperature and expected calibration error on the validation rows; null where it was never fitted.'),
    thresholds: z.strictObject({ default: probability, per_relation: z.record(z.string(), probability) }),
    type_pairs: z
      .array(z.strictObject({ subject: z.string(), object: z.string(), relations: z.array(z.string()) }))
      .nullable()
      .describe('Pairs of entity types in the training rows with their relations; null where they are not known.'),
    type_mask: z.boolean().describe('Whether relations that a type pair never had in training are ruled out.'),
    priors: z.enum(['training', 'given']).describe('Whether probabilities were shifted to other class priors.'),
    max_entities: z.int().min(2),
    text: z
      .strictObject({
        documents: z.int().min(1).describe('Annotated documents that it was fitted on.'),
        threshold: probability,
        precision: probability.nullable(),
        recall: probability,
        ece: probability,
      })
      .nullable()
      .describe(
        'How texts are decided, by a setting of their own: the threshold of a relation, and what answers are like there, cross-validated. Null where each pair of a text is decided as a marked pair.',
      ),
  })
  .describe('The model that answers.');

const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'starting', 'draining']),
    version: z.string(),
    model: z.string().nullable().describe('The model that answers; null before it is loaded.'),
  })
  .describe('How the server is.');

const problemSchema = z
  .strictObject({
    type: z.string().describe('A URI that identifies the kind of problem.'),
    title: z.string().describe('The kind of problem in a few words.'),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What was wrong with this request, where, and what was expected.'),
    hint: z.string().optional().describe('How to correct it.'),
    errors: z
      .array(
        z.strictObject({
          field: z.string().describe('JSON pointer into the request, e.g. /subject/word.'),
          message: z.string(),
        }),
      )
      .optional()
      .describe('Each wrong field.'),
    request_id: z.string().optional(),
  })
  .describe('Problem details (RFC 9457).');

const predictManySchema = z
  .strictObject({ requests: z.array(predictRequestSchema).min(1).max(MAX_REQUESTS).describe('Answered together.') })
  .describe('Several requests in one.');

const relationsSchema = z
  .strictObject({ results: z.array(relationSchema).describe('One answer for each request, in their order.') })
  .describe('The relations found.');

const lineProblemSchema = z
  .strictObject({ ...problemSchema.shape, line: z.int().min(1).describe('The line of the input, counted from 1.') })
  .describe('What was wrong with a line; the lines after it are answered all the same.');

/** By the names that the OpenAPI document gives them. */
export const API_SCHEMAS = {
  EntityInput: entityInputSchema,
  PredictRequest: predictRequestSchema,
  ExtractRequest: extractRequestSchema,
  Entity: entitySchema,
  RankedRelation: rankedRelationSchema,
  Relation: relationSchema,
  PairRelation: pairRelationSchema,
  ExtractResponse: extractResponseSchema,
  Label: labelSchema,
  LabelsResponse: labelsResponseSchema,
  ModelResponse: modelResponseSchema,
  Health: healthSchema,
  Problem: problemSchema,
} as const;

/** Everything that the REST API speaks of, by the names in its OpenAPI document. */
export const REST_SCHEMAS = {
  ...API_SCHEMAS,
  PredictManyRequest: predictManySchema,
  PredictManyResponse: relationsSchema,
  LineProblem: lineProblemSchema,
  ...DOCUMENT_SCHEMAS,
} as const;

export type PredictRequest = z.output<typeof predictRequestSchema>;
export type ExtractRequest = z.output<typeof extractRequestSchema>;
export type RankedRelation = z.output<typeof rankedRelationSchema>;
export type Relation = z.output<typeof relationSchema>;
export type PairRelation = z.output<typeof pairRelationSchema>;
export type ExtractResponse = z.output<typeof extractResponseSchema>;
export type LabelsResponse = z.output<typeof labelsResponseSchema>;
export type ModelResponse = z.output<typeof modelResponseSchema>;
export type Health = z.output<typeof healthSchema>;
export type Problem = z.output<typeof problemSchema>;
export type RestSchemaName = keyof typeof REST_SCHEMAS;
export type PredictManyRequest = z.output<typeof predictManySchema>;
export type LineProblem = z.output<typeof lineProblemSchema>;
