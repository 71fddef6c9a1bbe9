import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Relation } from '../src/inference/predict/schema.ts';
import { FIXTURES } from './support/dataFiles.ts';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';
import { type Cell, toCp949, toCsv, toXlsx } from './support/tables.ts';

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

/** A table as Excel holds it: the gold label right in two rows of three, and a column of its own. */
const HEADER = [
  ...['guid', 'sentence', 'subject_word', 'subject_start', 'subject_end', 'subject_type'],
  ...['object_word', 'object_start', 'object_end', 'object_type', 'label', '메모'],
];
const KOREAN_HEADER = ['번호', '문장', '주어', '주어시작', '주어끝', '주어유형'].concat([
  ...['목적어', '목적어시작', '목적어끝', '목적어유형', '관계', '메모'],
]);
const CELLS: readonly (readonly Cell[])[] = ROWS.slice(0, 6).map(
  ({ guid, sentence, subject_entity: s, object_entity: o }) => [
    ...[guid, sentence, s.word, s.start_idx, s.end_idx, s.type, o.word, o.start_idx, o.end_idx, o.type],
    ...['per:employee_of', '첫, "줄"'],
  ],
);
const csv = (header: readonly Cell[] = HEADER, cells = CELLS, separator = ',') => toCsv([header, ...cells], separator);
/** Without the columns of offsets. */
const words = (cells: readonly Cell[]) => cells.filter((_, i) => ![3, 4, 7, 8].includes(i));

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

  /** Drops a file on the page, as from a folder of the desktop. */
  const drop = async (page: Page, name: string, content: Uint8Array) => {
    const bytes = JSON.stringify(Buffer.from(content).toString('base64'));
    const dropped = await page.evaluateHandle(`
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(${bytes}), (byte) => byte.charCodeAt(0));
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
      transfer`);
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
  };

  test.each<[what: string, name: string, content: Uint8Array]>([
    ['CSV of Korean Excel (CP949)', 'cp949.csv', toCp949(csv())!],
    ['CSV UTF-8, with a byte order mark', 'utf8.csv', Buffer.from(`\uFEFF${csv()}`)],
    ['cells apart by semicolons', 'semicolon.csv', Buffer.from(csv(HEADER, CELLS, ';'))],
    ['text, cells apart by tabs', 'tab.txt', Buffer.from(csv(HEADER, CELLS, '\t'))],
    ['a workbook', 'workbook.xlsx', toXlsx([HEADER, ...CELLS])],
    ['Korean headers', 'korean.xlsx', toXlsx([KOREAN_HEADER, ...CELLS])],
    ['words without offsets', 'words.csv', Buffer.from(csv(words(HEADER) as string[], CELLS.map(words)))],
  ])('an Excel export dropped on the page is answered: %s', async (_, name, content) => {
    const { page, complaints, close } = await openPage(browser, `${quick.url}#/batch`);
    await drop(page, name, content);
    await page.getByText('끝났습니다').first().waitFor();
    expect(await page.getByRole('grid', { name: '결과' }).getAttribute('aria-rowcount')).toBe('7');
    await page.getByText('정답 라벨이 있는 6행의 정확도: 66.7%').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV 내려받기' }).click(),
    ]);
    const lines = parse(await readFile(await download.path(), 'utf8'), { bom: true, columns: true }) as unknown[];
    expect(lines.slice(0, 2)).toMatchObject([
      { guid: 'row-0', sentence: ROWS[0]!.sentence, label: 'per:employee_of', 메모: '첫, "줄"', subject_start: '3' },
      { guid: 'row-1', relation: 'per:employee_of', 메모: '첫, "줄"' },
    ]);
    expect(await page.locator('.bad-rows').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('columns of a file with unknown headers are chosen by hand, beside its first rows', async () => {
    const { page, complaints, close } = await openPage(browser, `${quick.url}#/batch`, {
      viewport: { width: 390, height: 800 },
    });
    const own = ['A열', 'B열', 'C열', 'D열', 'E열', 'F열', 'G열', 'H열'];
    const rows = CELLS.map(words).map(([guid, ...cells]) => [...cells, guid ?? null]);
    await drop(page, 'unknown.xlsx', toXlsx([own, ...rows]));
    const alert = page.getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('필요한 열이 없다');
    expect(await alert.textContent()).toContain('아래에서');
    expect(await alert.textContent()).not.toContain('--columns');
    // What the cells themselves tell is chosen already.
    const choice = (name: string) => page.getByRole('combobox', { name, exact: true });
    await expect.poll(() => choice('문장').inputValue()).toBe('A열');
    expect(await choice('주체').inputValue()).toBe('B열');
    expect(await choice('객체').inputValue()).toBe('D열');
    expect(await page.locator('.preview tbody tr').count()).toBe(5);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await choice('정답 관계').inputValue()).toBe('F열');
    await choice('객체 유형').selectOption('C열');
    await page.getByText('한 열을 두 번 골랐습니다').waitFor();
    await choice('객체 유형').selectOption('E열');
    await page.getByRole('button', { name: '이 열로 처리하기' }).click();
    await page.getByText('정답 라벨이 있는 6행의 정확도: 66.7%').waitFor();
    // A known file can be read by other columns too, and JSON under keys that korex does not know.
    await page.getByRole('button', { name: '열 고르기' }).click();
    expect(await choice('정답 관계').inputValue()).toBe('F열');
    const lines = rows.map(([s, a, at, b, bt]) => JSON.stringify({ s, a, at, b, bt }));
    await drop(page, 'keys.jsonl', Buffer.from(lines.join('\n')));
    await expect.poll(() => choice('문장').inputValue()).toBe('s');
    await page.getByRole('button', { name: '이 열로 처리하기' }).click();
    await expect.poll(() => page.getByRole('grid', { name: '결과' }).getAttribute('aria-rowcount')).toBe('7');
    expect(complaints).toEqual([]);
    await close();
  });

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
    await page.getByRole('gridcell').filter({ hasText: '"의 대표' }).waitFor();
    await page.locator('input[type=file]').setInputFiles(join(FIXTURES, 'hub.parquet'));
    await page.getByText('끝났습니다').first().waitFor();
    await choose(page, 'inner.csv', `${header}\n"a"b,c\n`);
    await expect.poll(() => page.locator('.bad-rows tbody').textContent()).toContain('number of cells');
    await choose(page, 'docred.jsonl', '{"vertexSet": [], "sents": []}\n');
    await expect.poll(() => alert.textContent()).toContain('DocRED 형식');
    await choose(page, 'rows.json', '{"a": 1}');
    await expect.poll(() => alert.textContent()).toContain('행의 목록이 아니라 객체 하나다');
    await choose(page, 'rows.txt', 'id,satz\n1,가\n');
    await expect.poll(() => alert.textContent()).toContain('있는 열: id, satz');
    expect(complaints).toEqual([]);
    await close();
  });
});
