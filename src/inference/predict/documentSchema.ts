import { z } from 'zod';
import { PAIR_ENCODINGS } from '../../base/core/settings.ts';
import { MAX_TEXT, MAX_TEXT_ENTITIES, MAX_WINDOW } from './api/limits.ts';
import {
  DECISIONS,
  entityInputSchema,
  notBlank,
  offset,
  pairKind,
  probability,
  textUpTo,
  threshold,
  wellFormed,
} from './schemaParts.ts';

// Documents: a text in, a graph of its entities and the relations between them out.

const id = wellFormed.min(1);

const ONE_OR_MANY = 'One or many sentences.';

const documentShape = {
  id: id.optional().describe('Comes back with the answer; `doc-1` without it, in a stream `line-N`.'),
  text: notBlank.meta({ minLength: 1, description: ONE_OR_MANY }),
  entities: z
    .array(entityInputSchema)
    .optional()
    .describe('Entities that are known already, in any order; without them they are found.'),
  pairs: pairKind.optional(),
  window: z
    .int()
    .min(1)
    .max(MAX_WINDOW)
    .optional()
    .describe('How many neighbouring sentences a pair may lie in; 1, the default: both entities in one sentence.'),
  join: z
    .boolean()
    .optional()
    .describe('Whether mentions of one entity are joined; on without it. Off, every mention is an entity.'),
  uncertain: z
    .boolean()
    .optional()
    .describe('Whether relations below their threshold are listed too, with the decision `uncertain`.'),
  threshold: threshold.optional(),
  pair_encoding: z
    .enum(PAIR_ENCODINGS)
    .optional()
    .describe(
      'How the pairs of a sentence are read: `inline`, each in a pass of its own; `shared`, all in one, faster and less accurate, with a model whose `pair_encodings` have it; the first of these without it.',
    ),
};

/** A document for library and command line, of any length. */
export const documentRequestSchema = z.strictObject(documentShape);

/** The same over HTTP. */
const restDocumentRequestSchema = z
  .strictObject({
    ...documentShape,
    text: textUpTo(MAX_TEXT).meta({ minLength: 1, maxLength: MAX_TEXT, description: ONE_OR_MANY }),
    entities: documentShape.entities.unwrap().max(MAX_TEXT_ENTITIES).optional(),
  })
  .describe('A text whose entities and relations are asked for.');

const spanSchema = z
  .strictObject({
    start: offset.describe('First code point.'),
    end: offset.describe('Last code point, inclusive.'),
  })
  .describe('A stretch of the text.');

const mentionSchema = z
  .strictObject({
    id: z.string(),
    word: z.string().describe('As the text has it.'),
    start: offset.describe('First code point of the whole text.'),
    end: offset.describe('Last code point, inclusive.'),
    type: z.string().nullable(),
    score: probability.nullable().describe('Probability that place and type are right; null for a given entity.'),
    entity: z.string().describe('`id` of the entity that is mentioned.'),
    sentence: z.int().min(0).describe('Index into `sentences`.'),
  })
  .describe('A place of the text that names an entity.');

/** Why two mentions are one entity. */
export const JOIN_REASONS = ['same_name', 'surname', 'short_form', 'alias'] as const;

const joinSchema = z
  .strictObject({
    mention: z.string(),
    to: z.string().describe('The earlier mention that it was joined to.'),
    reason: z
      .enum(JOIN_REASONS)
      .describe(
        '`same_name`: once particles and titles are off. `surname`, `short_form`: after the full name. `alias`: the text says so.',
      ),
    evidence: z.string().describe('The words that say so.'),
  })
  .describe('Why a mention belongs to an entity.');

const graphEntitySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    type: z.string().nullable(),
    mentions: z.array(z.string()).describe('In the order of the text.'),
    joins: z.array(joinSchema).describe('Why these are one entity; empty for a single mention.'),
  })
  .describe('An entity with its mentions.');

const graphRelationSchema = z
  .strictObject({
    subject: z.string().describe('`id` of a mention.'),
    relation: z.string(),
    object: z.string().describe('`id` of a mention.'),
    confidence: probability.describe('Calibrated probability of the decision.'),
    decision: z.enum(DECISIONS),
  })
  .describe('A relation from subject to object.');

const documentGraphSchema = z
  .strictObject({
    id: z.string(),
    text: z.string(),
    sentences: z.array(spanSchema),
    mentions: z.array(mentionSchema).describe('In the order of the text.'),
    entities: z.array(graphEntitySchema),
    relations: z.array(graphRelationSchema).describe('In the order of their subjects and objects.'),
    pairs: z.int().min(0).describe('How many pairs were evaluated.'),
    model: z.string(),
    entity_model: z.string().nullable().describe('What found the entities; null where they were given.'),
  })
  .describe('The entities of a text, and the relations between them.');

export const DOCUMENT_SCHEMAS = {
  DocumentRequest: restDocumentRequestSchema,
  TextSpan: spanSchema,
  Mention: mentionSchema,
  MentionJoin: joinSchema,
  GraphEntity: graphEntitySchema,
  GraphRelation: graphRelationSchema,
  DocumentGraph: documentGraphSchema,
} as const;

export type DocumentRequest = z.output<typeof documentRequestSchema>;
export type Mention = z.output<typeof mentionSchema>;
export type JoinReason = (typeof JOIN_REASONS)[number];
export type MentionJoin = z.output<typeof joinSchema>;
export type GraphEntity = z.output<typeof graphEntitySchema>;
export type GraphRelation = z.output<typeof graphRelationSchema>;
export type DocumentGraph = z.output<typeof documentGraphSchema>;
