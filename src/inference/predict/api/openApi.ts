import { z } from 'zod';
import { VERSION } from '../../../base/core/version.ts';
import { REST_SCHEMAS, type RestSchemaName } from '../schema.ts';
import { type Body, OPERATIONS, type Operation, PROBLEM_TYPE } from './operations.ts';

/**
 * The REST API as an OpenAPI 3.1 document, made from the schemas that check requests.
 *
 * @param server where it is served; the document's own place without it
 */
export const openApiDocument = (server = '/') => ({
  openapi: '3.1.0',
  info: {
    title: 'korex',
    version: VERSION,
    summary: 'Korean relation extraction',
    description: 'A sentence with a marked subject and object in, their relation with a calibrated confidence out.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: server, description: 'this server' }],
  tags: [
    { name: 'relations', description: 'Sentences in, relations out.' },
    { name: 'model', description: 'The model that answers.' },
    { name: 'running', description: 'The server itself.' },
  ],
  paths: Object.fromEntries(OPERATIONS.map((operation: Operation) => [operation.path, pathItem(operation)])),
  components: { schemas: componentSchemas(), securitySchemes: SECURITY_SCHEMES },
});

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'Only where the server was started with an API key.' },
  header: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key, in a header of its own.' },
} as const;

/** A key, by either header; or none, where the server has none. */
const SECURITY = [{ bearer: [] }, { header: [] }, {}];

const pathItem = ({ method, id, tag, summary, description, request, response, problems, guarded }: Operation) => ({
  [method]: {
    operationId: id,
    tags: [tag],
    summary: summary.en,
    'x-summary-ko': summary.ko,
    ...(description !== undefined && { description }),
    ...(guarded && { security: SECURITY }),
    ...(request && { requestBody: { required: true, content: content(request) } }),
    responses: {
      200: { description: response.text, content: content(response) },
      ...Object.fromEntries(Object.entries(problems).map(([status, text]) => [status, problem(text, status)])),
      default: problem('Any other problem.'),
    },
  },
});

const problem = (description: string, status?: string) => ({
  description,
  ...(status === '429' && {
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
  }),
  content: content({ type: PROBLEM_TYPE, schemas: ['Problem'] }),
});

const reference = (name: string) => `#/components/schemas/${name}`;

function content({ type, schemas, examples }: Body) {
  const references = schemas.map((name) => ({ $ref: reference(name) }));
  const isLines = type.endsWith('ndjson');
  const schema =
    references.length === 0 || isLines
      ? {
          type: 'string',
          ...(isLines && { description: `Lines of ${schemas.join(' or ')}.`, 'x-line': alternatives(references) }),
        }
      : alternatives(references);
  return {
    [type]: {
      schema,
      ...(examples && {
        examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
      }),
    },
  };
}

const alternatives = (references: readonly { readonly $ref: string }[]) =>
  references.length === 1 ? references[0]! : { anyOf: references };

/** JSON Schemas that refer to each other by name; OpenAPI gives them their place, so they carry no `$id` of their own. */
function componentSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(REST_SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id, $schema, id, ...schema }]) => [name as RestSchemaName, schema]),
  );
}
