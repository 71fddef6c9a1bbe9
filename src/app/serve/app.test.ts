import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import * as prometheus from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namesRecognizer } from '../../../test/support/namesRecognizer.ts';
import { openTinyExtractor, silentLog, tinyRequest } from '../../../test/support/tinyServer.ts';
import { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import { OPERATIONS } from '../../inference/predict/api/operations.ts';
import type { Prepared, RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import type { Relation } from '../../inference/predict/schema.ts';
import { REST_SCHEMAS } from '../../inference/predict/schema.ts';
import { type AppOptions, createApp } from './app.ts';
import { SERVER_LIMITS } from './context.ts';
import { createMetrics } from './metrics.ts';
import { createQueue, QueueFull, systemClock } from './queue.ts';
import { queuedDocuments } from './queuedDocuments.ts';
import { openStaticFiles } from './staticFiles.ts';

let extractor: RelationExtractor;
beforeAll(async () => {
  extractor = await openTinyExtractor();
}, 60_000);
afterAll(() => extractor.release());

function appOf(changes: Partial<AppOptions> = {}) {
  const queue = createQueue({
    answer: (rows: readonly Prepared[]) => extractor.answer(rows),
    ...{ maxBatch: 16, parallel: 2, maxWaitMs: 1, maxQueue: 1_000, clock: systemClock },
  });
  return createApp({
    documents: queuedDocuments(new DocumentExtractor(extractor, namesRecognizer)),
    ...{ extractor, queue, limits: SERVER_LIMITS, maxBatch: 16, threshold: null, log: silentLog },
    metrics: createMetrics(prometheus, extractor.info, () => queue.waiting, false),
    state: { draining: false, running: 0 },
    ...{ apiKey: null, origins: [], loopbackOnly: true, page: null },
    ...changes,
  });
}

type App = ReturnType<typeof appOf>;
const post = (
  app: App,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
  headers = {},
) => app.request(path, { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });
const postJson = (app: App, path: string, value: unknown) => post(app, path, JSON.stringify(value));

/** The problem of an answer, checked against its schema. */
async function problemOf(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = REST_SCHEMAS.Problem.parse(await response.json());
  expect(problem.status).toBe(status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  return problem;
}

test('one request, many requests and a graph are answered as the library answers them', async () => {
  const app = appOf();
  const requests = [1, 9, 3].map(tinyRequest);
  const expected = await extractor.predict(requests);
  const one = await (await postJson(app, '/v1/predict', requests[0])).json();
  expect(REST_SCHEMAS.Relation.parse(one)).toMatchObject({ relation: expected[0]!.relation });
  const { results } = REST_SCHEMAS.PredictManyResponse.parse(
    await (await postJson(app, '/v1/predict', { requests })).json(),
  );
  for (const [i, answer] of results.entries()) expect(answer.confidence).toBeCloseTo(expected[i]!.confidence, 5);
  const { sentence, subject, object } = requests[0]!;
  const graph = { sentence, entities: [subject, object], include_no_relation: true };
  const answer = REST_SCHEMAS.ExtractResponse.parse(await (await postJson(app, '/v1/extract', graph)).json());
  expect(answer).toMatchObject({ pairs: 2, relations: [{}, {}], model: 'tiny' });
});

test('a text alone: its entities are found, and the graph is that of the library; also a sentence alone, and entities given', async () => {
  const app = appOf();
  const text = '가온은 나루에서 일했다. 가온 대표는 나루를 떠났다.';
  const expected = await new DocumentExtractor(extractor, namesRecognizer).extract(text);
  const answer = await postJson(app, '/v1/extract', { text });
  expect(answer.status).toBe(200);
  expect(REST_SCHEMAS.DocumentGraph.parse(await answer.json())).toEqual(expected);
  expect(expected.entities.map(({ mentions }) => mentions.length)).toEqual([2, 2]);
  expect(await (await postJson(app, '/v1/extract', { sentence: text })).json()).toEqual(expected);
  const entities = [{ word: '나루', occurrence: 1, type: 'ORG' }];
  const given = REST_SCHEMAS.DocumentGraph.parse(await (await postJson(app, '/v1/extract', { text, entities })).json());
  expect(given.mentions).toMatchObject([{ word: '나루', start: 4, score: null }]);
  const wrong = [
    [{ text: ' ' }, '/text'],
    [{ text, window: 9 }, '/window'],
    [{ text: '가'.repeat(20_001) }, '/text'],
    [{ text, entities: [{ word: '나루' }] }, '/entities/0/word'],
    [{ text, entities: [{ word: '일', type: 'LOC' }] }, '/entities/0/type'],
  ] as const;
  for (const [body, field] of wrong) {
    const { errors } = await problemOf(await postJson(app, '/v1/extract', body), 422);
    expect(errors).toMatchObject([{ field }]);
  }
});

test('a stream of texts: a line in, a line out, in order, and a wrong line harms no other', async () => {
  const lines = [
    JSON.stringify({ id: 'a', text: '가온은 나루에서 일했다.' }),
    '{"text":',
    JSON.stringify({ sentence: '다솜은 나루에 있다.' }),
  ];
  const answer = await post(appOf(), '/v1/extract', lines.join('\n'), 'application/x-ndjson');
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const [first, malformed, last] = (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(REST_SCHEMAS.DocumentGraph.parse(first).id).toBe('a');
  expect(REST_SCHEMAS.LineProblem.parse(malformed)).toMatchObject({ status: 400, line: 2 });
  expect(REST_SCHEMAS.DocumentGraph.parse(last)).toMatchObject({ id: 'line-3', mentions: [{ word: '다솜' }, {}] });
});

test('no more documents at a time than allowed', async () => {
  const app = appOf({ limits: { ...SERVER_LIMITS, documents: 0 } });
  const answer = await postJson(app, '/v1/extract', { text: '가온은 나루에서 일했다.' });
  expect(answer.headers.get('retry-after')).toBe('5');
  await problemOf(answer, 429);
});

test('a batch gives a line for each line, in order, and goes on after wrong lines', async () => {
  const app = appOf();
  const lines = [
    JSON.stringify(tinyRequest(5)),
    '{"sentence": ',
    '',
    JSON.stringify({ ...tinyRequest(), object: { word: '다른' } }),
    `{"sentence": "${'가'.repeat(100_000)}"}`,
    JSON.stringify(tinyRequest(2)),
  ];
  const response = await post(app, '/v1/batch', lines.join('\n'), 'application/x-ndjson');
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const answers = (await response.text()).trimEnd().split('\n');
  const [first, malformed, absent, long, last] = answers.map((line) => JSON.parse(line));
  expect(answers).toHaveLength(5);
  expect(REST_SCHEMAS.Relation.parse(first).subject.word).toBe('가온');
  expect(REST_SCHEMAS.LineProblem.parse(malformed)).toMatchObject({ status: 400, line: 2 });
  expect(REST_SCHEMAS.LineProblem.parse(absent)).toMatchObject({
    status: 422,
    line: 4,
    errors: [{ field: '/object/word' }],
  });
  expect(REST_SCHEMAS.LineProblem.parse(long)).toMatchObject({ status: 413, line: 5 });
  expect(REST_SCHEMAS.Relation.parse(last).object.start).toBe(10);
});

test('what the server tells of itself follows the document', async () => {
  const app = appOf();
  const of = async (path: string): Promise<unknown> => (await app.request(path)).json();
  expect(REST_SCHEMAS.LabelsResponse.parse(await of('/v1/labels')).labels).toHaveLength(4);
  expect(REST_SCHEMAS.ModelResponse.parse(await of('/v1/model'))).toEqual(extractor.info);
  expect(REST_SCHEMAS.Health.parse(await of('/healthz')).status).toBe('ok');
  expect(REST_SCHEMAS.Health.parse(await of('/readyz')).model).toBe('tiny');
  expect(await of('/openapi.json')).toMatchObject({ openapi: '3.1.0' });
  expect(await of('/openapi.json')).not.toHaveProperty('components.securitySchemes');
  const guarded = await (await appOf({ apiKey: 'key' }).request('/openapi.json')).json();
  expect(guarded).toHaveProperty('components.securitySchemes');
});

test('a client that goes away while it waits is no failure of the server', async () => {
  const client = new AbortController();
  const asked = createQueue<Prepared, Relation>({
    answer: () => {
      client.abort();
      return new Promise(() => {});
    },
    ...{ maxBatch: 16, parallel: 2, maxWaitMs: 1, maxQueue: 1_000, clock: systemClock },
  });
  const app = appOf({ queue: asked });
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, signal: client.signal };
  await app.request('/v1/predict', { ...request, body: JSON.stringify(tinyRequest()) });
  const text = await (await app.request('/metrics')).text();
  expect(text).toContain('korex_requests_total{route="/v1/predict",method="POST",status="499"} 1');
  expect(text).toContain('korex_refused_total{kind="gone"} 1');
});

test('metrics count requests, rows, batches and refusals', async () => {
  const app = appOf();
  await postJson(app, '/v1/predict', { requests: [tinyRequest(), tinyRequest()] });
  await post(app, '/v1/predict', '{');
  await app.request('/nowhere/at/all');
  await new Promise((resolve) => setImmediate(resolve));
  const text = await (await app.request('/metrics')).text();
  expect(text).toContain('korex_requests_total{route="/v1/predict",method="POST",status="200"} 1');
  expect(text).toContain('korex_requests_total{route="none",method="GET",status="404"} 1');
  expect(text).toContain('korex_rows_total{route="/v1/predict"} 2');
  expect(text).toContain('korex_refused_total{kind="invalid-json"} 1');
  expect(text).toContain('korex_model_info{model="tiny"');
  expect(text).not.toContain('nowhere');
});

test.each<[string, string | Uint8Array<ArrayBuffer>, number, string]>([
  ['no JSON', '{"sentence": ', 400, 'no valid JSON'],
  ['nothing', '', 400, 'empty'],
  ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400, 'UTF-8'],
  ['a body over the limit', JSON.stringify({ sentence: 'a'.repeat(2 ** 20) }), 413, 'larger than'],
  ['a list', '[]', 422, 'object'],
  ['null', 'null', 422, 'object'],
  ['deep JSON', '['.repeat(200_000) + ']'.repeat(200_000), 422, 'object'],
  ['too many requests', JSON.stringify({ requests: Array(257).fill(tinyRequest()) }), 422, '/requests'],
  ['no requests', '{"requests": []}', 422, '/requests'],
  ['a prototype', '{"__proto__": {"sentence": "가"}}', 422, 'sentence'],
])('%s gets a problem', async (_, body, status, words) => {
  const problem = await problemOf(await post(appOf(), '/v1/predict', body), status);
  expect(problem.detail).toContain(words);
});

test('a wrong field is named by its pointer, and all of them at once', async () => {
  const fieldsOf = async (value: unknown) => {
    const { errors = [] } = await problemOf(await postJson(appOf(), '/v1/predict', value), 422);
    return errors.map(({ field }) => field);
  };
  const request = tinyRequest();
  expect(await fieldsOf({ sentence: 3, subject: { wort: 'a' }, 'a/b': 1 })).toEqual(
    expect.arrayContaining(['/sentence', '/subject/wort', '/object', '/a~1b']),
  );
  expect(await fieldsOf({ ...request, subject: { word: '없음' } })).toEqual(['/subject/word']);
  expect(await fieldsOf({ requests: [request, { ...request, object: { word: '없음' } }] })).toEqual([
    '/requests/1/object/word',
  ]);
  expect(await fieldsOf({ ...request, sentence: '\ud800가온 나루' })).toEqual(['/sentence']);
  expect(await fieldsOf({ ...request, subject: { word: '가온', type: 'XYZ' } })).toEqual(['/subject/type']);
});

test('bodies of another kind, other methods and unknown paths are told what is expected', async () => {
  const app = appOf();
  for (const [type, headers] of [
    ['text/plain', {}],
    ['application/json; charset=euc-kr', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ] as const)
    await problemOf(await post(app, '/v1/predict', '{}', type, headers), 415);
  await problemOf(await post(app, '/v1/batch', '{}'), 415);
  for (const { path, method } of OPERATIONS)
    for (const other of ['PUT', 'DELETE', 'PATCH', method === 'get' ? 'POST' : 'GET']) {
      const response = await app.request(path, { method: other });
      expect(response.headers.get('allow')).toBe(method === 'get' ? 'GET, HEAD' : 'POST');
      await problemOf(response, 405);
    }
  await problemOf(await app.request('/v1/nothing'), 404);
  expect((await app.request('/healthz', { method: 'HEAD' })).status).toBe(200);
});

test('a chunked body is counted while it arrives, and one that does not arrive is given up', async () => {
  const app = appOf({ limits: { ...SERVER_LIMITS, bodyMs: 50 } });
  const stream = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
    app.request('/v1/predict', {
      ...{ method: 'POST', duplex: 'half', headers: { 'Content-Type': 'application/json' } },
      body: new ReadableStream({ pull }),
    } as RequestInit);
  await problemOf(await stream((controller) => controller.enqueue(new Uint8Array(2 ** 18))), 413);
  await problemOf(await stream(() => {}), 408);
});

test('with a key, only health and the page are open', async () => {
  const app = appOf({ apiKey: 'secret' });
  const response = await app.request('/v1/labels');
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
  await problemOf(response, 401);
  for (const headers of [
    { Authorization: 'Bearer wrong' },
    { 'X-API-Key': 'secre' },
    { Authorization: 'Basic secret' },
  ])
    for (const path of ['/v1/model', '/metrics', '/app/api/runs'])
      await problemOf(await app.request(path, { headers }), 401);
  await problemOf(await postJson(app, '/v1/predict', tinyRequest()), 401);
  for (const path of ['/healthz', '/readyz', '/openapi.json']) expect((await app.request(path)).status).toBe(200);
  for (const headers of [{ Authorization: 'Bearer secret' }, { 'X-API-Key': 'secret' }])
    expect((await app.request('/v1/model', { headers })).status).toBe(200);
});

test('pages of other sites: no sharing unless allowed, and no rebinding of names', async () => {
  const headers = { Origin: 'https://example.org' };
  expect((await appOf().request('/v1/labels', { headers })).headers.has('access-control-allow-origin')).toBe(false);
  const app = appOf({ origins: ['https://example.org'], apiKey: 'secret' });
  const allowed = (await app.request('/healthz', { headers })).headers;
  expect(allowed.get('access-control-allow-origin')).toBe('https://example.org');
  const preflight = await app.request('/v1/predict', {
    method: 'OPTIONS',
    headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,POST']);
  const other = await app.request('/healthz', { headers: { Origin: 'https://example.com' } });
  expect(other.headers.has('access-control-allow-origin')).toBe(false);
  await problemOf(await appOf().request('/healthz', { headers: { Host: 'evil.example' } }), 421);
  for (const Host of ['localhost:8080', '127.0.0.1', '[::1]:9000'])
    expect((await appOf().request('/healthz', { headers: { Host } })).status).toBe(200);
  const open = appOf({ loopbackOnly: false });
  expect((await open.request('/healthz', { headers: { Host: 'korex.example' } })).status).toBe(200);
});

test('every answer has an id and says what browsers may do with it', async () => {
  const app = appOf();
  const { headers } = await app.request('/nothing', { headers: { 'X-Request-Id': 'abc-1' } });
  expect(headers.get('x-request-id')).toBe('abc-1');
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const strange = await app.request('/healthz', { headers: { 'X-Request-Id': 'a b"}' } });
  expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('logs are lines of JSON without any sentence, and failures inside stay inside', async () => {
  const written: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) });
  const app = appOf({ log });
  await postJson(app, '/v1/predict', tinyRequest());
  await postJson(app, '/v1/predict', { ...tinyRequest(), subject: { word: '비밀' } });
  await post(app, '/v1/predict', '{"sentence": 비밀');
  const failing = appOf({
    log,
    queue: { waiting: 0, submit: () => Promise.reject(new Error('inner detail')), close: async () => {} },
  });
  const problem = await problemOf(await postJson(failing, '/v1/predict', tinyRequest()), 500);
  expect(JSON.stringify(problem)).not.toMatch(/inner|\.ts:| {4}at /);
  const lines = written.map((line) => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'request').map(({ status }) => status)).toEqual([200, 422, 400, 500]);
  expect(lines.find(({ err }) => err)?.err.message).toBe('inner detail');
  expect(written.join('')).not.toMatch(/가온|비밀/);
});

test('a full queue and an ending server say when to come back', async () => {
  const full = appOf({ queue: { waiting: 9, submit: () => Promise.reject(new QueueFull(7)), close: async () => {} } });
  const response = await postJson(full, '/v1/predict', tinyRequest());
  expect(response.headers.get('retry-after')).toBe('7');
  await problemOf(response, 429);
  const ending = appOf({ state: { draining: true, running: 0 } });
  await problemOf(await postJson(ending, '/v1/predict', tinyRequest()), 503);
  await problemOf(await ending.request('/readyz'), 503);
  expect(await (await ending.request('/healthz')).json()).toMatchObject({ status: 'draining' });
});

test('a sentence that the tokenizer hardly knows is refused, and what it knows of others is counted', async () => {
  const app = appOf();
  const strange = { ...tinyRequest(), sentence: '가온은 𐎀𐎁 𐎂𐎃 𐎄𐎅 𐎆𐎇 𐎈𐎉 𐎊𐎋 나루' };
  const problem = await problemOf(await postJson(app, '/v1/predict', strange), 422);
  expect(problem.errors).toEqual([
    { field: '/sentence', message: expect.stringContaining('unknown to the tokenizer') },
  ]);
  const many = await problemOf(await postJson(app, '/v1/predict', { requests: [tinyRequest(), strange] }), 422);
  expect(many.errors?.[0]?.field).toBe('/requests/1/sentence');
  expect((await postJson(app, '/v1/predict', { ...tinyRequest(), sentence: '가온은 😀 나루에서 일했다' })).status).toBe(
    200,
  );
  const metrics = await (await app.request('/metrics')).text();
  expect(metrics).toMatch(/korex_tokens_total [1-9]/);
  expect(metrics).toMatch(/korex_unknown_tokens_total [1-9]/);
});

test('a wrong field is told in the language that the client asks for', async () => {
  const request = { ...tinyRequest(), subject: { word: '없음', type: 'PER' } };
  const refused = async (body: unknown, language?: string) => {
    const headers = { 'Content-Type': 'application/json', ...(language && { 'Accept-Language': language }) };
    const response = await appOf().request('/v1/predict', { method: 'POST', headers, body: JSON.stringify(body) });
    return problemOf(response, 422);
  };
  const korean = 'ko-KR,ko;q=0.9,en;q=0.8';
  expect((await refused(request, korean)).detail).toMatch(/[가-힣]+다\.$/);
  expect((await refused(request, 'en-US,ko;q=0.5')).detail).toBe((await refused(request)).detail);
  // What the schema finds, too, its own words and those of refinements.
  const wrong = {
    sentence: ' ',
    subject: {},
    object: { ...tinyRequest().object, occurrence: 0 },
    threshold: 2,
    more: 1,
  };
  const { detail, errors } = await refused(wrong, korean);
  expect(detail).toBe('/sentence: 비어 있다 (그 밖에 4개).');
  expect(errors).toEqual([
    { field: '/sentence', message: '비어 있다' },
    { field: '/subject/word', message: '없다. word를 주거나, start, end, offsets를 준다' },
    { field: '/object/occurrence', message: '1 이상이어야 한다' },
    { field: '/threshold', message: '1 이하여야 한다' },
    { field: '/more', message: '모르는 항목이다' },
  ]);
  expect((await refused(wrong)).errors?.[0]?.message).toBe('is empty or blank');
});

test('a threshold of the server applies where the request has none', async () => {
  const app = appOf({ threshold: 1 });
  expect(await (await postJson(app, '/v1/predict', tinyRequest())).json()).toMatchObject({ decision: 'uncertain' });
  const own = { ...tinyRequest(), threshold: 0 };
  expect(await (await postJson(app, '/v1/predict', own)).json()).toMatchObject({ threshold: 0 });
});

test('the page’s files, and nothing beside them', async () => {
  const root = mkdtempSync(join(tmpdir(), 'korex-page-'));
  const folder = join(root, 'web');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), `<title>korex</title>${' '.repeat(2_000)}`);
  writeFileSync(join(folder, 'assets/main-B1a2C3d4.js'), 'export {};');
  writeFileSync(join(folder, '.hidden'), 'hidden');
  symlinkSync(join(root, 'secret.txt'), join(folder, 'link.txt'));
  try {
    const app = appOf({ page: await openStaticFiles(folder) });
    const index = await app.request('/', { headers: { 'Accept-Encoding': 'gzip' } });
    expect([index.headers.get('content-encoding'), index.headers.get('cache-control')]).toEqual(['gzip', 'no-cache']);
    const etag = index.headers.get('etag')!;
    expect((await app.request('/', { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const script = await app.request('/assets/main-B1a2C3d4.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(await (await app.request('/runs/baseline', { headers: { Accept: 'text/html' } })).text()).toContain('korex');
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/link.txt',
      '/.hidden',
      '/%',
      '/%00',
    ])
      expect((await app.request(path)).status, path).toBe(404);
    await problemOf(await app.request('/v1/x', { headers: { Accept: 'text/html' } }), 404);
  } finally {
    rmSync(root, { recursive: true });
  }
});
