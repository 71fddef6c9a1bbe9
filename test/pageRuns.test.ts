import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERIES } from '../src/base/charts/theme.ts';
import { writeJson } from '../src/base/core/files.ts';
import { TRAINING_FOLDER } from '../src/engine/runs/runFolder.ts';
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
const WEIGHTED = SERIES[1];
/** A section of the view; tables in it are regions of the same name. */
const section = (page: Page, name: string) => page.locator(`.run-section[aria-label="${name}"]`);

describe.skipIf(lacksChromium)('the Runs view', () => {
  let folder: string;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'korex-view-'));
    const sample = await sampleSides(folder, 120);
    await writeFinishedRun(folder, 'baseline', sample, { skill: 0.8, plan: somePlan(), isCalibrated: true });
    await writeFinishedRun(folder, 'weighted', sample, { skill: 0.5, plan: somePlan({ loss: 'weighted' }) });
    await writeFinishedRun(folder, 'misled', sample, { skill: 0.7, plan: somePlan(), isCalibrated: true });
    const path = join(folder, TRAINING_FOLDER, 'misled', 'best', 'calibration.json');
    const { before, after, ...rest } = JSON.parse(await readFile(path, 'utf8'));
    await writeJson(path, { ...rest, before: after, after: before });
    await writeAnalysis(folder, await analyzeErrors(analysisInput({ run: 'weighted' })));
    [browser, server] = await Promise.all([launchBrowser(), servePage([dataRoutes(folder), toyApi()])]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (hash = 'runs', options = {}) => openPage(browser, `${server.url}#/${hash}`, options);

  test('every section compares the runs that are ticked, each in its colour', async () => {
    const { page, complaints, close } = await open('runs?run=baseline&run=weighted');
    const figures = page.getByRole('region', { name: '평가 지표와 95% 신뢰 구간' }).first();
    await figures.getByRole('row', { name: /^baseline 0\.\d{3}/ }).waitFor();
    for (const name of ['평가 지표와 95% 신뢰 구간', '학습 곡선', '관계별 F1', '혼동', '행별 답', '신뢰도 보정'])
      expect(await section(page, name).locator('.run-legend').first().textContent()).toBe('baselineweighted');
    // Wherever a run is drawn or named, its colour is the same.
    const colours = (await page.evaluate(`[...document.querySelectorAll('.run-name')]
      .filter((name) => name.textContent === 'weighted')
      .map((name) => name.querySelector('.run-swatch').style.background)`)) as string[];
    expect(colours.length).toBeGreaterThan(6);
    expect(new Set(colours).size).toBe(1);
    await expect
      .poll(() => page.locator(`#runs-classes svg path[fill="${WEIGHTED}"]`).count(), PATIENCE)
      .toBeGreaterThan(5);
    expect(await page.locator(`#runs-metrics svg path[fill="${WEIGHTED}"]`).count()).toBe(4);
    expect(await page.locator(`#runs-curves svg path[stroke="${WEIGHTED}"]`).count()).toBeGreaterThan(1);
    await expect.poll(() => page.locator('#runs-confusions .run-matrices svg').count(), PATIENCE).toBe(2);

    const settings = page.getByRole('region', { name: '설정' }).last();
    expect(await settings.getByRole('rowheader').allTextContents()).toEqual([expect.stringContaining('--loss')]);
    await page.getByLabel('다른 설정만').uncheck();
    await expect.poll(() => settings.getByRole('rowheader').count()).toBeGreaterThan(20);
    await page.getByRole('checkbox', { name: /^baseline/ }).uncheck();
    await expect.poll(() => page.url(), PATIENCE).toMatch(/run=weighted&(at=\w+&)?settings=all$/);
    await expect.poll(() => section(page, '관계별 F1').locator('.run-legend').textContent(), PATIENCE).toBe('weighted');
    // One run alone keeps the colour that it had beside the other.
    await expect.poll(() => page.locator(`#runs-metrics svg path[fill="${WEIGHTED}"]`).count(), PATIENCE).toBe(4);
    await page.getByRole('checkbox', { name: /^weighted/ }).uncheck();
    await page.getByText('고른 학습이 없습니다').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('the table of contents leads to a section; the address opens the view there again, as it was left', async () => {
    const { page, complaints, close } = await open('runs?run=baseline&run=weighted');
    await page.getByRole('navigation', { name: '이 화면의 차례' }).getByRole('link', { name: '행별 답' }).click();
    await expect.poll(() => page.url(), PATIENCE).toContain('at=answers');
    const panel = section(page, '행별 답');
    await panel.getByRole('button', { name: /^baseline 쪽만 맞힘/ }).click();
    await panel.getByRole('searchbox').fill('에서');
    await expect.poll(() => page.url(), PATIENCE).toContain('outcome=10&q=');
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toMatch(/^\d+행$/);
    const shown = await panel.getByRole('status').textContent();
    await page.reload();
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe(shown);
    expect(await panel.getByRole('button', { name: /^baseline 쪽만 맞힘/ }).getAttribute('aria-pressed')).toBe('true');
    const isInSight = async () => {
      const { y } = (await panel.boundingBox())!;
      return y > -100 && y < 500;
    };
    await expect.poll(isInSight, PATIENCE).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('rows that one run has right and another wrong stand with both answers and confidences', async () => {
    const { page, complaints, close } = await open('runs?run=baseline&run=weighted');
    const panel = section(page, '행별 답');
    const choices = panel.getByRole('group', { name: '결과' }).getByRole('button');
    await expect.poll(() => choices.count(), PATIENCE).toBe(6);
    const rowsOf = async (name: RegExp) =>
      Number(/\d+$/.exec((await choices.filter({ hasText: name }).textContent())!)![0]);
    const [all, differ] = [await rowsOf(/^모든 행/), await rowsOf(/^엇갈린 행/)];
    expect(all).toBe(120);
    expect((await rowsOf(/^baseline/)) + (await rowsOf(/^weighted/))).toBe(differ);
    expect(await panel.getByRole('status').textContent()).toBe(`${differ}행`);
    const row = panel.getByRole('row').nth(1);
    expect(await row.textContent()).toMatch(/%.*[✓✗].*%.*[✓✗]/);
    expect(await panel.getByRole('columnheader').allTextContents()).toEqual(['문장', '정답', 'baseline', 'weighted']);
    await panel.getByText('맥니마 검정').waitFor();
    await row.click();
    const details = page.getByRole('region', { name: '고른 행' });
    expect(await details.locator('mark').count()).toBe(2);
    expect(await details.locator('.pbar').count()).toBe(6);
    await choices.filter({ hasText: '모두 틀림' }).click();
    const wrong = await rowsOf(/^모두 틀림/);
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe(`${wrong}행`);
    await panel.getByRole('button', { name: '조건 지우기' }).click();
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe(`${differ}행`);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a cell of a confusion matrix opens the rows behind it', async () => {
    const { page, complaints, close } = await open('runs?run=weighted');
    const [matrices, panel] = [section(page, '혼동'), section(page, '행별 답')];
    const cell = matrices.locator('svg').last().locator('g.mark-text.role-mark text').nth(1);
    await expect
      .poll(() => matrices.locator('svg').last().locator('g.mark-text.role-mark text').count(), PATIENCE)
      .toBeGreaterThan(20);
    const count = await cell.textContent();
    await cell.click();
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe(`${count}행`);
    const gold = await panel.getByRole('combobox', { name: '정답', exact: true }).inputValue();
    const predicted = await panel.getByRole('combobox', { name: '예측', exact: true }).inputValue();
    expect([gold, predicted]).not.toContain('');
    expect(new URL(page.url()).hash).toContain(`by=weighted`);
    await panel.getByRole('row').nth(1).click();
    expect(await page.getByRole('region', { name: '고른 행' }).locator('.pbar').count()).toBe(3);
    await panel.getByRole('combobox', { name: '정답', exact: true }).selectOption('');
    await panel.getByRole('combobox', { name: '예측', exact: true }).selectOption('');
    await expect.poll(() => panel.getByRole('status').textContent(), PATIENCE).toBe('120행');
    expect(complaints).toEqual([]);
    await close();
  });

  test('error analyses of the runs: classes, their sentences with training neighbours, slices, reliability', async () => {
    const { page, complaints, close } = await open('runs?run=baseline&run=weighted');
    const panel = section(page, '오류 분석');
    await panel.getByText('npx korex analyze --run baseline').waitFor();
    expect(await panel.locator('.run-legend').textContent()).toBe('weighted');
    await panel.getByRole('row', { name: /^weighted 9 \/ 68/ }).waitFor();
    await expect.poll(() => panel.locator('.chart svg').count(), PATIENCE).toBeGreaterThan(6);
    await panel.getByLabel('문장 보기').selectOption({ label: '방향이 뒤바뀜 (2)' });
    await expect.poll(() => page.url(), PATIENCE).toContain('cases=wrong_direction');
    const cases = panel.locator('.analysis-list > li');
    expect(await cases.count()).toBe(2);
    expect(await cases.first().locator('mark').count()).toBe(8);
    expect(await cases.first().textContent()).toContain('org:member_of');
    await cases.first().getByText('가장 가까운 학습 문장').click();
    expect(await cases.first().getByRole('listitem').count()).toBe(3);
    await panel.getByLabel('문장 보기').selectOption({ label: '모델이 강하게 반대한 행 (1)' });
    await expect.poll(() => cases.count()).toBe(1);
    await cases.getByText('신뢰도 93%–100%인 답은 1개 가운데 0개(0%)가 맞음').waitFor();
    await panel.getByText('표로 보기').first().click();
    expect(await panel.getByRole('row', { name: /^있는 관계를 놓침 2/ }).count()).toBe(1);
    expect(await panel.getByRole('region', { name: '드문 관계와 개선 방법' }).textContent()).toContain('per:religion');
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a calibration that made the confidence worse is said to have done so', async () => {
    const { page, complaints, close } = await open('runs?run=baseline&run=misled');
    const panel = section(page, '신뢰도 보정');
    await panel.getByText('baseline 보정으로 기대 보정 오차(ECE)가 줄었습니다(0.120 → 0.030)').waitFor();
    await panel.getByText('misled 보정으로 기대 보정 오차(ECE)가 오히려 커졌습니다(0.030 → 0.120)').waitFor();
    await expect.poll(() => panel.locator('svg').count(), PATIENCE).toBe(2);
    expect(complaints).toEqual([]);
    await close();
  });

  test.each([390, 320])('on a phone of %i px nothing scrolls sideways', async (width) => {
    const { page, complaints, close } = await open('runs?run=baseline&run=weighted', {
      ...{ locale: 'en-GB', viewport: { width, height: 800 } },
    });
    await expect.poll(() => page.locator('.chart svg').count(), PATIENCE).toBeGreaterThan(14);
    await page.waitForTimeout(400);
    // Tables of figures behind “Show as a table” may scroll, in themselves.
    const scrolling = `[...document.querySelectorAll('.chart-place, .run-section > .scroll-x, .vtable-scroll')]
      .filter((place) => place.scrollWidth > place.clientWidth + 1)
      .map((place) => place.getAttribute('aria-label'))`;
    expect(await page.evaluate(scrolling)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a curve grows while a run trains', async () => {
    await withLock(folder, async () => {
      await writeLiveRun(folder, 'growing', 12, 40);
      const { page, complaints, close } = await open('runs?run=growing');
      await page.getByText('12/40 스텝').waitFor();
      const lossTable = section(page, '학습 곡선').locator('.run-pair > div').first();
      await lossTable.getByText('표로 보기').click();
      const last = lossTable.getByRole('row').last().getByRole('cell').nth(1);
      await expect.poll(() => last.textContent(), PATIENCE).toBe('12');
      await writeLiveRun(folder, 'growing', 25, 40);
      await expect.poll(() => last.textContent(), PATIENCE).toBe('25');
      await page.getByText('25/40 스텝').waitFor();
      const validations = section(page, '학습 곡선').locator('.run-pair > div').nth(1);
      await validations.getByText('표로 보기').click();
      expect(await validations.getByRole('row').count()).toBe(3);
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
      await expect.poll(() => page.locator('.chart svg').count(), PATIENCE).toBeGreaterThan(14);
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
