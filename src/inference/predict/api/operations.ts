import type { Localized } from '../../../base/core/types.ts';
import type { ExtractRequest, ExtractResponse, PredictRequest, Relation, RestSchemaName } from '../schema.ts';
import { MAX_BODY_BYTES, MAX_LINE_BYTES, MAX_PAIR_CHARACTERS, MAX_PAIRS, MAX_REQUESTS } from './limits.ts';

/** Bodies by media type. */
export interface Body {
  readonly type: string;
  /** One of these. */
  readonly schemas: readonly RestSchemaName[];
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly id: string;
  readonly tag: 'relations' | 'model' | 'running';
  readonly summary: Localized;
  readonly description?: string;
  readonly request?: Body;
  readonly response: Body & { readonly text: string };
  /** Status codes of problems and when they arise. */
  readonly problems: Readonly<Record<string, string>>;
  /** Asks for the API key where the server has one. */
  readonly guarded: boolean;
}

const REQUEST: PredictRequest = {
  sentence: '한빛전자는 2011년 서지우가 세운 회사이다.',
  subject: { word: '한빛전자', type: 'ORG' },
  object: { word: '서지우', type: 'PER' },
  top_k: 2,
};
const SUBJECT = { word: '한빛전자', start: 0, end: 3, type: 'ORG' };
const OBJECT = { word: '서지우', start: 12, end: 14, type: 'PER' };
const RELATION: Relation = {
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
  subject: SUBJECT,
  object: OBJECT,
  shortened: false,
  model: 'baseline',
};
const EXTRACT: ExtractRequest = { sentence: REQUEST.sentence, entities: [REQUEST.subject, REQUEST.object], top_k: 2 };
const EXTRACTED: ExtractResponse = {
  sentence: REQUEST.sentence,
  entities: [SUBJECT, OBJECT],
  relations: [{ subject_index: 0, object_index: 1, ...RELATION }],
  pairs: 2,
  model: 'baseline',
};

const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
export const PROBLEM_TYPE = 'application/problem+json';

const MiB = (bytes: number): string => `${bytes / 2 ** 20} MiB`;

const BUSY = {
  429: 'Too many requests are waiting; `Retry-After` says when there may be room.',
  503: 'The server is ending.',
};
const GUARDED = { 401: 'The API key is missing or wrong.' };
const READ = {
  400: 'The body is no JSON, or no UTF-8.',
  408: 'The body did not arrive in time.',
  413: `The body is larger than ${MiB(MAX_BODY_BYTES)}.`,
  415: 'The body is not said to be JSON.',
};

/** What the REST API can do: the server's routes, its OpenAPI document and the report of stage 03 follow this table. */
export const OPERATIONS = [
  {
    path: '/v1/predict',
    method: 'post',
    id: 'predict',
    tag: 'relations',
    summary: {
      ko: '문장 속 두 엔티티의 관계, 하나 또는 여럿',
      en: 'The relation between two entities of a sentence, one or many',
    },
    description: `One request gives one answer. \`{"requests": […]}\` holds up to ${MAX_REQUESTS} and gives \`{"results": […]}\` in the same order; where one of them is wrong, none is answered.`,
    request: {
      type: JSON_TYPE,
      schemas: ['PredictRequest', 'PredictManyRequest'],
      examples: { one: REQUEST, many: { requests: [REQUEST] } },
    },
    response: {
      type: JSON_TYPE,
      schemas: ['Relation', 'PredictManyResponse'],
      text: 'The relation found, or one for each request.',
      examples: { one: RELATION, many: { results: [RELATION] } },
    },
    problems: {
      ...GUARDED,
      ...READ,
      422: 'A field is missing or wrong: an entity is not in the sentence, is ambiguous, or overlaps the other one.',
      ...BUSY,
    },
    guarded: true,
  },
  {
    path: '/v1/extract',
    method: 'post',
    id: 'extract',
    tag: 'relations',
    summary: {
      ko: '문장 속 여러 엔티티 사이의 관계 그래프',
      en: 'All relations between the entities of a sentence, as a graph',
    },
    description: `Every ordered pair of the entities that types allow, at most ${MAX_PAIRS} and together no more than ${MAX_PAIR_CHARACTERS} characters of sentence, answered together.`,
    request: { type: JSON_TYPE, schemas: ['ExtractRequest'], examples: { graph: EXTRACT } },
    response: {
      type: JSON_TYPE,
      schemas: ['ExtractResponse'],
      text: 'Entities as nodes, relations as edges.',
      examples: { graph: EXTRACTED },
    },
    problems: {
      ...GUARDED,
      ...READ,
      422: 'A field is missing or wrong: an entity is not in the sentence, is ambiguous, or overlaps another one.',
      ...BUSY,
    },
    guarded: true,
  },
  {
    path: '/v1/batch',
    method: 'post',
    id: 'batch',
    tag: 'relations',
    summary: {
      ko: '줄마다 요청 하나: NDJSON 스트림을 순서대로 처리',
      en: 'A request a line: a stream of NDJSON, answered in order',
    },
    description: `Each line is a request as of \`/v1/predict\` (at most ${MAX_LINE_BYTES / 2 ** 10} KiB) and gets one line: the relation, or the problem with the number of its line, after which the next lines are answered all the same. Blank lines are skipped. Any number of lines: answers come while the body is still being sent, and the server reads no faster than its answers are read.`,
    request: { type: NDJSON_TYPE, schemas: ['PredictRequest'] },
    response: {
      type: NDJSON_TYPE,
      schemas: ['Relation', 'LineProblem'],
      text: 'A line for each line.',
    },
    problems: { ...GUARDED, 415: 'The body is not said to be NDJSON.', ...BUSY },
    guarded: true,
  },
  {
    path: '/v1/labels',
    method: 'get',
    id: 'labels',
    tag: 'model',
    summary: { ko: '모델이 아는 관계의 목록', en: 'The relations that the model knows' },
    response: { type: JSON_TYPE, schemas: ['LabelsResponse'], text: 'The relations in id order.' },
    problems: GUARDED,
    guarded: true,
  },
  {
    path: '/v1/model',
    method: 'get',
    id: 'model',
    tag: 'model',
    summary: { ko: '모델의 마커, 보정, 임계값', en: 'The model: marker, calibration, thresholds' },
    response: { type: JSON_TYPE, schemas: ['ModelResponse'], text: 'The model that answers.' },
    problems: GUARDED,
    guarded: true,
  },
  {
    path: '/healthz',
    method: 'get',
    id: 'health',
    tag: 'running',
    summary: { ko: '서버가 살아 있는지 여부', en: 'Whether the server lives' },
    response: { type: JSON_TYPE, schemas: ['Health'], text: 'It lives.' },
    problems: {},
    guarded: false,
  },
  {
    path: '/readyz',
    method: 'get',
    id: 'ready',
    tag: 'running',
    summary: { ko: '요청을 받을 준비가 되었는지 여부', en: 'Whether the server takes requests' },
    response: { type: JSON_TYPE, schemas: ['Health'], text: 'It takes requests.' },
    problems: { 503: 'The server is ending.' },
    guarded: false,
  },
  {
    path: '/metrics',
    method: 'get',
    id: 'metrics',
    tag: 'running',
    summary: { ko: '프로메테우스 지표', en: 'Metrics for Prometheus' },
    response: { type: 'text/plain', schemas: [], text: 'In Prometheus’s text format.' },
    problems: GUARDED,
    guarded: true,
  },
] as const satisfies readonly Operation[];
