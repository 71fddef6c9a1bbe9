import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../src/app/serve/server.ts';
import { REST_SCHEMAS } from '../src/inference/predict/schema.ts';
import { startTinyServer, tinyRequest } from './support/tinyServer.ts';

// Clients that behave badly, on real sockets of this machine: after each of them the server answers others as before.

let server: RunningServer;
const limits = { headersMs: 300, bodyMs: 300, idleMs: 300, keepAliveMs: 1_000, batchBufferBytes: 2 ** 16 };
beforeAll(async () => {
  server = await startTinyServer({ limits });
}, 60_000);
afterAll(() => server.close());

const target = (): { host: string; port: number } => ({ host: '127.0.0.1', port: Number(new URL(server.url).port) });

async function send(body: Uint8Array | string, options: RequestOptions = {}) {
  const headers = { 'Content-Type': 'application/json', ...options.headers };
  const outgoing = request({ ...target(), method: 'POST', path: '/v1/predict', ...options, headers });
  // Written and ended apart, a body without a length is sent in chunks.
  outgoing.write(body);
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

/** What a socket gets until the other side ends it. */
async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

async function stillAnswers(): Promise<void> {
  const { status, text } = await send(JSON.stringify(tinyRequest()));
  expect(status).toBe(200);
  REST_SCHEMAS.Relation.parse(JSON.parse(text));
  const deadline = performance.now() + 5_000;
  while (server.state.running > 0 && performance.now() < deadline) await new Promise((done) => setTimeout(done, 10));
  expect(server.state.running).toBe(0);
}

test('a thousand clients at once', async () => {
  const usual = await startTinyServer();
  const options = { agent: new Agent({ maxSockets: 1_000 }), port: Number(new URL(usual.url).port) };
  try {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => send(JSON.stringify(tinyRequest(i % 20)), options)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(1_000).fill(200));
  } finally {
    options.agent.destroy();
    await usual.close();
  }
});

test('clients that go away while they wait, send or read', async () => {
  const body = JSON.stringify({ requests: Array(200).fill(tinyRequest(20)) });
  const head = `POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  for (let i = 0; i < 30; i++) {
    const socket = connect(target());
    const whole = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    socket.write(i % 3 === 0 ? whole.slice(0, 500) : whole);
    await new Promise((done) => setTimeout(done, i % 5));
    socket.destroy();
  }
  await stillAnswers();
});

test('batches whose clients go away, before and while answers come', async () => {
  const line = `${JSON.stringify(tinyRequest(9))}\n`;
  for (let i = 0; i < 10; i++) {
    const outgoing = request({
      ...{ ...target(), method: 'POST', path: '/v1/batch' },
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    outgoing.on('error', () => {});
    outgoing.write(line.repeat(500));
    if (i % 2 === 0) {
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      await once(response, 'data');
    }
    outgoing.destroy();
  }
  await stillAnswers();
});

test('bodies that are too large, whether said before or not', async () => {
  const large = 'x'.repeat(2 ** 20 + 1);
  expect((await send(large)).status).toBe(413);
  expect((await send(large, { headers: { 'Content-Length': large.length } })).status).toBe(413);
  await stillAnswers();
});

test.each<[string, Uint8Array | string, number]>([
  ['invalid UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), 400],
  ['half a JSON', '{"sentence": "가온', 400],
  ['JSON of a million brackets', '['.repeat(2 ** 20), 400],
  ['deep JSON in a field', `{"sentence": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 422],
  [
    'a lone surrogate',
    '{"sentence": "\\ud800 가온 나루", "subject": {"word": "가온"}, "object": {"word": "나루"}}',
    422,
  ],
  ['NUL', '{"sentence": "가온\\u0000나루", "subject": {"word": "가온"}, "object": {"word": "나루"}}', 200],
])('%s', async (_, body, status) => {
  expect((await send(body)).status).toBe(status);
  await stillAnswers();
});

test('zero-width, combining, astral and decomposed characters are answered at their places', async () => {
  const sentences = [
    '가\u200b온은 나루이다',
    'e\u0301가온 나루',
    '👩‍👩‍👧 가온과 나루',
    '𠮷가온𠮷나루𠮷',
    '\ufeff가온 나루',
  ];
  for (const sentence of sentences) {
    const word = sentence.includes('가온') ? '가온' : '가\u200b온';
    const { status, text } = await send(JSON.stringify({ sentence, subject: { word }, object: { word: '나루' } }));
    expect(status, sentence).toBe(200);
    const { start, end } = JSON.parse(text).subject;
    expect(
      Array.from(sentence)
        .slice(start, end + 1)
        .join(''),
    ).toBe(word);
  }
  const decomposed = { sentence: '가온과 나루'.normalize('NFD'), subject: { word: '가온' }, object: { word: '나루' } };
  expect((await send(JSON.stringify(decomposed))).status).toBe(200);
});

