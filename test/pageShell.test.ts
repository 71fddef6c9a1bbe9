import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

describe.skipIf(lacksChromium)('the page’s shell', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  let open: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, server, open] = await Promise.all([
      launchBrowser(),
      servePage([toyApi({ apiKey: 'geheim' })]),
      servePage([toyApi()]),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.close(), open?.close()]);
  });

  test('asks for the API key, again after a wrong one, and then shows the model', async () => {
    const { page, complaints, close } = await openPage(browser, server.url, { expectedStatuses: [401] });
    await page.getByLabel('키', { exact: true }).fill('falsch');
    await page.getByRole('button', { name: '확인' }).click();
    await page.getByText('키가 맞지 않습니다').waitFor();
    await page.getByLabel('키', { exact: true }).fill('geheim');
    await page.keyboard.press('Enter');
    await page.getByText('관계 30개').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('follows the browser’s language and scheme, and remembers other choices', async () => {
    const { page, close } = await openPage(browser, server.url, { locale: 'en-GB', colorScheme: 'dark' });
    const shown = () => page.evaluate('[document.documentElement.lang, document.documentElement.dataset.theme]');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await shown()).toEqual(['en', 'dark']);
    await page.getByLabel('Language').selectOption('ko');
    await page.getByLabel('화면 모드').selectOption('light');
    expect(await shown()).toEqual(['ko', 'light']);
    await page.reload();
    expect(await shown()).toEqual(['ko', 'light']);
    await close();
  });

  test('moves the focus to the heading of a view that was chosen', async () => {
    const { page, close } = await openPage(browser, open.url);
    await page.getByRole('navigation').getByRole('link', { name: '설명' }).click();
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('설명');
    expect(page.url()).toContain('#/explain');
    expect(await seriousFindings(page)).toEqual([]);
    await close();
  });
});
