import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTinyServer, tinyRequest } from '../../../test/support/tinyServer.ts';
import type { RunningServer } from '../serve/server.ts';
import { percentile, sendLoad, sendStream } from './serverLoad.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startTinyServer();
}, 60_000);
afterAll(() => server.close());

const bodies = Array.from({ length: 40 }, (_, i) => JSON.stringify(tinyRequest(i % 7)));

test('every request is sent once and timed', async () => {
  const { seconds, latencies } = await sendLoad(`${server.url}/v1/predict`, bodies, 8);
  expect(latencies).toHaveLength(40);
  expect(Math.max(...latencies) / 1000).toBeLessThanOrEqual(seconds);
});

test('a stream gets a line for each of its own', async () => {
  expect(await sendStream(`${server.url}/v1/batch`, bodies)).toBeGreaterThan(0);
});

test('what the server refuses is no measurement', async () => {
  await expect(sendLoad(`${server.url}/v1/predict`, ['{}'], 1)).rejects.toThrow('status 422');
  await expect(sendStream(`${server.url}/v1/nothing`, bodies)).rejects.toThrow('status 404');
});

test('percentiles by nearest rank', () => {
  const values = [4, 1, 3, 2];
  expect([0, 0.5, 0.51, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 2, 3, 4, 4]);
});
