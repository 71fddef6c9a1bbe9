import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageRoutes } from '../src/app/serve/page/pageRoutes.ts';
import { PAGE_FOLDER, type RunningServer } from '../src/app/serve/server.ts';
import { silentReporter } from '../src/base/core/reporter.ts';
import { lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { startTinyServer } from './support/tinyServer.ts';

// The page as `korex serve` serves it: its own server, its own policy, a model behind it.

const SENTENCE = '밴드 푸른돛의 기타리스트 강이안은 새 음반에서 작곡까지 맡았다.';
const MARKED = `s=${encodeURIComponent(SENTENCE)}&e=3-6-ORG~14-17-PER`;
const LABEL = /^(no_relation|a|b|c)$/;

describe.skipIf(lacksChromium)('the page of korex serve', () => {
  let out: string;
  let browser: Browser;
  let server: RunningServer;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'korex-served-'));
    const pageApi = pageRoutes({ out, data: null, reporter: silentReporter });
    [browser, server] = await Promise.all([launchBrowser(), startTinyServer({ pageFolder: PAGE_FOLDER, pageApi })]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(out, { recursive: true, force: true });
  });

  test.each([
    ['a pair', `try?${MARKED}`, '.relations .relation-name'],
    ['all pairs of three entities', `try?${MARKED}~22-24-ORG&p=all`, '.relations .relation-name'],
    ['an explanation, which takes many requests', `explain?${MARKED}`, '.findings li'],
    ['rows of the sample', 'data', '.data-chart svg'],
    ['no runs yet', 'runs', '.notice'],
  ])('%s', async (_, hash, shown) => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/#/${hash}`);
    await page.locator(shown).first().waitFor({ timeout: 30_000 });
    expect(await page.getByRole('alert').allTextContents()).toEqual([]);
    if (shown.includes('relation-name')) expect(await page.locator(shown).first().textContent()).toMatch(LABEL);
    expect(complaints).toEqual([]);
    await close();
  });

  test('the manual of the API: in the page’s language and colours, with a way back, without padlocks', async () => {
    const options = { colorScheme: 'dark', viewport: { width: 390, height: 800 } } as const;
    const { page, complaints, close } = await openPage(browser, `${server.url}/docs`, options);
    await page.getByText('문장 속 두 엔티티의 관계, 하나 또는 여럿').click();
    await page.getByText('요청 하나에 답 하나.').waitFor();
    expect(await page.locator('.authorization__btn, .auth-wrapper').count()).toBe(0);
    const colour = await page.evaluate("getComputedStyle(document.querySelector('.opblock')).backgroundColor");
    expect(colour).toBe('rgb(26, 32, 39)');
    await page.getByRole('button', { name: '보내 보기' }).click();
    await page.getByRole('button', { name: '보내기' }).click();
    await page.getByText('서버의 응답').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.getByLabel('언어').selectOption('en');
    await page.getByText('The relation between two entities of a sentence').waitFor();
    await page.getByRole('link', { name: 'back to the page' }).click();
    await page.getByRole('heading', { name: 'Try' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('a file of rows', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/#/batch`);
    const rows = Array.from({ length: 300 }, (_, i) => ({
      ...{ id: i, sentence: i === 7 ? '' : SENTENCE, subject: { word: '푸른돛' }, object: { word: '강이안' } },
    }));
    const buffer = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'rows.jsonl', mimeType: 'application/x-ndjson', buffer });
    await page.getByText('끝났습니다').first().waitFor();
    // Beside the header.
    expect(await page.getByRole('grid', { name: '결과' }).getAttribute('aria-rowcount')).toBe('300');
    expect(await page.locator('.bad-rows tbody').textContent()).toContain('/sentence');
    expect(complaints).toEqual([]);
    await close();
  });
});
