import { expect, test } from 'vitest';
import { parseServeOptions } from './serveOptions.ts';

test('defaults listen on this machine alone', () => {
  expect(parseServeOptions({})).toMatchObject({ port: 8080, host: '127.0.0.1', apiKeyFile: null, cors: [] });
  expect(parseServeOptions({ port: '0', cors: 'https://a.example,http://b.example:81' })).toMatchObject({
    port: 0,
    cors: ['https://a.example', 'http://b.example:81'],
  });
});

test.each([
  [{ port: '70000' }, '--port is "70000"'],
  [{ maxBatch: 'many' }, '--max-batch is "many"'],
  [{ cors: 'https://a.example/path' }, '--cors is "https://a.example/path": expected origins'],
  [{ threshold: '2' }, '--threshold is "2"'],
  [{ logLevel: 'loud' }, '--log-level is "loud"'],
])('%o is refused by its name', (given, message) => {
  expect(() => parseServeOptions(given)).toThrow(message);
});
