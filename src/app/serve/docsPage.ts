/** The interactive documentation: Swagger UI, whose files the build puts beside the page, on this server's own document. */
export const DOCS_PAGE = `<!doctype html>
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
export const DOCS_INIT = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
`;
