import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';
import { TOY_MODEL } from './support/page/toyModel.ts';

const SENTENCE = '밴드 푸른돛의 기타리스트 강이안은 새 음반에서 작곡까지 맡았다.';
const MARKED = `s=${encodeURIComponent(SENTENCE)}&e=3-6-ORG~14-17-PER`;

describe.skipIf(lacksChromium)('the Try and Explain views', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  let slow: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, server, slow] = await Promise.all([
      launchBrowser(),
      servePage([toyApi()]),
      servePage([toyApi({ answerDelay: (body) => (body.includes('"subject":{"start":3') ? 1500 : 300) })]),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.close(), slow?.close()]);
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

  test('opens with an example that is answered, and guessed types are guesses until somebody says so', async () => {
    const { page, complaints, close } = await open();
    await expect.poll(() => page.locator('.arcs text').count()).toBe(4);
    expect(new URL(page.url()).hash).toBe('#/try');
    expect(await page.locator('.guess').count()).toBe(0);
    await page.getByLabel('문장', { exact: true }).fill(SENTENCE);
    await word(page, '강이안은').click();
    expect(await page.locator('.bit[data-caption]').getAttribute('data-caption')).toBe('주체 · PER?');
    await expect.poll(() => page.url()).toContain('PER%3F');
    await page.reload();
    await page.locator('.guess').click();
    expect(await page.locator('.bit[data-caption]').getAttribute('data-caption')).toBe('주체 · PER');
    expect(complaints).toEqual([]);
    await close();
  });

  test('while an answer is awaited the last one stays, dimmed and in its place; the last question is answered', async () => {
    const { page, complaints, close } = await openPage(browser, `${slow.url}#/try?${MARKED}`);
    await expect.poll(() => relation(page).textContent()).toBe('주요 구성원 org:top_members/employees');
    const heights = () =>
      page.locator('.panel').evaluateAll((panels) => panels.map(({ clientHeight }) => clientHeight));
    const before = await heights();
    await page.getByLabel('문장', { exact: true }).fill(SENTENCE.replace('새 음반', '천천히'));
    await expect.poll(() => page.locator('.arcs.waits text').count()).toBe(1);
    await page.waitForTimeout(400);
    expect(await page.locator('.waits .relation-name').first().textContent()).toContain('주요 구성원');
    expect(await heights()).toEqual(before);
    // What is typed meanwhile is asked instead, and the slow answer to the older question is not shown.
    await page.getByRole('button', { name: '주체와 객체 바꾸기' }).click();
    await expect.poll(() => relation(page).textContent()).toBe('관계 없음 no_relation');
    await page.waitForTimeout(1500);
    expect(await relation(page).textContent()).toBe('관계 없음 no_relation');
    expect(await page.locator('.waits').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a relation’s own threshold is told where it applies', async () => {
    const { page, complaints, close } = await open('#/batch');
    const own = { default: 0.5, per_relation: { 'org:top_members/employees': 0.62 } };
    await page.route('**/v1/model', (route) => route.fulfill({ json: { ...TOY_MODEL, thresholds: own } }));
    await page.goto(`${server.url}?#/try?${MARKED}`);
    await page.getByText('임계값 0.62: 이 관계에 따로 정한 값').waitFor();
    await page.getByText('관계 1개에는 모델이 따로 정한 임계값이 있어').waitFor();
    await page.getByLabel('임계값', { exact: false }).first().fill('0.3');
    await page.getByText('임계값 0.30: 위에서 고른 값').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('lines without arcs stand together on a phone', async () => {
    const { page, complaints, close } = await open('#/try', { viewport: { width: 390, height: 800 } });
    await expect.poll(() => page.locator('.arcs text').count()).toBe(4);
    const tops = await page
      .getByRole('option')
      .evaluateAll((words) => [...new Set(words.map((word) => Math.round(word.getBoundingClientRect().bottom)))]);
    const gaps = tops.slice(1).map((bottom, i) => bottom - tops[i]!);
    // The last line has no entity; the one before has.
    expect(gaps.at(-1)).toBeLessThan(60);
    expect(Math.max(...gaps)).toBeGreaterThan(75);
    // All views are in sight, and none is cut.
    for (const name of ['해 보기', '일괄 처리']) {
      const box = await page.getByRole('navigation').getByRole('link', { name }).boundingBox();
      expect(box!.x).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    }
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
    const options = { colorScheme, locale, viewport: { width, height: 800 } };
    const { page, complaints, close } = await open(`${hash}?${MARKED}`, options);
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
