import { z } from 'zod';
import { parseOptions, type TypedOptions } from '../../base/core/typedOptions.ts';

const number = (least: number, most: number) => {
  const error = `expected a number from ${least} to ${most}`;
  return z.coerce.number({ error }).min(least, error).max(most, error);
};
const count = (least: number, most: number) => number(least, most).int('expected a whole number');
const origin = z.string().refine((text) => text === '*' || originOf(text) === text, {
  error: 'expected origins such as https://example.org, without a path, or *',
});

/** The options of `korex serve` that are no settings, as typed on the command line. */
const schema = z.object({
  port: count(0, 65_535).default(8080),
  host: z.string().min(1).default('127.0.0.1'),
  apiKeyFile: z.string().min(1).nullable().default(null),
  cors: z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), z.array(origin)).default([]),
  maxWaitMs: number(0, 1_000).default(5),
  maxBatch: count(1, 4_096).default(64),
  maxQueue: count(1, 1_000_000).default(2_048),
  threshold: number(0, 1).nullable().default(null),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

export type ServeOptions = Readonly<z.output<typeof schema>>;

/** Checks the options. Errors: `usage`, naming the option and what it takes. */
export const parseServeOptions = (given: TypedOptions): ServeOptions =>
  parseOptions(schema, Object.fromEntries(Object.keys(schema.shape).map((name) => [name, given[name]])), 'korex serve');

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null;
}
