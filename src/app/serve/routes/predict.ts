import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { sumCounts } from '../../../base/text/unknownTokens.ts';
import { MAX_BODY_BYTES } from '../../../inference/predict/api/limits.ts';
import type { Prepared } from '../../../inference/predict/extractor.ts';
import { resolveRequest } from '../../../inference/predict/request.ts';
import type { PredictRequest } from '../../../inference/predict/schema.ts';
import { REST_SCHEMAS } from '../../../inference/predict/schema.ts';
import { inSlices } from '../../../inference/predict/windows.ts';
import { readJsonBody, requireType } from '../body.ts';
import type { ServeContext, Variables } from '../context.ts';
import { WrongFields } from '../problem.ts';

type Env = { Variables: Variables };

/** `POST /v1/predict`. */
export function predictRoute(app: Hono<Env>, serve: ServeContext): void {
  const { queue } = serve;
  const body = { maxBytes: MAX_BODY_BYTES, timeoutMs: serve.limits.bodyMs };
  const read = async (c: Context<Env>) => {
    requireType(c.req.raw.headers, ['application/json']);
    return readJsonBody(c.req.raw, body);
  };
  const answer = (c: Context<Env>, rows: readonly Prepared[]) => {
    c.set('rows', rows.length);
    c.set('tokens', sumCounts(rows.map(({ encoded }) => encoded.counts)));
    return queue.submit(rows, { signal: c.req.raw.signal });
  };

  app.post('/v1/predict', async (c) => {
    const value = await read(c);
    if (isMany(value)) {
      const { requests } = checked(REST_SCHEMAS.PredictManyRequest, value);
      const rows = await inSlices(
        requests,
        (request, i) => encoded(request, serve, `/requests/${i}`),
        c.req.raw.signal,
      );
      return c.json({ results: await answer(c, rows) });
    }
    const [relation] = await answer(c, [encoded(checked(REST_SCHEMAS.PredictRequest, value), serve)]);
    return c.json(relation!);
  });
}

const isMany = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'requests');

/** A request that fits its schema, as the queue takes it. Errors: `usage` with the field. */
export const encoded = (request: PredictRequest, serve: Pick<ServeContext, 'extractor' | 'threshold'>, at = '') =>
  serve.extractor.encode(resolveRequest(withThreshold(request, serve), at), at);

/** A request's own threshold, else the server's. */
export function withThreshold<Request extends Pick<PredictRequest, 'threshold'>>(
  request: Request,
  { threshold }: Pick<ServeContext, 'threshold'>,
): Request {
  return threshold === null || request.threshold !== undefined ? request : { ...request, threshold };
}

/** Errors: `invalid-field` with every wrong field. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WrongFields(parsed.error);
}
