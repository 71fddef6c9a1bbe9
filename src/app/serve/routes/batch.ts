import type { Hono } from 'hono';
import { NDJSON_TYPE } from '../../../inference/predict/api/operations.ts';
import { REST_SCHEMAS } from '../../../inference/predict/schema.ts';
import { requireType } from '../body.ts';
import type { ServeContext, Variables } from '../context.ts';
import { answeredLines, LINE_TYPES } from '../lineStream.ts';
import { RequestProblem } from '../problem.ts';
import { checked, encoded } from './predict.ts';

/** Lines in work, in batches of the model: while one is answered the next is read. */
const BATCHES = 2;

/** `POST /v1/batch`: a line in, a line out, in order, with a window of lines in memory. */
export function batchRoute(app: Hono<{ Variables: Variables }>, serve: ServeContext): void {
  let open = 0;
  app.post('/v1/batch', (c) => {
    requireType(c.req.raw.headers, LINE_TYPES);
    if (open >= serve.limits.batches)
      throw new RequestProblem('busy', `${open} batches are running already.`, {
        hint: 'Try again when one of them has ended.',
        headers: { 'Retry-After': '5' },
      });
    open++;
    serve.state.running++;
    let rows = 0;
    const body = answeredLines(serve, c.req.raw, c.get('requestId'), {
      window: serve.maxBatch * BATCHES,
      async answer(value, _, signal) {
        const row = encoded(checked(REST_SCHEMAS.PredictRequest, value), serve);
        rows++;
        serve.metrics.rows('/v1/batch', 1);
        serve.metrics.tokens(row.encoded.counts);
        const [relation] = await serve.queue.submit([row], { signal, patient: true });
        return relation;
      },
      onEnd() {
        open--;
        serve.state.running--;
        serve.log.info({ request_id: c.get('requestId'), rows }, 'batch ended');
      },
    });
    return c.body(body, 200, { 'Content-Type': NDJSON_TYPE, 'X-Accel-Buffering': 'no' });
  });
}
