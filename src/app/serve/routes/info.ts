import type { Hono } from 'hono';
import { VERSION } from '../../../base/core/version.ts';
import { openApiDocument } from '../../../inference/predict/api/openApi.ts';
import type { Health } from '../../../inference/predict/schema.ts';
import type { ServeContext, Variables } from '../context.ts';
import { endingProblem } from '../problem.ts';

/** Facts of the model and the server. */
export function infoRoutes(app: Hono<{ Variables: Variables }>, { extractor, metrics, state }: ServeContext): void {
  const document = JSON.stringify(openApiDocument());
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
  app.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  );
  app.get('/openapi.json', (c) =>
    c.body(document, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }),
  );
  app.get('/docs', (c) => c.html(DOCS_PAGE));
  app.get('/docs/start.js', (c) => c.body(DOCS_INIT, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
}

/** The interactive documentation: Swagger UI, whose files the build puts beside the page, on this server's own document. */
const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>korex API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <script src="docs/swagger-ui-bundle.js" defer></script>
    <script src="docs/start.js" defer></script>
  </head>
  <body>
    <main id="docs"><noscript>This page needs JavaScript; the document itself is <a href="openapi.json">openapi.json</a>.</noscript></main>
  </body>
</html>
`;

/** No validator: it would send the document's address to another site. */
const DOCS_INIT = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
`;
