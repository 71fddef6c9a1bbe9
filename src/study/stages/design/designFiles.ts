import { z } from 'zod';
import { localizedSchema } from '../../../base/core/validate.ts';
import { stageFile } from '../stageFile.ts';

export const DESIGN_FOLDER = '03_klue_re_app_design';
export const FLOW_FIGURE = 'flow';

const entity = z.object({ word: z.string(), type: z.string().nullable(), start: z.number(), end: z.number() });
const ranked = z.object({ relation: z.string(), probability: z.number() });

/** `trace.json`: one sentence through the five steps, with the real value after each. */
const traceSchema = z.object({
  note: localizedSchema,
  model: z.object({
    encoder: z.string(),
    layers: z.number(),
    marker: z.string(),
    head: z.string(),
    max_length: z.number(),
    head_trained: z.literal(false),
    seed: z.number(),
  }),
  input: z.object({ guid: z.string(), sentence: z.string(), subject: entity, object: entity }),
  preprocess: z.object({
    /** Before the marked text, as the first of a pair; null where the model is asked none. */
    question: z.string().nullable().default(null),
    marked_text: z.string(),
    tokens: z.array(z.string()),
    ids: z.array(z.number()),
    /** Indices into `tokens` at which the opening markers begin. */
    subject_start: z.number(),
    object_start: z.number(),
    fit: z.string(),
  }),
  /** In id order. */
  inference: z.object({ logits: z.array(z.object({ relation: z.string(), logit: z.number() })) }),
  postprocess: z.object({ probabilities: z.array(ranked), label_id: z.number() }),
  output: z.object({
    relation: z.string(),
    description: localizedSchema,
    confidence: z.number(),
    top: z.array(ranked),
    /** The row's own label, which the model does not see. */
    gold: z.string().nullable(),
  }),
});

export type Trace = z.output<typeof traceSchema>;
export const traceFile = stageFile('design', DESIGN_FOLDER, 'trace.json', traceSchema);

const operation = z.object({ summary: z.string(), 'x-summary-ko': z.string() }).optional();
/** What the report reads of `openapi.json`. */
const apiSchema = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.object({ get: operation, post: operation })),
});
export type Api = z.output<typeof apiSchema>;
export const apiFile = stageFile('design', DESIGN_FOLDER, 'openapi.json', apiSchema);
