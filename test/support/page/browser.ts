import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { lacks } from '../needs.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium on this machine: `KOREX_CHROMIUM`, else the first on the PATH; null where there is none. */
const chromiumPath: string | null =
  process.env.KOREX_CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable) ??
  null;

export const lacksChromium = lacks('Chromium (KOREX_CHROMIUM, or on the PATH)', chromiumPath !== null);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath!,
    // Containers give Chromium neither a sandbox nor a large /dev/shm.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors, refused or failed requests, requests to other origins: what must be empty at the end. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** How long anything on a page is waited for; a machine that does much else may need more. */
const PATIENCE_MS = Number(process.env.KOREX_PATIENCE_MS ?? 10_000);

/** A page in a context of its own that notes everything a good page never does. Failures of `expected` statuses are no complaint. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { expectedStatuses?: readonly number[] } = {},
): Promise<WatchedPage> {
  const { expectedStatuses = [], ...contextOptions } = options;
  const context = await browser.newContext({
    locale: 'ko-KR',
    viewport: { width: 1280, height: 900 },
    ...contextOptions,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    const text = message.text();
    const isExpected = expectedStatuses.some((status) => text.includes(`status of ${status}`));
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && protocol !== 'blob:') complaints.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** Languages, colours and widths that every view is looked at in. */
export const LOOKS = [
  ['ko-KR', 'light', 1280],
  ['en-GB', 'dark', 1280],
  ['ko-KR', 'dark', 360],
] as const;

/** Nothing of the view is wider than the page or out of reach of assistance; `KOREX_SHOTS` names a folder for a picture of it. */
export async function expectUsable(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400);
  if (process.env.KOREX_SHOTS)
    await page.screenshot({ path: `${process.env.KOREX_SHOTS}/${name}.png`, fullPage: true });
  expect(await seriousFindings(page)).toEqual([]);
  const { width } = page.viewportSize()!;
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
}

const axeSource = createRequire(import.meta.url)('axe-core').source as string;

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Findings of axe-core that are serious or critical, one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // An answer that waits for the next one is dimmed on purpose.
  await page.locator('.waits').first().waitFor({ state: 'detached' });
  await page.evaluate(axeSource);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary ?? ''}`),
    );
}
