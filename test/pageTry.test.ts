import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

const SENTENCE = '밴드 푸른돛의 기타리스트 강이안은 새 음반에서 작곡까지 맡았다.';

describe.skipIf(lacksChromium)('the Try and Explain views', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), servePage([toyApi()])]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (hash = '#/try', options = {}) => openPage(browser, server.url + hash, options);
  const word = (page: Page, name: string): Locator => page.getByRole('option', { name });
  const marks = (page: Page) =>
    page.locator('.stage').evaluate((stage) => {
      const texts: Record<string, string> = {};
      for (const bit of stage.querySelectorAll('[data-mark]')) {
        const mark = bit.getAttribute('data-mark')!;
        texts[mark] = (texts[mark] ?? '') + bit.textContent;
      }
      return Object.values(texts);
    });
  /** Of the answer that is shown. */
  const relation = (page: Page) => page.locator('.relations .relation-name').first();

  test('clicks mark words without particles, a drag marks any stretch, and the relation stands over the text', async () => {
    const { page, complaints, close } = await open();
    await page.getByLabel('문장', { exact: true }).fill(SENTENCE);
    await word(page, '푸른돛의').click();
    await word(page, '강이안은').click();
    expect(await marks(page)).toEqual(['푸른돛', '강이안']);
    await page.getByLabel('푸른돛의 유형').selectOption('ORG');
    await expect.poll(() => relation(page).textContent()).toBe('주요 구성원 org:top_members/employees');
    expect(await page.locator('.arcs text').textContent()).toContain('주요 구성원 98.0%');

    await page.getByRole('button', { name: '주체와 객체 바꾸기' }).click();
    await expect.poll(() => relation(page).textContent()).toBe('관계 없음 no_relation');

    const [from, to] = await Promise.all([word(page, '새').boundingBox(), word(page, '음반에서').boundingBox()]);
    await page.mouse.move(from!.x + 1, from!.y + from!.height / 2);
    await page.mouse.down();
    await page.mouse.move(to!.x + to!.width / 2, to!.y + to!.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => marks(page)).toEqual(['푸른돛', '강이안', '새 음반']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('everything can be done by keyboard', async () => {
    const { page, complaints, close } = await open();
    await page.getByLabel('문장', { exact: true }).fill(SENTENCE);
    await page.getByRole('listbox', { name: '문장의 낱말' }).focus();
    for (const key of ['ArrowRight', 'Enter', '2', 'ArrowRight', 'ArrowRight', 'Enter', '1'])
      await page.keyboard.press(key);
    await expect.poll(() => relation(page).textContent()).toBe('주요 구성원 org:top_members/employees');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => marks(page)).toEqual(['푸른돛', '강이안은']);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => marks(page)).toEqual(['푸른돛', '이안']);
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('s');
    await expect.poll(() => relation(page).textContent()).toBe('관계 없음 no_relation');
    await page.keyboard.press('Delete');
    await expect.poll(() => marks(page)).toEqual(['푸른돛']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('several entities are a graph; the threshold decides without asking again; a link shows the same', async () => {
    const { page, complaints, close } = await open();
    await page.getByTitle('가온전자는', { exact: false }).click();
    await expect.poll(() => page.locator('.arcs text').count()).toBe(4);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) asked.push(request.url());
    });
    await page.getByLabel('임계값').fill('0.95');
    await expect.poll(() => page.locator('.arcs g.arc-uncertain').count()).toBe(1);
    expect(asked).toEqual([]);
    await expect.poll(() => page.url()).toContain('t=0.95');
    await page.reload();
    await expect.poll(() => page.locator('.arcs text').count()).toBe(4);
    await expect.poll(() => page.locator('.arcs g.arc-uncertain').count()).toBe(1);
    await page.getByText('같은 요청을 코드로').click();
    expect(await page.locator('.snippets code').textContent()).toContain('"offsets": "utf16"');
    expect(complaints).toEqual([]);
    await close();
  });

  test.each([
    ['#/try', 'light', 'ko-KR', 1280],
    ['#/try', 'dark', 'en', 360],
    ['#/explain', 'dark', 'ko-KR', 1280],
    ['#/explain', 'light', 'en', 360],
  ] as const)('%s in %s, %s, %i px wide: accessible, nothing sticks out', async (hash, colorScheme, locale, width) => {
    const state = `?s=${encodeURIComponent(SENTENCE)}&e=3-6-ORG~14-17-PER`;
    const options = { colorScheme, locale, viewport: { width, height: 800 } };
    const { page, complaints, close } = await open(hash + state, options);
    const isDone = hash === '#/try' ? page.locator('.arcs text') : page.locator('.chart svg');
    await isDone.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(complaints).toEqual([]);
    await close();
  });

  test('an explanation shows which word matters and that names alone do not suffice', async () => {
    const { page, complaints, close } = await open();
    await page.getByTitle('밴드 푸른돛의', { exact: false }).click();
    await page.getByRole('button', { name: '이 답의 근거 보기' }).click();
    await page.getByText('“기타리스트”').waitFor();
    expect(await page.locator('.findings').textContent()).toContain('이름만 주었을 때의 답은 관계 없음');
    expect(await page.locator('.heat-word').allTextContents()).toContain('기타리스트');
    await page.getByText('표로 보기').click();
    expect(await page.locator('.chart-table tbody tr').first().textContent()).toContain('기타리스트');
    expect(complaints).toEqual([]);
    await close();
  });
});
