import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAnnotations } from '../src/base/data/convert.ts';
import { memorySource } from '../src/base/data/formats/byteSource.ts';
import { openSource } from '../src/base/data/openSource.ts';
import { FIXTURES } from './support/dataFiles.ts';
import { expectUsable, LOOKS, lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';

const TEXT = '😀 한빛전자는 서지우가 세웠다.';
const doccano = (
  id: number,
  text = TEXT,
  entities = [
    { start: 2, end: 6 },
    { start: 8, end: 11 },
  ],
) =>
  JSON.stringify({
    ...{ id, text },
    entities: entities.map(({ start, end }, i) => ({
      ...{ id: i, label: ['ORG', 'PER'][i], start_offset: start, end_offset: end },
    })),
    relations: [{ id: 1, from_id: 0, to_id: 1, type: 'org:founded_by' }],
    Comments: [],
  });
const annotations = (name: string) => fileURLToPath(new URL(`fixtures/annotations/${name}`, import.meta.url));

describe.skipIf(lacksChromium)('the Convert view', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), servePage([toyApi()])]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const fileOf = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const choose = (page: Page, ...files: ReturnType<typeof fileOf>[]) =>
    page.locator('input[type=file]').setInputFiles(files);
  const save = async (page: Page) => {
    const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('.convert-save').click()]);
    return { name: saved.suggestedFilename(), bytes: new Uint8Array(await readFile(await saved.path())) };
  };

  test.each(LOOKS)('a file is recognised, converted and saved; %s, %s, %i px', async (locale, colorScheme, width) => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/convert`, {
      ...{ locale, colorScheme, viewport: { width: width === 360 ? 320 : width, height: 800 } },
    });
    const ko = locale.startsWith('ko');
    await choose(page, fileOf('admin.jsonl', `${doccano(1)}\n${doccano(2)}\n`));
    const recognised = page.getByRole('heading', { name: ko ? '알아낸 형식 doccano' : 'Recognised as doccano' });
    await recognised.waitFor();
    await page.getByText('start_offset').first().waitFor();
    await page.getByText(ko ? '코드 포인트, 끝 제외' : 'code points, end exclusive').waitFor();
    await page
      .getByRole('cell', { name: ko ? '행으로 쓰지 않은, 관계 없는 쌍' : 'pairs without a relation' })
      .waitFor();
    await expectUsable(page, `convert-${locale}-${width}`);
    const { name, bytes } = await save(page);
    expect(name).toBe('admin.converted.json');
    const rows = await readAnnotations(await openSource(memorySource(bytes, name), name));
    expect(rows.annotations).toMatchObject({ rows: [{ sentence: TEXT, label: 'org:founded_by' }, {}] });
    // A format with a file for each text is saved as an archive.
    await page.getByLabel(ko ? '쓸 형식' : 'Format to write').selectOption('brat');
    await expect.poll(() => page.locator('.convert-save').textContent()).toContain('.zip');
    const archive = await save(page);
    expect(archive.name).toBe('admin.converted.zip');
    const files = unzipSync(archive.bytes);
    expect(Object.keys(files).sort()).toEqual(['1.ann', '1.txt', '2.ann', '2.txt']);
    expect(strFromU8(files['1.ann']!)).toContain('R1\torg:founded_by Arg1:T1 Arg2:T2');
    expect(complaints).toEqual([]);
    await close();
  });

  test('offsets that can be read in two ways are refused in words of the page, and settled by hand', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/convert`);
    const spans = [
      { start: 3, end: 5 },
      { start: 6, end: 8 },
    ];
    await choose(page, fileOf('a.jsonl', doccano(1, '😀가나다라마바사', spans)));
    const alert = page.getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('위치를 두 가지로 읽을 수 있다');
    expect(await alert.textContent()).toContain('‘위치를 세는 방식’');
    expect(await alert.textContent()).not.toContain('--');
    await page.getByText('읽는 방법').click();
    await page.getByLabel('위치를 세는 방식').selectOption('utf16-exclusive');
    await page.getByText('UTF-16 단위, 끝 제외').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('bad rows are an error that names them, or are left out and listed', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/convert`, { locale: 'en' });
    const bad = doccano(3, '짧다', [
      { start: 0, end: 1 },
      { start: 5, end: 9 },
    ]);
    await choose(page, fileOf('a.jsonl', [doccano(1), doccano(2), bad].join('\n')));
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('row 3, entities.1');
    expect(await page.getByRole('alert').textContent()).toContain('“Leave bad rows out”');
    await page.getByText('How to read').click();
    await page.getByLabel('Leave bad rows out').check();
    await page.getByText('1 row left out').waitFor();
    expect(await page.locator('.bad-rows tbody').textContent()).toContain('entities.1');
    await page.getByText('2 texts, 4 entities, 2 relations').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('files that belong together, workbooks, Parquet and archives are read, what is no annotation is refused', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}#/convert`, { locale: 'en' });
    const input = page.locator('input[type=file]');
    const recognised = (format: string) => page.getByRole('heading', { name: `Recognised as ${format}` }).waitFor();
    await input.setInputFiles(
      ['text-0.ann', 'text-0.txt', 'text-1.ann', 'text-1.txt'].map((one) => annotations(`brat/${one}`)),
    );
    await recognised('brat');
    await page.getByText('2 texts, 7 entities, 5 relations').waitFor();
    const { bytes } = await save(page);
    await page.getByLabel('Format to write').selectOption('parquet');
    await expect.poll(() => page.locator('.convert-save').textContent()).toContain('.parquet');
    const parquet = await save(page);
    await input.setInputFiles({ name: 'rows.parquet', mimeType: '', buffer: Buffer.from(parquet.bytes) });
    await recognised('Parquet');
    await page.getByLabel('Format to write').selectOption('xlsx');
    await expect.poll(() => page.locator('.convert-save').textContent()).toContain('.xlsx');
    const workbook = await save(page);
    await input.setInputFiles({ name: 'rows.xlsx', mimeType: '', buffer: Buffer.from(workbook.bytes) });
    await recognised('Excel');
    await page.getByLabel('Format to write').selectOption('klue');
    await expect.poll(() => page.locator('.convert-save').textContent()).toContain('.json ');
    // Of a folder of brat's, its name stands before each id.
    const labels = (content: Uint8Array) =>
      (JSON.parse(strFromU8(content)) as { label: string }[]).map(({ label }) => label);
    expect(labels((await save(page)).bytes)).toEqual(labels(bytes));
    await input.setInputFiles(join(FIXTURES, 'hub.parquet'));
    await recognised('Parquet');
    await choose(page, fileOf('docred.jsonl', '{"vertexSet": [], "sents": []}'));
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('DocRED');
    expect(complaints).toEqual([]);
    await close();
  });
});
