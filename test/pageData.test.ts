import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRows } from '../src/base/data/loadRows.ts';
import { expectUsable, LOOKS, lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { dataRoutes } from './support/page/dataRoutes.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

const PATIENCE = { timeout: 30_000 };
const countIn = (state: string | null) => /가운데 ([\d,]+)행/.exec(state ?? '')?.[1];

describe.skipIf(lacksChromium)('the Data view', () => {
  let folder: string;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'korex-view-'));
    [browser, server] = await Promise.all([launchBrowser(), servePage([dataRoutes(folder), toyApi()])]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (hash = 'data', options = {}) => openPage(browser, `${server.url}#/${hash}`, options);
  const state = (page: Page) => page.locator('.data-state').getByRole('status').textContent();
  const shows = (page: Page, text: string) => expect.poll(() => state(page), PATIENCE).toContain(text);
  const bin = (page: Page, chart: string, index: number) =>
    page.locator('.data-chart').filter({ hasText: chart }).locator('svg g.mark-rect').last().locator('path').nth(index);

  test('filters join, stand as chips that can be taken back, and in the address', async () => {
    const { page, complaints, close } = await open();
    await shows(page, '1,762행 가운데 1,762행');
    await page.getByRole('button', { name: '평가', exact: true }).click();
    await shows(page, '가운데 456행');
    await page.getByText('관계', { exact: true }).first().click();
    await page.getByRole('checkbox', { name: /no_relation/ }).check();
    await shows(page, '가운데 272행');
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('설립');
    await page.getByLabel('문장 길이(글자): 최대').fill('60');
    await expect.poll(() => page.url(), PATIENCE).toContain('length=-60');
    const found = countIn(await state(page));
    const params = new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
    expect(Object.fromEntries(params)).toEqual({
      ...{ set: 'sample', q: '설립', label: 'no_relation', side: 'test', length: '-60' },
    });
    await page.reload();
    await shows(page, `가운데 ${found}행`);
    await page.getByRole('button', { name: '조건 지우기: 관계: 관계 없음 (no_relation)' }).click();
    expect(await page.getByRole('button', { name: /^조건 지우기/ }).count()).toBe(3);
    await page.getByRole('button', { name: '모두 지우기' }).click();
    await shows(page, '가운데 1,762행');
    await page.goto(`${server.url}#/data?set=sample&side=test`);
    await shows(page, '가운데 456행');
    await page.getByRole('navigation').getByRole('link', { name: '데이터' }).click();
    await shows(page, '가운데 1,762행');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a bar that is clicked filters, and again takes it back; the other charts follow', async () => {
    const { page, complaints, close } = await open();
    await bin(page, '문장 길이의 분포', 8).click();
    await page.getByRole('button', { name: '조건 지우기: 문장 길이(글자): 40–44' }).waitFor();
    const { rows } = await loadRows('data/sample/klue-re-sample_train.json');
    const test = await loadRows('data/sample/klue-re-sample_dev.json');
    const expected = [...rows, ...test.rows].filter(({ sentence }) => sentence.length >= 40 && sentence.length < 45);
    await shows(page, `가운데 ${expected.length}행`);
    await page.locator('.data-chart').first().getByText('표로 보기').click();
    const inTrain = page.locator('.data-chart').first().locator('tbody tr').first().locator('td').nth(1);
    await expect
      .poll(() => inTrain.textContent(), PATIENCE)
      .toBe(`${expected.filter(({ label, guid }) => label === 'no_relation' && guid.includes('train')).length}`);
    await page.waitForTimeout(600);
    await bin(page, '문장 길이의 분포', 8).click();
    await shows(page, '가운데 1,762행');
    expect(complaints).toEqual([]);
    await close();
  });

  test('charts draw the counts that they print, of all thirty relations, and pairs of types filter', async () => {
    const { page, complaints, close } = await open();
    const chart = (title: string) => page.locator('.data-chart').filter({ hasText: title });
    const labels = chart('관계의 분포');
    const bars = labels.locator('svg g.mark-rect').last().locator('path');
    await expect.poll(() => bars.count(), PATIENCE).toBe(60);
    // The bar of 375 training rows is longer than that of 272 test rows, as the figures are.
    const widths = await Promise.all([0, 1].map(async (i) => (await bars.nth(i).boundingBox())!.width));
    expect(widths[0]! / widths[1]!).toBeCloseTo(375 / 272, 1);
    // Nothing of it is behind an edge.
    const place = `document.querySelector('.data-chart .chart-place')`;
    expect(await page.evaluate(`${place}.scrollHeight - ${place}.clientHeight`)).toBeLessThanOrEqual(1);
    await chart('유형 쌍의 분포').getByText('표로 보기').click();
    const pair = chart('유형 쌍의 분포').locator('tbody tr').first();
    const [name, train, test] = await pair.locator('td').allTextContents();
    await chart('유형 쌍의 분포').locator('svg g.mark-rect').last().locator('path').first().click();
    await page.getByRole('button', { name: `조건 지우기: 유형 쌍: ${name}` }).waitFor();
    await shows(page, `가운데 ${(Number(train) + Number(test)).toLocaleString('en')}행`);
    await chart('엔티티 유형의 분포').locator('svg').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('a regular expression filters as it is typed, an unfinished one says so and leaves the rows', async () => {
    const { page, complaints, close } = await open('data?set=sample&q=%5E%5Cd%7B4%7D%EB%85%84&regex=1');
    await page.locator('.data-state').waitFor();
    const before = countIn(await state(page));
    expect(before).not.toBe('1,762');
    await page.getByRole('searchbox').fill('^\\d{4}년(');
    await page.getByText('정규식이 아닙니다').waitFor();
    expect(countIn(await state(page))).toBe(before);
    expect(complaints).toEqual([]);
    await close();
  });

  test('rows are walked and opened by keyboard; a row links to the Try view; guids are saved', async () => {
    const { page, complaints, close } = await open('data?set=sample&side=test');
    const first = page.getByRole('row').nth(1);
    await first.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const details = page.getByRole('region', { name: '고른 행' });
    await details.getByText('korex-sample_dev_00001').waitFor();
    expect(await details.locator('mark').count()).toBe(2);
    await details.getByRole('button', { name: '다음 행' }).click();
    await details.getByText('korex-sample_dev_00002').waitFor();
    expect(await details.getByRole('button', { name: '이 문장으로 해 보기' }).getAttribute('href')).toMatch(
      /^#\/try\?/,
    );
    await page.getByRole('row').nth(3).focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('[data-index="455"]').count(), PATIENCE).toBe(1);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'guid 내려받기' }).click(),
    ]);
    const guids = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(guids).toHaveLength(456);
    expect(guids[0]).toBe('korex-sample_dev_00000');
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(LOOKS)(
    '%s, %s, %i px wide: usable with assistance, nothing wider than the page',
    async (locale, colorScheme, width) => {
      const { page, complaints, close } = await open('data', { locale, colorScheme, viewport: { width, height: 800 } });
      // On a phone the rows come first, and the charts are folded below them.
      if (width < 1000) await page.locator('.data-charts > summary').click();
      await page.locator('.data-chart svg').nth(2).waitFor();
      await page.getByRole('row').nth(2).click();
      await expect.poll(() => page.locator('.data-chart svg').count(), PATIENCE).toBe(5);
      if (width > 1000) {
        await page.locator('.data-pairs summary').first().click();
        await page.locator('.data-pairs svg').waitFor();
      }
      const scrolling = `[...document.querySelectorAll('.chart-place, .vtable-scroll')]
        .filter((place) => place.scrollWidth > place.clientWidth + 1).map((place) => place.getAttribute('aria-label'))`;
      expect(await page.evaluate(scrolling)).toEqual([]);
      await expectUsable(page, `data-${locale}-${width}`);
      expect(complaints).toEqual([]);
      await close();
    },
  );
});
