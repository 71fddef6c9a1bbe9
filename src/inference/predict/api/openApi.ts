import { z } from 'zod';
import type { Localized } from '../../../base/core/types.ts';
import { VERSION } from '../../../base/core/version.ts';
import { REST_SCHEMAS } from '../schema.ts';
import { CONVERT_SCHEMAS } from './convertSchema.ts';
import { LABEL_OPERATIONS } from './labelOperations.ts';
import { LABEL_SCHEMAS } from './labelSchema.ts';
import { type Body, OPERATIONS, type Operation, PROBLEM_TYPE } from './operations.ts';

/**
 * The REST API as an OpenAPI 3.1 document, made from the schemas that check requests.
 *
 * @param server where it is served; the document's own place without it
 * @param isGuarded whether the server asks for an API key; where it has none, nothing is said of keys
 * @param labels whether it serves a label project
 */
export const openApiDocument = ({ server = '/', isGuarded = true, labels = false } = {}) => ({
  openapi: '3.1.0',
  info: {
    title: 'korex',
    version: VERSION,
    ...said('summary', { ko: '한국어 관계 추출', en: 'Korean relation extraction' }),
    ...said('description', {
      ko: '글이나 문장을 넣으면 엔티티와 그 사이의 관계가 보정된 신뢰도와 함께 나온다.',
      en: 'A text or a sentence in; its entities and their relations out, with calibrated confidences.',
    }),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: server, ...said('description', { ko: '이 서버', en: 'this server' }) }],
  tags: [
    { name: 'relations', ...said('description', { ko: '문장에서 관계로.', en: 'Sentences in, relations out.' }) },
    { name: 'files', ...said('description', { ko: '주석 파일.', en: 'Files of annotations.' }) },
    ...(labels
      ? [{ name: 'labels', ...said('description', { ko: '프로젝트에 라벨 달기.', en: 'Labelling a project.' }) }]
      : []),
    { name: 'model', ...said('description', { ko: '답하는 모델.', en: 'The model that answers.' }) },
    { name: 'running', ...said('description', { ko: '서버 자신.', en: 'The server itself.' }) },
  ],
  paths: Object.fromEntries(
    [...OPERATIONS, ...(labels ? LABEL_OPERATIONS : [])].map((operation: Operation) => [
      operation.path,
      pathItem(operation, isGuarded),
    ]),
  ),
  components: {
    schemas: componentSchemas({ ...REST_SCHEMAS, ...CONVERT_SCHEMAS, ...(labels && LABEL_SCHEMAS) }),
    ...(isGuarded && { securitySchemes: SECURITY_SCHEMES }),
  },
});

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'Only where the server was started with an API key.' },
  header: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key, in a header of its own.' },
} as const;

/** A key, by either header; or none, where the server has none. */
const SECURITY = [{ bearer: [] }, { header: [] }, {}];

const pathItem = (
  { method, id, tag, summary, description, request, response, stream, problems, guarded }: Operation,
  isGuarded: boolean,
) => ({
  [method]: {
    operationId: id,
    tags: [tag],
    ...said('summary', summary),
    ...(description !== undefined && said('description', description)),
    ...(guarded && isGuarded && { security: SECURITY }),
    ...(request && { requestBody: { required: true, content: contents(request, stream?.request) } }),
    responses: {
      200: { ...said('description', response.text), content: contents(response, stream?.response) },
      ...Object.fromEntries(Object.entries(problems).map(([status, text]) => [status, problem(text, status)])),
      default: problem({ ko: '그 밖의 문제.', en: 'Any other problem.' }),
    },
  },
});

/** A text in English, as OpenAPI has one language, with its Korean twin beside it. */
const said = <Name extends 'summary' | 'description'>(name: Name, { ko, en }: Localized) =>
  ({ [name]: en, [`x-${name}-ko`]: ko }) as Record<Name | `x-${Name}-ko`, string>;

const problem = (text: Localized, status?: string) => ({
  ...said('description', text),
  ...(status === '429' && {
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
  }),
  content: content({ type: PROBLEM_TYPE, schemas: ['Problem'] }),
});

const reference = (name: string) => `#/components/schemas/${name}`;

const contents = (body: Body, stream?: Body) => ({ ...content(body), ...(stream && content(stream)) });

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
function componentSchemas(named: Readonly<Record<string, z.ZodType>>) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: reference });
  return Object.fromEntries(Object.entries(schemas).map(([name, { $id, $schema, id, ...schema }]) => [name, schema]));
}
