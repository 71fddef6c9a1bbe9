import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Relation } from '../src/inference/predict/schema.ts';
import { FIXTURES } from './support/dataFiles.ts';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

const row = (i: number) => {
  const sentence = `${i % 3 === 0 ? '가수' : '대표'} 나래${i}는 가람과 일한다.`;
  const word = `나래${i}`;
  return {
    guid: `row-${i}`,
    sentence,
    subject_entity: { word, start_idx: 3, end_idx: 2 + word.length, type: 'PER' },
    object_entity: {
      word: '가람',
      start_idx: sentence.indexOf('가람'),
      end_idx: sentence.indexOf('가람') + 1,
      type: 'ORG',
    },
  };
};
const ROWS = Array.from({ length: 600 }, (_, i) => row(i));

describe.skipIf(lacksChromium)('the Batch view', () => {
  let browser: Browser;
  let quick: Awaited<ReturnType<typeof servePage>>;
  let slow: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, quick, slow] = await Promise.all([
      launchBrowser(),
      servePage([toyApi()]),
      servePage([toyApi({ batchDelay: 400 })]),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([quick?.close(), slow?.close()]);
  });

  const choose = (page: Page, name: string, text: string) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

  test('answers a file, tells bad rows, filters, opens a row, and gives the answers back', async () => {
    const { page, complaints, close } = await openPage(browser, `${quick.url}#/batch`);
    const bad = { ...row(1), sentence: '' };
    await choose(page, 'rows.json', JSON.stringify([...ROWS, bad]));
    await page.getByText('끝났습니다').first().waitFor();
    expect(await page.locator('.bad-rows tbody tr').first().textContent()).toContain('601');
    const grid = page.getByRole('grid', { name: '결과' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('601');
    expect(await page.getByRole('row').count()).toBeLessThan(80);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'JSONL 내려받기' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    const answers = lines.map((line) => JSON.parse(line) as Relation & { guid: string });
    expect(answers.map(({ guid }) => guid)).toEqual(ROWS.map(({ guid }) => guid));

    await page.getByLabel('관계로 필터링').selectOption('per:employee_of');
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('401');
    await page.locator('[role=row][data-index="0"]').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.evaluate('document.activeElement?.getAttribute("aria-rowindex")')).toBe('401');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: '나래599는' }).waitFor();
    // The results stay while another view is looked at.
    await page.goBack();
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('601');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a batch can be stopped; what was answered stays', async () => {
    const { page, complaints, close } = await openPage(browser, `${slow.url}#/batch`, {
      locale: 'en',
      viewport: { width: 360, height: 800 },
    });
    await choose(page, 'rows.jsonl', ROWS.map((value) => JSON.stringify(value)).join('\n'));
    await page.getByRole('grid', { name: 'Results' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped').first().waitFor();
    const rows = Number(await page.getByRole('grid', { name: 'Results' }).getAttribute('aria-rowcount')) - 1;
    expect([256, 512]).toContain(rows);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(complaints).toEqual([]);
    await close();
  });

  test('reads what the command line reads, and says in Korean and with the place what it cannot read', async () => {
    const { page, complaints, close } = await openPage(browser, `${quick.url}#/batch`);
    const alert = page.getByRole('alert');
    const header = 'sentence,subject_word,subject_start,subject_end,object_word,object_start,object_end';
    await choose(page, 'rows.csv', `${header}\r\n"가람은 ""나래""의 대표",가람,0,1,나래,5,6\r\n`);
    await page.getByText('가람은 "나래"의 대표').waitFor();
    await page.locator('input[type=file]').setInputFiles(join(FIXTURES, 'hub.parquet'));
    await page.getByText('끝났습니다').first().waitFor();
    await choose(page, 'inner.csv', `${header}\n"a"b,c\n`);
    await expect.poll(() => page.locator('.bad-rows tbody').textContent()).toContain('number of cells');
    await choose(page, 'doccano.jsonl', '{"text": "가", "label": [[0, 1, "ORG"]]}\n');
    await expect.poll(() => alert.textContent()).toContain('다른 도구의 형식입니다');
    expect(await alert.textContent()).toContain('doccano.jsonl: it is an export of doccano');
    await choose(page, 'rows.json', '{"a": 1}');
    await expect.poll(() => alert.textContent()).toContain('올바른 JSON 목록이 아닙니다');
    await choose(page, 'rows.txt', 'id,satz\n1,가\n');
    await expect.poll(() => alert.textContent()).toContain('Found: id, satz');
    expect(complaints).toEqual([]);
    await close();
  });
});
