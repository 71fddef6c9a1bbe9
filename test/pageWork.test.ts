import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentReporter } from '../src/base/core/reporter.ts';
import { queueAddress } from '../src/base/queue/address.ts';
import { coordinate, type Work } from '../src/base/queue/coordinate.ts';
import { type OpenQueue, openQueue } from '../src/base/queue/openQueue.ts';
import type { Runner } from '../src/base/queue/runner.ts';
import { runWorker } from '../src/base/queue/worker.ts';
import { expectUsable, lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { dataRoutes } from './support/page/dataRoutes.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';
import { lacksRedis, type RedisServer, startRedis } from './support/redisServer.ts';

/** A shard's row takes as long as the test lets it. */
function slowRunner(): Runner & { release(): void } {
  let free = () => {};
  const gate = new Promise<void>((resolve) => {
    free = resolve;
  });
  return {
    slots: 2,
    async run({ index }, { signal }) {
      if (index >= 2) await Promise.race([gate, pause(60_000, undefined, { signal, ref: false })]);
      return { status: 'done', rows: 10, rejected: index === 0 ? 1 : 0, seconds: 0.01, facts: null };
    },
    memory: () => 0,
    close: async () => {},
    release: free,
  };
}

const work: Work = {
  ...{ id: 'a1b2c3', kind: 'batch', title: 'news → answers', task: {}, total: 6, doneBefore: 0 },
  shards: (async function* () {
    for (let index = 0; index < 6; index++) yield { index, item: null };
  })(),
  settle: async () => {},
};

describe.skipIf(lacksChromium || lacksRedis())('the Work view', () => {
  let redis: RedisServer;
  let queue: OpenQueue;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  const stop = new AbortController();
  const runner = slowRunner();
  let [coordinated, worked]: Promise<unknown>[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const address = queueAddress(redis.url, { insecure: false, prefix: 'korex', password: undefined });
    const open = () => openQueue(address, silentReporter);
    queue = await open();
    const { signal } = stop;
    coordinated = coordinate(await open(), work, { priority: 50, reporter: silentReporter, signal }).catch(
      (error: unknown) => error,
    );
    worked = runWorker(await open(), { runner, reporter: silentReporter, signal });
    const routes = [dataRoutes(tmpdir(), null, { queue, origins: [] }), toyApi()];
    [browser, server] = await Promise.all([launchBrowser(), servePage(routes)]);
  }, 60_000);
  afterAll(async () => {
    stop.abort();
    await Promise.all([coordinated, worked]);
    await queue?.close();
    await browser?.close();
    await server?.close();
    await redis?.stop();
  });

  test('shows works and workers, and pauses, resumes, ranks and cancels', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/work`);
    const row = page.getByRole('row').filter({ hasText: 'news → answers' });
    await expect.poll(() => row.textContent()).toMatch(/진행 중2 \/ 6201/);
    await expect.poll(() => page.getByRole('region', { name: '워커' }).first().textContent()).toContain('2 / 2');
    await row.getByRole('button', { name: /멈추기/ }).click();
    await expect.poll(() => row.textContent()).toContain('멈춤');
    await row.getByRole('button', { name: /이어 가기/ }).click();
    await expect.poll(() => row.textContent()).toContain('진행 중');
    await row.getByRole('spinbutton').fill('7');
    await row.getByRole('spinbutton').blur();
    await expect.poll(() => queue.redis.hget(queue.keys.work(work.id), 'priority')).toBe('7');
    await expectUsable(page, 'work');
    page.once('dialog', (dialog) => dialog.accept());
    await row.getByRole('button', { name: /취소하기/ }).click();
    await expect.poll(() => row.textContent()).toContain('취소됨');
    expect(String(await coordinated)).toContain('was cancelled');
    expect(complaints).toEqual([]);
    await close();
  });

  test('without a queue it says how to have one', async () => {
    const plain = await servePage([dataRoutes(tmpdir()), toyApi()]);
    const { page, complaints, close } = await openPage(browser, `${plain.url}#/work`);
    await expect.poll(() => page.locator('main').textContent()).toContain('korex serve --queue');
    expect(complaints).toEqual([]);
    await close();
    await plain.close();
  });
});