test('headers that come a letter at a time are not waited for', async () => {
  const socket = connect(target());
  const ended = heard(socket);
  const drip = setInterval(() => socket.write('a'), 50);
  socket.write('GET /healthz HTTP/1.1\r\nX-Slow: ');
  const answer = await ended;
  clearInterval(drip);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  await stillAnswers();
}, 60_000);

test('a body that does not come is not waited for, and a batch that falls silent neither', async () => {
  const start = (path: string, type: string) => {
    const socket = connect(target());
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
    socket.write(`${head}Content-Length: 100000\r\n\r\n{"sent`);
    return heard(socket);
  };
  expect(await start('/v1/predict', 'application/json')).toMatch(/^HTTP\/1\.1 408 /);
  expect(await start('/v1/batch', 'application/x-ndjson')).toContain('"status":408');
  await stillAnswers();
});

test('requests that are none get a problem or nothing, and never a trace of the inside', async () => {
  const lines = [
    'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GARBAGE\r\n\r\n',
    'GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n',
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    'TRACE /v1/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
  ];
  for (const line of lines) {
    const socket = connect(target());
    socket.write(line);
    setTimeout(() => socket.end(), 200);
    const answer = await heard(socket);
    expect(answer, line.slice(0, 40)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
    expect(answer).not.toMatch(/node_modules|\.ts:|\.js:/);
  }
  await stillAnswers();
});

test('a batch whose answers nobody reads stops being read', async () => {
  const socket = connect(target());
  socket.on('error', () => {});
  socket.pause();
  socket.write('POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n');
  socket.write('Transfer-Encoding: chunked\r\n\r\n');
  const lines = `${JSON.stringify(tinyRequest())}\n`.repeat(2_000);
  const chunk = `${Buffer.byteLength(lines).toString(16)}\r\n${lines}\r\n`;
  let sent = 0;
  // More than what all buffers on the way hold together.
  for (; sent < 60 && socket.writableLength < 4 * chunk.length; sent++) {
    socket.write(chunk);
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(sent).toBeLessThan(60);
  socket.destroy();
  await stillAnswers();
});

test('a batch is answered while it is still being sent', async () => {
  const outgoing = request({
    ...{ ...target(), method: 'POST', path: '/v1/batch' },
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  outgoing.write(`${JSON.stringify(tinyRequest(1))}\n`);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const [first] = (await once(response, 'data')) as [Buffer];
  expect(REST_SCHEMAS.Relation.parse(JSON.parse(first.toString())).model).toBe('tiny');
  outgoing.end(JSON.stringify(tinyRequest(2)));
  const [second] = (await once(response, 'data')) as [Buffer];
  expect(REST_SCHEMAS.Relation.parse(JSON.parse(second.toString())).object.start).toBe(10);
});

test('a small queue refuses what it has no place for, and answers the rest', async () => {
  const small = await startTinyServer({ maxQueue: 20, maxBatch: 4 });
  try {
    const port = Number(new URL(small.url).port);
    const body = JSON.stringify({ requests: Array(50).fill(tinyRequest(20)) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(body, { port })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBe(20 - refused.length);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  } finally {
    await small.close();
  }
});

test('what runs when the server closes is answered, new work is sent elsewhere', async () => {
  const ending = await startTinyServer();
  const port = Number(new URL(ending.url).port);
  const batch = request({
    ...{ ...target(), port, method: 'POST', path: '/v1/batch' },
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  batch.write(`${JSON.stringify(tinyRequest())}\n`);
  const [response] = (await once(batch, 'response')) as [IncomingMessage];
  await once(response, 'data');
  const closed = ending.close();
  expect((await send('', { port, method: 'GET', path: '/readyz' })).status).toBe(503);
  const refused = await send(JSON.stringify(tinyRequest()), { port });
  expect([refused.status, refused.headers.connection]).toEqual([503, 'close']);
  batch.end(JSON.stringify(tinyRequest(3)));
  const [last] = (await once(response, 'data')) as [Buffer];
  REST_SCHEMAS.Relation.parse(JSON.parse(last.toString()));
  await closed;
  await expect(send('{}', { port })).rejects.toThrow();
});

test('a taken port is a clear error', async () => {
  await expect(startTinyServer({ port: target().port })).rejects.toMatchObject({
    kind: 'usage',
    message: `Port ${target().port} of 127.0.0.1 is taken by another process.`,
  });
});
