import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeErrors } from '../src/study/analysis/analyzeErrors.ts';
import { withLock } from '../src/study/pipeline/lock.ts';
import { writeAnalysis } from '../src/study/stages/analysis/analysisFiles.ts';
import { analysisInput } from './support/analysisRows.ts';
import {
  expectUsable,
  LOOKS,
  lacksChromium,
  launchBrowser,
  openPage,
  seriousFindings,
} from './support/page/browser.ts';
import { dataRoutes } from './support/page/dataRoutes.ts';
import { servePage } from './support/page/pageServer.ts';
import { toyApi } from './support/page/toyApi.ts';
import { sampleSides, somePlan, writeFinishedRun, writeLiveRun } from './support/runFolders.ts';

const PATIENCE = { timeout: 30_000 };

describe.skipIf(lacksChromium)('the Runs view', () => {
  let folder: string;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'korex-view-'));
    const sample = await sampleSides(folder, 120);
    await writeFinishedRun(folder, 'baseline', sample, { skill: 0.8, plan: somePlan(), isCalibrated: true });
    await writeFinishedRun(folder, 'weighted', sample, { skill: 0.5, plan: somePlan({ loss: 'weighted' }) });
    await writeAnalysis(folder, await analyzeErrors(analysisInput({ run: 'weighted' })));
    [browser, server] = await Promise.all([launchBrowser(), servePage([dataRoutes(folder), toyApi()])]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (hash = 'runs', options = {}) => openPage(browser, `${server.url}#/${hash}`, options);

  test('runs stand side by side: figures with intervals, settings that differ, F1 by relation', async () => {
    const { page, complaints, close } = await open();
    const figures = page.getByRole('region', { name: '평가 지표와 95% 신뢰 구간' });
    await figures.getByRole('row', { name: /^baseline 0\.\d{3}/ }).waitFor();
    await expect.poll(() => page.locator('.run-metrics svg').count(), PATIENCE).toBe(4);
    const settings = page.getByRole('region', { name: '설정' });
    expect(await settings.getByRole('rowheader').allTextContents()).toEqual([expect.stringContaining('--loss')]);
    await page.getByLabel('다른 설정만').uncheck();
    expect(await settings.getByRole('rowheader').count()).toBeGreaterThan(20);
    await page.getByLabel('이전').selectOption('weighted');
    await page.locator('.panel', { hasText: '관계별 F1의 변화' }).locator('svg').waitFor();
    await page.getByRole('checkbox', { name: /^weighted/ }).uncheck();
    await expect.poll(() => page.url(), PATIENCE).toMatch(/run=baseline$/);
    expect(await figures.getByRole('row').count()).toBe(2);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a cell of the confusion matrix opens the sentences behind it, and a sentence its probabilities', async () => {
    const { page, complaints, close } = await open();
    const panel = page.locator('.panel', { hasText: '혼동 행렬과 해당 문장' });
    await panel.getByLabel('학습').selectOption('weighted');
    const cell = panel.locator('svg g.mark-text.role-mark text').nth(1);
    await expect.poll(() => panel.locator('svg g.mark-text.role-mark text').count(), PATIENCE).toBeGreaterThan(20);
    // A click may still meet the chart of the run shown before.
    const opensItsRows = async () => {
      const count = await cell.textContent();
      await cell.click();
      await page.waitForTimeout(200);
      return (await panel.getByRole('status').textContent()) === `${count}행`;
    };
    await expect.poll(opensItsRows, PATIENCE).toBe(true);
    const gold = await panel.getByRole('combobox', { name: '정답', exact: true }).inputValue();
    const predicted = await panel.getByRole('combobox', { name: '예측', exact: true }).inputValue();
    expect([gold, predicted]).not.toContain('');
    const row = panel.getByRole('row').nth(1);
    expect(await row.textContent()).toContain(predicted);
    await row.click();
    const details = page.getByRole('region', { name: '고른 예측' });
    expect(await details.locator('mark').count()).toBe(2);
    expect(await details.locator('.pbar').count()).toBe(3);
    await panel.getByRole('combobox', { name: '정답', exact: true }).selectOption('');
    await panel.getByRole('combobox', { name: '예측', exact: true }).selectOption('');
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe('120행');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the error analysis of a run: classes, their sentences with training neighbours, slices', async () => {
    const { page, complaints, close } = await open();
    const panel = page.getByRole('region', { name: '오류 분석', exact: true });
    await panel.getByText('npx korex analyze --run baseline').waitFor();
    await panel.getByLabel('학습').selectOption('weighted');
    await panel.getByText('평가 68행 가운데 오답 9개입니다').waitFor();
    await expect.poll(() => panel.locator('.chart svg').count(), PATIENCE).toBe(2);
    await panel.getByLabel('문장 보기').selectOption({ label: '방향이 뒤바뀜 (2)' });
    const cases = panel.locator('.analysis-list > li');
    expect(await cases.count()).toBe(2);
    expect(await cases.first().locator('mark').count()).toBe(8);
    expect(await cases.first().textContent()).toContain('org:member_of');
    await cases.first().getByText('가장 가까운 학습 문장').click();
    expect(await cases.first().getByRole('listitem').count()).toBe(3);
    await panel.getByLabel('문장 보기').selectOption({ label: '모델이 강하게 반대한 행 (1)' });
    expect(await cases.count()).toBe(1);
    await panel.getByText('표로 보기').first().click();
    expect(await panel.getByRole('row', { name: /^있는 관계를 놓침 2/ }).count()).toBe(1);
    expect(await panel.getByRole('region', { name: '드문 관계와 개선 방법' }).textContent()).toContain('per:religion');
    if (process.env.KOREX_SHOTS) await panel.screenshot({ path: `${process.env.KOREX_SHOTS}/analysis-ko.png` });
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    if (process.env.KOREX_SHOTS) await panel.screenshot({ path: `${process.env.KOREX_SHOTS}/analysis-360.png` });
    expect(complaints).toEqual([]);
    await close();
  });

  test('a curve grows while a run trains', async () => {
    await withLock(folder, async () => {
      await writeLiveRun(folder, 'growing', 12, 40);
      const { page, complaints, close } = await open('runs?run=growing');
      await page.getByText('12/40 스텝').waitFor();
      const lossTable = page.locator('.run-pair > div').first();
      await lossTable.getByText('표로 보기').click();
      const last = lossTable.getByRole('row').last().getByRole('cell').nth(1);
      await expect.poll(() => last.textContent(), PATIENCE).toBe('12');
      await writeLiveRun(folder, 'growing', 25, 40);
      await expect.poll(() => last.textContent(), PATIENCE).toBe('25');
      await page.getByText('25/40 스텝').waitFor();
      await page.getByText('표로 보기').nth(1).click();
      expect(await page.locator('.run-pair > div').nth(1).getByRole('row').count()).toBe(3);
      expect(complaints).toEqual([]);
      await close();
    });
  });

  test.each(LOOKS)(
    '%s, %s, %i px wide: usable with assistance, nothing wider than the page',
    async (locale, colorScheme, width) => {
      const { page, complaints, close } = await open('runs?run=baseline&run=weighted', {
        ...{ locale, colorScheme, viewport: { width, height: 800 } },
      });
      await expect.poll(() => page.locator('.chart svg').count(), PATIENCE).toBe(9);
      await page.getByRole('grid').getByRole('row').nth(1).click();
      await expectUsable(page, `runs-${locale}-${width}`);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test('without any run, it says how to make one', async () => {
    const empty = await servePage([dataRoutes(join(folder, 'nothing')), toyApi()]);
    const { page, complaints, close } = await openPage(browser, `${empty.url}#/runs`);
    await page.getByText('아직 학습한 것이 없습니다').waitFor();
    expect(complaints).toEqual([]);
    await close();
    await empty.close();
  });
});
