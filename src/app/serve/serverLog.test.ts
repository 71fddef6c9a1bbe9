import pino from 'pino';
import { expect, test } from 'vitest';
import { readableLine } from './serverLog.ts';

test('a line of the log for people', () => {
  const lines: string[] = [];
  const log = pino({ name: 'korex' }, { write: (line: string) => void lines.push(readableLine(line)) });
  log.info({ route: '/v1/relation', status: 200, ms: 12.5 }, 'request');
  log.error({ err: new Error('no memory') }, 'a request failed');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d request · route \/v1\/relation · status 200 · ms 12.5$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error: a request failed\nError: no memory\n {4}at /);
});
