import type { Hono } from 'hono';
import { z } from 'zod';
import type { OpenQueue } from '../../../base/queue/openQueue.ts';
import { orderWork, PRIORITIES, prioritize, queueStateNow } from '../../../base/queue/works.ts';
import { readJsonBody, requireType } from '../body.ts';
import type { Env } from '../context.ts';
import { requireOwnOrigin } from '../guards.ts';
import { checked } from '../routes/predict.ts';

/** A queue that the page shows. */
export interface WorkServing {
  readonly queue: OpenQueue;
  /** Other origins whose pages may steer it. */
  readonly origins: readonly string[];
}

/** What may be done with a work. */
const orderSchema = z.union([
  z.strictObject({ order: z.enum(['pause', 'resume', 'cancel']) }),
  z.strictObject({ priority: z.int().min(PRIORITIES.first).max(PRIORITIES.last) }),
]);

const [MAX_BODY_BYTES, BODY_MS] = [1_000, 10_000];

/** The works of a queue, and what the page does with them; that is done for pages of this server alone. */
export function workRoutes(app: Hono<Env>, { queue, origins }: WorkServing): void {
  app.get('/work', async (c) => c.json(await queueStateNow(queue)));
  app.post('/work/:id', async (c) => {
    requireOwnOrigin(c.req.raw.headers, origins);
    requireType(c.req.raw.headers, ['application/json']);
    const body = await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_MS });
    const wanted = checked(orderSchema, body);
    const id = c.req.param('id');
    return c.json(
      'order' in wanted ? await orderWork(queue, id, wanted.order) : await prioritize(queue, id, wanted.priority),
    );
  });
}
