import { z } from 'zod';
import { API_SCHEMAS } from '../schema.ts';
import { MAX_REQUESTS } from './limits.ts';

const { PredictRequest, Relation, Problem } = API_SCHEMAS;

const predictManySchema = z
  .strictObject({ requests: z.array(PredictRequest).min(1).max(MAX_REQUESTS).describe('Answered together.') })
  .describe('Several requests in one.');

const relationsSchema = z
  .strictObject({ results: z.array(Relation).describe('One answer for each request, in their order.') })
  .describe('The relations found.');

const lineProblemSchema = z
  .strictObject({ ...Problem.shape, line: z.int().min(1).describe('The line of the input, counted from 1.') })
  .describe('What was wrong with a line; the lines after it are answered all the same.');

/** Everything that the REST API speaks of, by the names in its OpenAPI document. */
export const REST_SCHEMAS = {
  ...API_SCHEMAS,
  PredictManyRequest: predictManySchema,
  PredictManyResponse: relationsSchema,
  LineProblem: lineProblemSchema,
} as const;

export type RestSchemaName = keyof typeof REST_SCHEMAS;
export type PredictManyRequest = z.output<typeof predictManySchema>;
export type LineProblem = z.output<typeof lineProblemSchema>;
