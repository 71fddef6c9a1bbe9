import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KLUE_ENTITY_TYPES, KLUE_LABELS } from '../src/base/data/relations.ts';
import { createRelationModel, saveRelationModel, type TaskSpec } from '../src/engine/nn/relationModel.ts';
import { LABEL_SCHEMAS } from '../src/inference/predict/api/labelSchema.ts';
import { API_SCHEMAS } from '../src/inference/predict/schema.ts';
import { lacks } from './support/needs.ts';
import { lacksChromium, launchBrowser, openPage } from './support/page/browser.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';

// The tutorial of labelling, followed in a browser: its commands, in its order, with a tiny model in the place of the one in
// the box and a free port.

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/app/cli/main.js');
const PAGES = ['docs/tutorial-label.md', 'docs/tutorial-label.ko.md'];
const ROWS = 60;

/** The command lines of a page, each as its words. */
const commandsOf = (page: string): string[][] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^npx korex (.+)$/gm)].map(([, line]) =>
    [...line!.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!),
  );
const COMMANDS = commandsOf(PAGES[0]!);
const command = (name: string, ...holding: string[]): string[] =>
  COMMANDS.find((words) => words[0] === name && holding.every((word) => words.includes(word)))!;

test('the tutorial says the same commands in both languages, in the order in which they are followed', () => {
  expect(commandsOf(PAGES[1]!)).toEqual(COMMANDS);
  expect(COMMANDS.map(([name]) => name)).toEqual(['extract', 'label', 'retrain', 'retrain', 'serve', 'predict']);
});

/** What somebody says who knows: the relation of a sentence and whether its second person comes first. */
function truth(sentence: string): { readonly relation: string; readonly isBack: boolean } | null {
  if (/배웠다|익혔다/.test(sentence)) return { relation: 'teaches', isBack: true };
  if (/가르|스승/.test(sentence)) return { relation: 'teaches', isBack: false };
  if (/맞붙|다투|겨루/.test(sentence)) return { relation: 'competes_with', isBack: false };
  if (/함께|같이/.test(sentence)) return { relation: 'works_with', isBack: false };
  return null;
}

