import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectUsable, LOOKS, lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

const TEXT =
  '가온전자는 2011년 설립된 회사다. 😀 대표는 서지우이고 가온전자의 본사는 수원에 있다. 강이안은 전주에서 태어났다.';

describe.skipIf(lacksChromium)('the Text view', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), servePage([toyApi()])]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (text: string, options = {}) =>
    openPage(browser, `${server.url}#/text?t=${encodeURIComponent(text)}`, options);
  const sentence = (page: Page, number: number) => page.locator('.sentence-item').nth(number - 1);
  const arcs = (page: Page, number: number) => sentence(page, number).locator('.arcs g:not(.arc-gone) text');
  /** Without their confidence. */
  const labels = async (page: Page, number: number) =>
    (await arcs(page, number).allTextContents()).map((label) => label.replace(/ [\d.]+%$/, ''));
  const twoDownloads = async (page: Page) => {
    const first = await page.waitForEvent('download');
    const second = await page.waitForEvent('download');
    return [first.suggestedFilename(), second.suggestedFilename()].sort();
  };
  const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
  const grid = (page: Page) => page.getByRole('grid', { name: '관계 표' });

  test('finds entities and relations sentence by sentence; a correction asks anew', async () => {
    const { page, complaints, close } = await open(TEXT);
    await expect.poll(() => labels(page, 1)).toEqual(['설립일']);
    expect(await labels(page, 3)).toEqual(['출생지']);
    expect(await page.locator('.bit-model').count()).toBe(7);
    // Over an entity only its own relations stay.
    await sentence(page, 2).locator('[data-mark]').first().hover();
    await expect.poll(() => page.locator('.arcs g.arc-gone').count()).toBeGreaterThan(0);
    await page.mouse.move(0, 0);

    // A found entity is corrected by a click: its type, and then it is one's own.
    await sentence(page, 3).getByRole('option', { name: '전주에서' }).click();
    await page.getByLabel('전주의 유형').selectOption('ORG');
    await expect.poll(() => labels(page, 3)).toEqual([]);
    expect(await sentence(page, 3).locator('.bit-model').allTextContents()).toEqual(['강이안']);
    await page.getByRole('button', { name: '모델이 다시 찾기' }).click();
    await expect.poll(() => labels(page, 3)).toEqual(['출생지']);

    // Any pair of a sentence can be explained.
    await page.getByRole('button', { name: '이 문장의 근거 보기' }).click();
    await page.locator('.findings li').first().waitFor();
    await page.goBack();
    await expect.poll(() => labels(page, 1)).toEqual(['설립일']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('pairs of neighbouring sentences are asked for on wish, listed below the later one, and can be explained', async () => {
    const { page, complaints, close } = await open('가온전자가 이사했다. 본사는 수원에 있다.');
    await page.getByText('2문장 · 엔티티 2개 · 관계 0개').waitFor();
    expect(await page.locator('.crossing').count()).toBe(0);
    await page.getByLabel('두 엔티티 사이의 거리').selectOption({ label: '이웃한 2문장 안' });
    await sentence(page, 2).locator('.crossing li').filter({ hasText: '본부 소재지' }).waitFor();
    expect(await sentence(page, 1).locator('.crossing').count()).toBe(0);
    await expect.poll(() => new URL(page.url().replace('#/text', '')).searchParams.get('w')).toBe('2');
    await sentence(page, 2).locator('.crossing a').first().click();
    await page.locator('.findings li').first().waitFor();
    expect(await page.getByLabel('문장', { exact: true }).inputValue()).toBe(
      '가온전자가 이사했다. 본사는 수원에 있다.',
    );
    expect(complaints).toEqual([]);
    await close();
  });

  test('a click on a found entity leads to its card, and it says which setting decides', async () => {
    const { page, complaints, close } = await open(TEXT);
    await expect.poll(() => labels(page, 1)).toEqual(['설립일']);
    await page.getByText('이 모델에는 글의 쌍을 위한 설정이 없어').waitFor();
    await sentence(page, 3).getByRole('option', { name: '전주에서' }).click();
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('전주의 유형');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the table filters by entity and relation, the graph’s edges open their sentences', async () => {
    const { page, complaints, close } = await open(TEXT);
    const rows = () => grid(page).getAttribute('aria-rowcount');
    await grid(page).waitFor();
    const all = Number(await rows());
    await choice(page, '엔티티').selectOption({ label: '강이안 (PER)' });
    await expect.poll(rows).toBe('2');
    await choice(page, '엔티티').selectOption('');
    await choice(page, '관계').selectOption('org:founded');
    await expect.poll(rows).toBe('2');
    await choice(page, '관계').selectOption('');
    await page.locator('.graph-place canvas').first().waitFor();
    await page.getByText('관계를 목록으로 보기').click();
    expect(await page.locator('.edge-list li').count()).toBe(all - 1);
    await page.locator('.edge-list button', { hasText: '출생지' }).click();
    await expect.poll(() => sentence(page, 3).getAttribute('class')).toContain('sentence-open');
    // By keys alone: from the fold to the first edge.
    await page.locator('.edge-list summary').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => sentence(page, 1).getAttribute('class')).toContain('sentence-open');
    // The threshold decides without asking again.
    await page.getByLabel('임계값').fill('1');
    await page.getByText('임계값을 넘는 관계가 없습니다').waitFor();
    await page.getByLabel('불확실한 관계도 보기').check();
    await expect.poll(() => page.locator('.arcs g.arc-uncertain').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('the graph is downloaded in each format', async () => {
    const { page, complaints, close } = await open(TEXT);
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')] as const;
    };
    await grid(page).waitFor();
    const names = await page.locator('.downloads button').allTextContents();
    expect(names).toEqual(['JSONL', 'CSV', 'GraphML', 'JSON-LD', 'Cypher', 'Neo4j CSV', 'HTML']);
    const [file, line] = await save('JSONL');
    expect(file).toBe('korex.jsonl');
    expect(JSON.parse(line)).toMatchObject({ text: TEXT, entity_model: 'toy-entities' });
    expect((await save('CSV'))[1]).toContain('가온전자,ORG,org:founded');
    expect((await save('GraphML'))[1]).toContain('<graphml');
    expect(JSON.parse((await save('JSON-LD'))[1])).toHaveProperty('@context');
    expect((await save('Cypher'))[1]).toContain('MERGE');
    const [both] = await Promise.all([twoDownloads(page), page.getByRole('button', { name: 'Neo4j CSV' }).click()]);
    expect(both).toEqual(['korex.nodes.csv', 'korex.relationships.csv']);
    expect((await save('HTML'))[1]).toContain('<svg');
    expect(complaints).toEqual([]);
    await close();
  });

  test('entities can be marked where none are found, and typing goes on meanwhile', async () => {
    const { page, complaints, close } = await open('누리가 바람은행을 세운 날이다.');
    await page.getByText('1문장 · 엔티티 0개 · 관계 0개').waitFor();
    await sentence(page, 1).getByRole('option', { name: '바람은행을' }).click();
    await sentence(page, 1).getByRole('option', { name: '누리가' }).click();
    await expect.poll(() => labels(page, 1)).toEqual(['설립자']);
    await page.getByLabel('글', { exact: true }).fill(`${TEXT} 끝.`);
    await expect.poll(() => labels(page, 1)).toEqual(['설립일']);
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(LOOKS)('%s, %s, %i px: accessible, nothing sticks out', async (locale, colorScheme, width) => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/text`, {
      ...{ locale, colorScheme, viewport: { width, height: 900 } },
    });
    await page.locator('.graph-place canvas').first().waitFor();
    await expectUsable(page, `text-${locale}-${colorScheme}-${width}`);
    expect(complaints).toEqual([]);
    await close();
  });
});
