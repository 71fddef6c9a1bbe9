import type { Hono } from 'hono';
import { VERSION } from '../../../base/core/version.ts';
import { openApiDocument } from '../../../inference/predict/api/openApi.ts';
import type { Health } from '../../../inference/predict/schema.ts';
import type { ServeContext, Variables } from '../context.ts';
import { endingProblem } from '../problem.ts';

/**
 * Facts of the model and the server.
 *
 * @param serves whether the server asks for an API key, and whether it serves a label project
 */
export function infoRoutes(
  app: Hono<{ Variables: Variables }>,
  { extractor, metrics, state }: ServeContext,
  serves: { readonly isGuarded: boolean; readonly labels: boolean },
): void {
  const document = JSON.stringify(openApiDocument(serves));
  const health = (): Health => ({
    status: state.draining ? 'draining' : 'ok',
    version: VERSION,
    model: extractor.info.id,
  });

  app.get('/v1/labels', (c) => c.json(extractor.labels));
  app.get('/v1/model', (c) => c.json(extractor.info));
  app.get('/healthz', (c) => c.json(health()));
  app.get('/readyz', (c) => {
    if (state.draining) throw endingProblem();
    return c.json(health());
  });
  app.get('/metrics', async (c) => {
    const { text, type } = await metrics.text();
    return c.body(text, 200, { 'Content-Type': type });
  });
  app.get('/openapi.json', (c) =>
    c.body(document, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }),
  );
}
