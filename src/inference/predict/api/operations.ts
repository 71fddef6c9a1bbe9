import type { Localized } from '../../../base/core/types.ts';
import type { DocumentGraph, DocumentRequest } from '../documentSchema.ts';
import type { ExtractRequest, ExtractResponse, PredictRequest, Relation, RestSchemaName } from '../schema.ts';
import type { ConvertRequest, ConvertResponse, ConvertSchemaName } from './convertSchema.ts';
import type { LabelSchemaName } from './labelSchema.ts';
import { MAX_BODY_BYTES, MAX_LINE_BYTES, MAX_PAIR_CHARACTERS, MAX_PAIRS, MAX_REQUESTS, MAX_TEXT } from './limits.ts';

/** Bodies by media type. */
export interface Body {
  readonly type: string;
  /** One of these. */
  readonly schemas: readonly (RestSchemaName | ConvertSchemaName | LabelSchemaName)[];
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly id: string;
  readonly tag: 'relations' | 'files' | 'labels' | 'model' | 'running';
  readonly summary: Localized;
  readonly description?: Localized;
  readonly request?: Body;
  readonly response: Body & { readonly text: Localized };
  /** The same as a stream: a line in, a line out. */
  readonly stream?: { readonly request: Body; readonly response: Body };
  /** Status codes of problems and when they arise. */
  readonly problems: Readonly<Record<string, Localized>>;
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

const TEXT: DocumentRequest = { id: 'doc-1', text: REQUEST.sentence };
const TEXT_GRAPH: DocumentGraph = {
  ...TEXT,
  id: 'doc-1',
  sentences: [{ start: 0, end: 24 }],
  mentions: [
    { id: 'm1', ...SUBJECT, score: 0.98, entity: 'e1', sentence: 0 },
    { id: 'm2', ...OBJECT, score: 0.97, entity: 'e2', sentence: 0 },
  ],
  entities: [
    { id: 'e1', name: '한빛전자', type: 'ORG', mentions: ['m1'], joins: [] },
    { id: 'e2', name: '서지우', type: 'PER', mentions: ['m2'], joins: [] },
  ],
  relations: [{ subject: 'm1', relation: 'org:founded_by', object: 'm2', confidence: 0.9, decision: 'relation' }],
  ...{ pairs: 2, model: 'korex-small', entity_model: 'korex-entities' },
};

const CONVERT: ConvertRequest = {
  files: [
    {
      name: 'admin.jsonl',
      content: `{"id": 1, "text": "${REQUEST.sentence}", "entities": [{"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 4}, {"id": 2, "label": "PER", "start_offset": 12, "end_offset": 15}], "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "org:founded_by"}]}\n`,
    },
  ],
  to: 'klue',
};
const CONVERTED: ConvertResponse = {
  ...{ from: 'doccano', to: 'klue', documents: 1, rows: 0, entities: 2, relations: 1 },
  notes: [
    {
      en: 'admin.jsonl is read as doccano; offsets: characters, end exclusive (as doccano writes them; the file has no words to check by).',
      ko: 'admin.jsonl: doccano 형식으로 읽는다. 위치: 글자, 끝 제외(doccano가 쓰는 대로. 파일에 맞춰 볼 단어가 없다).',
    },
  ],
  rejected: [],
  lost: [
    {
      what: 'pairs_without_relation',
      count: 1,
      where: ['1'],
      description: {
        en: 'pairs without a relation that are not written as rows',
        ko: '행으로 쓰지 않은, 관계 없는 쌍',
      },
    },
  ],
  files: [
    {
      name: 'annotations.json',
      content: `[\n{"guid":"1~0-1","sentence":"${REQUEST.sentence}","subject_entity":{"word":"한빛전자","start_idx":0,"end_idx":3,"type":"ORG"},"object_entity":{"word":"서지우","start_idx":12,"end_idx":14,"type":"PER"},"label":"org:founded_by","source":null}\n]\n`,
      encoding: 'text',
    },
  ],
};

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
export const PROBLEM_TYPE = 'application/problem+json';

const MiB = (bytes: number): string => `${bytes / 2 ** 20} MiB`;

export const ENDING: Localized = { ko: '서버가 끝나는 중이다.', en: 'The server is ending.' };
const BUSY = {
  429: {
    ko: '기다리는 요청이 너무 많다. 언제 다시 보낼지는 `Retry-After`에 있다.',
    en: 'Too many requests are waiting; `Retry-After` says when there may be room.',
  },
  503: ENDING,
};
export const GUARDED = { 401: { ko: 'API 키가 없거나 틀렸다.', en: 'The API key is missing or wrong.' } };
export const READ = {
  400: { ko: '본문이 JSON이나 UTF-8이 아니다.', en: 'The body is no JSON, or no UTF-8.' },
  408: { ko: '본문이 제때 오지 않았다.', en: 'The body did not arrive in time.' },
  413: {
    ko: `본문이 ${MiB(MAX_BODY_BYTES)}보다 크다.`,
    en: `The body is larger than ${MiB(MAX_BODY_BYTES)}.`,
  },
  415: { ko: '본문의 형식이 JSON으로 적혀 있지 않다.', en: 'The body is not said to be JSON.' },
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
    description: {
      ko: `요청 하나에 답 하나. \`{"requests": […]}\`에는 ${MAX_REQUESTS}개까지 담을 수 있고 같은 순서의 \`{"results": […]}\`로 답한다. 하나라도 틀리면 아무것도 답하지 않는다.`,
      en: `One request gives one answer. \`{"requests": […]}\` holds up to ${MAX_REQUESTS} and gives \`{"results": […]}\` in the same order; where one of them is wrong, none is answered.`,
    },
    request: {
      type: JSON_TYPE,
      schemas: ['PredictRequest', 'PredictManyRequest'],
      examples: { one: REQUEST, many: { requests: [REQUEST] } },
    },
    response: {
      type: JSON_TYPE,
      schemas: ['Relation', 'PredictManyResponse'],
      text: { ko: '찾은 관계, 또는 요청마다 하나씩.', en: 'The relation found, or one for each request.' },
      examples: { one: RELATION, many: { results: [RELATION] } },
    },
    problems: {
      ...GUARDED,
      ...READ,
      422: {
        ko: '항목이 없거나 틀렸다: 엔티티가 문장에 없거나, 여러 곳에 있거나, 다른 엔티티와 겹친다.',
        en: 'A field is missing or wrong: an entity is not in the sentence, is ambiguous, or overlaps the other one.',
      },
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
      ko: '글 또는 문장의 엔티티와 그 사이의 관계 그래프',
      en: 'The entities of a text, or those named of a sentence, and all relations between them, as a graph',
    },
    description: {
      ko: `${MAX_TEXT}자까지의 \`text\`(또는 \`sentence\`만): \`entities\`가 없으면 엔티티를 찾고, 같은 엔티티를 가리키는 말을 묶는다. \`entities\`가 있는 \`sentence\`: 유형이 허용하는 모든 순서쌍을 확률과 함께 답한다. 쌍은 ${MAX_PAIRS}개까지, 문장 글자는 모두 합쳐 ${MAX_PAIR_CHARACTERS}자까지. ${NDJSON_TYPE}이면 한 줄이 문서 하나이고(${MAX_LINE_BYTES / 2 ** 10} KiB까지) 순서대로 한 줄씩 그래프나 줄 번호가 있는 문제로 답한다.`,
      en: `A \`text\` (or a \`sentence\` alone) of at most ${MAX_TEXT} characters: its entities are found, unless \`entities\` names them, and mentions of one entity are joined. A \`sentence\` with \`entities\`: every ordered pair that types allow with its probabilities, at most ${MAX_PAIRS} and together no more than ${MAX_PAIR_CHARACTERS} characters of sentence. As ${NDJSON_TYPE}, a line is a document (at most ${MAX_LINE_BYTES / 2 ** 10} KiB) and gets one line, in order: its graph, or the problem with the number of its line.`,
    },
    request: {
      type: JSON_TYPE,
      schemas: ['DocumentRequest', 'ExtractRequest'],
      examples: { text: TEXT, sentence: EXTRACT },
    },
    response: {
      type: JSON_TYPE,
      schemas: ['DocumentGraph', 'ExtractResponse'],
      text: { ko: '엔티티는 꼭짓점, 관계는 간선.', en: 'Entities as nodes, relations as edges.' },
      examples: { text: TEXT_GRAPH, sentence: EXTRACTED },
    },
    stream: {
      request: { type: NDJSON_TYPE, schemas: ['DocumentRequest'] },
      response: { type: NDJSON_TYPE, schemas: ['DocumentGraph', 'LineProblem'] },
    },
    problems: {
      ...GUARDED,
      ...READ,
      415: {
        ko: '본문의 형식이 JSON이나 NDJSON으로 적혀 있지 않다.',
        en: 'The body is said to be neither JSON nor NDJSON.',
      },
      422: {
        ko: '항목이 없거나 틀렸다: 엔티티가 글에 없거나, 여러 곳에 있거나, 다른 엔티티와 겹친다.',
        en: 'A field is missing or wrong: an entity is not in the text, is ambiguous, or overlaps another one.',
      },
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
    description: {
      ko: `한 줄이 \`/v1/predict\`의 요청 하나이며(${MAX_LINE_BYTES / 2 ** 10} KiB까지), 줄마다 한 줄로 답한다: 관계이거나, 줄 번호와 함께 무엇이 틀렸는지. 틀린 줄 뒤의 줄에도 답한다. 빈 줄은 건너뛴다. 줄 수에는 제한이 없다. 본문을 보내는 동안에도 답이 오고, 서버는 답을 읽어 가는 것보다 빨리 읽지 않는다.`,
      en: `Each line is a request as of \`/v1/predict\` (at most ${MAX_LINE_BYTES / 2 ** 10} KiB) and gets one line: the relation, or the problem with the number of its line, after which the next lines are answered all the same. Blank lines are skipped. Any number of lines: answers come while the body is still being sent, and the server reads no faster than its answers are read.`,
    },
    request: { type: NDJSON_TYPE, schemas: ['PredictRequest'] },
    response: {
      type: NDJSON_TYPE,
      schemas: ['Relation', 'LineProblem'],
      text: { ko: '줄마다 한 줄.', en: 'A line for each line.' },
    },
    problems: {
      ...GUARDED,
      415: { ko: '본문의 형식이 NDJSON으로 적혀 있지 않다.', en: 'The body is not said to be NDJSON.' },
      ...BUSY,
    },
    guarded: true,
  },
  {
    path: '/v1/convert',
    method: 'post',
    id: 'convert',
    tag: 'files',
    summary: { ko: '주석 파일을 다른 형식으로', en: 'Annotations from one format to another' },
    description: {
      ko: '글자로 된 파일의 내용을 JSON에 담아 보낸다. 형식은 내용으로 알아내고, 위치는 파일 전체의 단어와 맞춰 보아 두 가지로 읽히면 거절한다. 쓸 형식에 자리가 없는 것은 `lost`에 센다. 통합 문서, Parquet, 압축 파일과 더 큰 파일은 `korex convert`나 페이지에서 바꾼다.',
      en: 'The content of files of text, within JSON. The format is found by their content; offsets are held to the words of all of them, and refused where they can be read in two ways. What the other format has no place for is counted in `lost`. Workbooks, Parquet, packed and larger files are for `korex convert` and the page.',
    },
    request: { type: JSON_TYPE, schemas: ['ConvertRequest'], examples: { doccano: CONVERT } },
    response: {
      type: JSON_TYPE,
      schemas: ['ConvertResponse'],
      text: {
        ko: '다른 형식의 파일과 옮기지 못한 것.',
        en: 'The files in the other format, and what was not carried over.',
      },
      examples: { doccano: CONVERTED },
    },
    problems: {
      ...GUARDED,
      ...READ,
      422: {
        ko: '파일을 읽을 수 없거나, 위치를 두 가지로 읽을 수 있거나, 항목이 틀렸다.',
        en: 'The files cannot be read, their offsets can be read in two ways, or a field is wrong.',
      },
      503: ENDING,
    },
    guarded: true,
  },
  {
    path: '/v1/labels',
    method: 'get',
    id: 'labels',
    tag: 'model',
    summary: { ko: '모델이 아는 관계의 목록', en: 'The relations that the model knows' },
    response: {
      type: JSON_TYPE,
      schemas: ['LabelsResponse'],
      text: { ko: '번호 순서의 관계.', en: 'The relations in id order.' },
    },
    problems: GUARDED,
    guarded: true,
  },
  {
    path: '/v1/model',
    method: 'get',
    id: 'model',
    tag: 'model',
    summary: { ko: '모델의 마커, 보정, 임계값', en: 'The model: marker, calibration, thresholds' },
    response: {
      type: JSON_TYPE,
      schemas: ['ModelResponse'],
      text: { ko: '답하는 모델.', en: 'The model that answers.' },
    },
    problems: GUARDED,
    guarded: true,
  },
  {
    path: '/healthz',
    method: 'get',
    id: 'health',
    tag: 'running',
    summary: { ko: '서버가 살아 있는지 여부', en: 'Whether the server lives' },
    response: { type: JSON_TYPE, schemas: ['Health'], text: { ko: '살아 있다.', en: 'It lives.' } },
    problems: {},
    guarded: false,
  },
  {
    path: '/readyz',
    method: 'get',
    id: 'ready',
    tag: 'running',
    summary: { ko: '요청을 받을 준비가 되었는지 여부', en: 'Whether the server takes requests' },
    response: { type: JSON_TYPE, schemas: ['Health'], text: { ko: '요청을 받는다.', en: 'It takes requests.' } },
    problems: { 503: ENDING },
    guarded: false,
  },
  {
    path: '/metrics',
    method: 'get',
    id: 'metrics',
    tag: 'running',
    summary: { ko: '프로메테우스 지표', en: 'Metrics for Prometheus' },
    response: {
      type: 'text/plain',
      schemas: [],
      text: { ko: '프로메테우스의 글 형식.', en: 'In Prometheus’s text format.' },
    },
    problems: GUARDED,
    guarded: true,
  },
] as const satisfies readonly Operation[];
