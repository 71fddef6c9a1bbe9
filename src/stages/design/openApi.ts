import { z } from 'zod';
import type { Localized } from '../../core/types.ts';
import { VERSION } from '../../core/version.ts';
import {
  API_SCHEMAS,
  type ApiSchemaName,
  type ExtractRequest,
  type PredictRequest,
  type Relation,
} from '../../predict/schema.ts';

interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly id: string;
  readonly summary: Localized;
  readonly request?: { readonly schema: ApiSchemaName; readonly example: unknown };
  readonly response: { readonly schema: ApiSchemaName; readonly text: string; readonly example?: unknown };
  /** Status codes of problems and when they arise. */
  readonly problems: Readonly<Record<string, string>>;
}

const REQUEST: PredictRequest = {
  sentence: '한빛전자는 2011년 서지우가 세운 회사이다.',
  subject: { word: '한빛전자', type: 'ORG' },
  object: { word: '서지우', type: 'PER' },
  top_k: 2,
};
const RESPONSE: Relation = {
  relation: 'org:founded_by',
  description: {
    ko: '단체를 설립한 사람이나 단체',
    en: 'Person or organisation that founded the organisation',
  },
  confidence: 0.9,
  decision: 'relation',
  threshold: 0.5,
  no_relation_probability: 0.02,
  top: [
    { relation: 'org:founded_by', probability: 0.9 },
    { relation: 'org:top_members/employees', probability: 0.06 },
  ],
  subject: { word: '한빛전자', start: 0, end: 3, type: 'ORG' },
  object: { word: '서지우', start: 12, end: 14, type: 'PER' },
  shortened: false,
  model: 'baseline',
};
const EXTRACT_REQUEST: ExtractRequest = {
  sentence: REQUEST.sentence,
  entities: [REQUEST.subject, REQUEST.object, { word: '2011년', type: 'DAT' }],
};

const REQUEST_PROBLEMS = {
  400: 'The body is no JSON, or a field is missing or wrong.',
  413: 'The body is too large.',
  422: 'An entity does not stand in the sentence, stands there more than once without `occurrence`, or entities overlap.',
  429: 'Too many requests are waiting.',
};

const OPERATIONS: readonly Operation[] = [
  {
    path: '/v1/predict',
    method: 'post',
    id: 'predict',
    summary: { ko: '문장 속 두 엔티티의 관계', en: 'The relation between two entities of a sentence' },
    request: { schema: 'PredictRequest', example: REQUEST },
    response: { schema: 'Relation', text: 'The relation found.', example: RESPONSE },
    problems: REQUEST_PROBLEMS,
  },
  {
    path: '/v1/extract',
    method: 'post',
    id: 'extract',
    summary: { ko: '문장 속 모든 엔티티 쌍의 관계', en: 'The relations between all entities of a sentence' },
    request: { schema: 'ExtractRequest', example: EXTRACT_REQUEST },
    response: { schema: 'ExtractResponse', text: 'The relations found, as a graph.' },
    problems: REQUEST_PROBLEMS,
  },
  {
    path: '/v1/labels',
    method: 'get',
    id: 'labels',
    summary: { ko: '모델이 아는 관계의 목록', en: 'The relations that the model knows' },
    response: { schema: 'LabelsResponse', text: 'The relations in id order.' },
    problems: {},
  },
  {
    path: '/v1/model',
    method: 'get',
    id: 'model',
    summary: { ko: '답하는 모델의 정보', en: 'The model that answers' },
    response: { schema: 'ModelResponse', text: 'The model.' },
    problems: {},
  },
  {
    path: '/healthz',
    method: 'get',
    id: 'health',
    summary: { ko: '서버가 준비되었는지 여부', en: 'Whether the server is ready' },
    response: { schema: 'Health', text: 'Ready.' },
    problems: { 503: 'The model is still being loaded.' },
  },
];

/** The REST API as an OpenAPI 3.1 document: the design that a server is built after, with the same schemas. */
export const openApiDocument = () => ({
  openapi: '3.1.0',
  info: {
    title: 'korex',
    version: VERSION,
    summary: 'Korean relation extraction',
    description:
      'Design of the REST API: one sentence with its entities in, their relations with calibrated confidences out.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    'x-status': 'planned',
  },
  servers: [{ url: 'http://localhost:8080', description: 'this machine' }],
  paths: Object.fromEntries(OPERATIONS.map((operation) => [operation.path, pathItem(operation)])),
  components: { schemas: componentSchemas() },
});

const pathItem = ({ method, id, summary, request, response, problems }: Operation) => ({
  [method]: {
    operationId: id,
    summary: summary.en,
    'x-summary-ko': summary.ko,
    ...(request && { requestBody: { required: true, content: content(request.schema, request.example) } }),
    responses: {
      200: { description: response.text, content: content(response.schema, response.example) },
      ...Object.fromEntries(
        Object.entries(problems).map(([status, description]) => [
          status,
          { description, content: content('Problem', undefined, 'application/problem+json') },
        ]),
      ),
      default: {
        description: 'Any other problem.',
        content: content('Problem', undefined, 'application/problem+json'),
      },
    },
  },
});

const reference = (name: string) => `#/components/schemas/${name}`;

const content = (name: ApiSchemaName, example?: unknown, type = 'application/json') => ({
  [type]: { schema: { $ref: reference(name) }, ...(example !== undefined && { example }) },
});

/** JSON Schemas that refer to each other by name; OpenAPI gives them their place, so they carry no `$id` of their own. */
function componentSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(API_SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: reference });
  return Object.fromEntries(Object.entries(schemas).map(([name, { $id, $schema, id, ...schema }]) => [name, schema]));
}
