import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_FOLDER } from '../src/app/serve/server.ts';
import type { LabelRound } from '../src/inference/predict/api/labelSchema.ts';
import { answerTo } from '../src/study/labelling/project.ts';
import { type LabelServer, startLabelServer } from './support/labelServer.ts';
import { expectUsable, LOOKS, lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';

const TEXTS = [
  '한빛전자는 서지우가 세운 회사이다.',
  '윤서진은 배한결과 결혼하였다.',
  '한빛전자의 본사는 가람시에 있다.',
  '서지우는 한빛전자에 들어갔다.',
  '배한결은 윤서진을 만났다.',
  '윤서진과 배한결이 왔다.',
];

describe.skipIf(lacksChromium)('the Label view', () => {
  let browser: Browser;
  let label: LabelServer;
  beforeAll(async () => {
    [browser, label] = await Promise.all([launchBrowser(), startLabelServer(TEXTS, {}, { pageFolder: PAGE_FOLDER })]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await label?.close();
  });

  const open = (query = '') => openPage(browser, `${label.server.url}/#/label?tab=desk${query}`);
  const guids = (text: number) => `&guids=${encodeURIComponent(`t${text}.txt@0`)}`;
  const isFinished = (page: Page) => page.getByText('조건에 맞는 문장을 모두 마쳤습니다.').waitFor();
  const said = (text: number) =>
    answerTo(label.project, text + 1)
      ?.decisions.map(({ relation }) => relation)
      .sort();

  test('a right suggestion takes one key; both directions are said, and the sentence is finished', async () => {
    const { page, complaints, close } = await open(guids(0));
    await page.locator('.label-choices').waitFor();
    await page.keyboard.press('Enter');
    await isFinished(page);
    expect(said(0)).toEqual(['no_relation', 'org:founded_by']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a wrong one takes a digit, or at most four keys; undo brings it back', async () => {
    const { page, complaints, close } = await open(guids(1));
    await page.locator('.label-choices').waitFor();
    await page.keyboard.press('0');
    await isFinished(page);
    expect(said(1)).toEqual(['no_relation', 'no_relation']);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: '되돌리기' }).click();
    await page.locator('.label-choices').waitFor();
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: '관계 찾기' }).waitFor();
    for (const key of ['s', 'i', 'Enter']) await page.keyboard.press(key);
    await isFinished(page);
    expect(said(1)).toEqual(['per:siblings', 'per:siblings']);
    expect(complaints).toEqual([]);
    await close();
  });

  test('entities are mended by keyboard, and what is asked follows', async () => {
    const { page, complaints, close } = await open(guids(2));
    await page.locator('.label-choices').waitFor();
    await page.keyboard.press('e');
    await page.locator('[role="listbox"]:focus').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.label-pairs li').count()).toBe(3);
    expect(label.project.history(3).at(-1)?.actions[0]).toMatchObject({
      kind: 'entities',
      entities: [{ start: 0 }, { start: 6 }, { start: 10 }],
    });
    expect(complaints).toEqual([]);
    await close();
  });

  test('skip, comment and history; two browsers at once', async () => {
    const first = await open(guids(3));
    await first.page.locator('.label-choices').waitFor();
    await first.page.keyboard.press('c');
    await first.page.getByLabel('이 문장에 남기는 메모').fill('애매함');
    await first.page.getByRole('button', { name: '저장' }).click();
    await expect.poll(() => label.project.state(4, 'me', 'label').comment).toBe('애매함');
    const second = await open(guids(3));
    await expect.poll(() => second.page.getByLabel('이 문장에 남기는 메모').inputValue()).toBe('애매함');
    await second.page.getByRole('button', { name: /^건너뛰기/ }).click();
    await isFinished(second.page);
    expect(label.project.state(4, 'me', 'label').status).toBe('skipped');
    expect([...first.complaints, ...second.complaints]).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  test('what people differ on is decided beside their answers', async () => {
    const [a, b] = [
      { start: 0, end: 2 },
      { start: 5, end: 7 },
    ];
    for (const [person, relation] of [
      ['가람', 'per:spouse'],
      ['나루', 'per:colleagues'],
    ] as const)
      label.project.act(person, {
        sentence: 5,
        actions: [
          { kind: 'entities', entities: [a, b].map((span) => ({ ...span, type: 'PER' })) },
          { kind: 'decide', decisions: [{ subject: a, object: b, relation }] },
          { kind: 'done' },
        ],
      });
    expect(answerTo(label.project, 5)?.disputed).toHaveLength(2);
    const { page, complaints, close } = await openPage(browser, `${label.server.url}/#/label?tab=people`);
    await page.getByRole('button', { name: '갈린 답 정하기' }).click();
    await page.getByText('나루의 답').waitFor();
    await page.locator('.label-choices').waitFor();
    await page.keyboard.press('0');
    await isFinished(page);
    expect(answerTo(label.project, 5)).toMatchObject({ disputed: [], decisions: [{ relation: 'no_relation' }, {}] });
    expect(complaints).toEqual([]);
    await close();
  });

  test('a training is asked for by a button, followed, and its model promoted when somebody says so', async () => {
    const figures = { accuracy: 0.5, micro_f1: 0.4, macro_f1: 0.3 };
    const round: LabelRound = {
      ...{ round: 1, model: 'try-1', began: '2026-01-01T00:00:00Z', ended: null, from: 'toy', error: null },
      ...{ rows: { training: 40, judging: 20, mixed: 0 }, progress: { title: 'epoch 1', done: 3, total: 9 } },
      ...{ state: 'running', result: null, promoted: false },
    };
    let rounds: LabelRound[] = [];
    const asked: string[] = [];
    const own = await startLabelServer(
      TEXTS.slice(0, 1),
      {
        leastRows: 0,
        rounds: async () => rounds,
        train: async (person) => void asked.push(`train ${person}`),
        promote: async (_, number) => void asked.push(`promote ${number}`),
      },
      { pageFolder: PAGE_FOLDER },
    );
    const { page, complaints, close } = await openPage(browser, `${own.server.url}/#/label?tab=train`);
    await page.getByRole('button', { name: '지금까지의 라벨로 다시 학습' }).click();
    await page.getByRole('button', { name: '학습하는 중' }).waitFor();
    rounds = [round];
    expect(await page.locator('.label-round progress').getAttribute('value')).toBe('3');
    const result = { old: figures, new: figures, only_new_right: 1, only_old_right: 1, p: 1, wins: false };
    rounds = [{ ...round, state: 'done', progress: null, result: { ...result, ece: 0.1, relations: [] } }];
    await page.getByText('새 모델이 낫다고 할 수 없습니다.').waitFor();
    expect(asked).toEqual(['train me']);
    await page.getByRole('button', { name: '이 모델이 답하게 하기' }).click();
    await expect.poll(() => asked).toEqual(['train me', 'promote 1']);
    expect(complaints).toEqual([]);
    await close();
    await own.close();
  });

  test.each(LOOKS)('%s %s %i: usable in every part', async (locale, colorScheme, width) => {
    const { page, close } = await openPage(browser, `${label.server.url}/#/label?tab=desk${guids(5)}`, {
      locale,
      colorScheme,
      viewport: { width, height: 900 },
    });
    await page.locator('.label-choices').waitFor();
    await expectUsable(page, `label-${locale}-${colorScheme}-${width}`);
    for (const tab of ['guide', 'list', 'people', 'train', 'export']) {
      await page.goto(`${label.server.url}/#/label?tab=${tab}`);
      await page.locator('.label-view > .panel').nth(1).waitFor();
      await expectUsable(page, `label-${tab}-${locale}-${colorScheme}-${width}`);
    }
    await close();
  });
});