describe.skipIf(lacks('the build (npm run build)', existsSync(main)) || lacksChromium)('the tutorial', () => {
  let folder: string;
  let browser: Browser;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'korex-tutorial-'));
    browser = await launchBrowser();
    await cp(join(root, 'data/tutorial-texts'), join(folder, 'workshop'), { recursive: true });
    await writeTinyEncoder(join(folder, 'encoder'));
    const labelSet = { labels: KLUE_LABELS, noRelation: 'no_relation' };
    const task: TaskSpec = {
      ...{ marker: 'typed-punct', head: 'entity-start', maxLength: 64 },
      ...{ labelSet, entityTypes: KLUE_ENTITY_TYPES },
    };
    const model = await createRelationModel(join(folder, 'encoder'), task, { layers: null, seed: 3 });
    await saveRelationModel(join(folder, 'tiny'), model);
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill();
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (words: readonly string[], ...more: readonly string[]) => {
    const child = spawn(process.execPath, [main, ...words, ...more], { cwd: folder });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.err += text;
    });
    return { child, said };
  };
  const done = async (words: readonly string[], ...more: readonly string[]): Promise<string> => {
    const { child, said } = start(words, ...more);
    const [code] = await once(child, 'close');
    expect(code, said.err).toBe(0);
    return said.out;
  };
  /** Starts a server and gives its address. */
  const serving = async (words: readonly string[], ...more: readonly string[]) => {
    const { child, said } = start(words, '--port', '0', ...more);
    const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said.err + said.out)?.[0];
    await expect.poll(address, { timeout: 60_000, interval: 50 }).toBeDefined();
    return { child, url: address()! };
  };
  const projectOf = async (url: string) =>
    LABEL_SCHEMAS.LabelProject.parse(await (await fetch(`${url}/v1/label/project`)).json());

  /** Answers the pair at hand by a key; a sentence without one is finished as it is. */
  const labelOne = async (page: Page) => {
    const at = (selector: string) => page.locator(selector).allTextContents();
    const seen = async () => JSON.stringify([await at('.stage-text'), await at('.label-pairs [aria-current]')]);
    const before = await seen();
    const [text] = await at('.stage-text');
    const [pair] = await at('.label-pairs [aria-current] [lang=ko]');
    const said = truth(text!);
    const [first, second] = pair?.split(' – ') ?? [];
    // Names of people have three syllables here; what else was found has no relation.
    const isAsked = said !== null && first?.length === 3 && second?.length === 3;
    const [from, to] = said?.isBack ? [second, first] : [first, second];
    const answer = (await at('.label-choices button')).find((words) =>
      new RegExp(`^\\d${from} [→↔] ${to}: ${said?.relation}`).test(words),
    );
    await page.keyboard.press(pair === undefined ? 'Enter' : isAsked ? answer![0]! : '0');
    await expect.poll(seen, { timeout: 30_000, interval: 20 }).not.toBe(before);
  };

  test('raw text, extracted, labelled, retrained, compared, promoted and served', async () => {
    const model = ['--model', join(folder, 'tiny')];
    await done(command('extract'), ...model);
    expect(readFileSync(join(folder, 'graph.html'), 'utf8')).toContain('김도현');

    const label = await serving(command('label'), ...model);
    const { page, complaints, close } = await openPage(browser, `${label.url}/#/label`);
    await page.getByRole('button', { name: '지침' }).click();
    for (const relation of ['competes_with', 'works_with']) {
      await page.getByRole('button', { name: `고치기: ${relation}` }).click();
      await page.getByLabel('반대 방향의 관계').selectOption(relation);
      await page.getByRole('button', { name: '저장' }).click();
      await page.locator('.label-form').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: '라벨 달기', exact: true }).click();
    await page.locator('.label-choices').waitFor();
    while ((await projectOf(label.url)).counts.pairs < ROWS) await labelOne(page);

    await page.getByRole('button', { name: '학습', exact: true }).click();
    const train = page.getByRole('button', { name: '지금까지의 라벨로 다시 학습' });
    await train.click();
    await page.getByRole('button', { name: '학습하는 중' }).waitFor();
    await page.locator('.label-round').getByText('진행 중').waitFor({ timeout: 60_000 });
    await page.locator('.label-round').getByText('끝남').waitFor({ timeout: 120_000 });

    // Where the new model won, it is promoted already, and the server changes over.
    expect(await page.locator('.label-round table').textContent()).toContain('teaches');
    const promote = page.getByRole('button', { name: '이 모델이 답하게 하기' });
    if (await promote.isVisible()) await promote.click();
    await page.locator('.label-head').getByText('workshop-1').waitFor({ timeout: 60_000 });
    // Both models on rows that were not trained on, and each relation of them.
    const [round] = (await projectOf(label.url)).rounds;
    expect(round).toMatchObject({ model: 'workshop-1', from: 'tiny', state: 'done', promoted: true });
    expect(round!.rows!.training + round!.rows!.judging).toBeGreaterThanOrEqual(ROWS);
    await page.locator('footer').getByText('workshop-1').waitFor();
    // While another model takes over, the page asks in vain for a moment.
    expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    await close();
    label.child.kill();

    // What the page's button did, the command does, too.
    await done(command('retrain', '--promote'));
    const { url } = await serving(command('serve'));
    const served = API_SCHEMAS.ModelResponse.parse(await (await fetch(`${url}/v1/model`)).json());
    expect(served.id).toBe('workshop-1');
    expect(served.labels.map(({ relation }) => relation)).toEqual([
      'no_relation',
      'teaches',
      'competes_with',
      'works_with',
    ]);
    expect(await done(command('predict'))).toMatch(/teaches|competes_with|works_with|no_relation|관계/);
  }, 300_000);
});
