// Pictures of the page and of the report.
//
//   node tools/page/screenshots.mjs page http://127.0.0.1:8080    the READMEs', in docs/images/, beside a running `korex serve`
//   node tools/page/screenshots.mjs report KO.html EN.html        theirs of a report of `npm start`, Korean and English
//   node tools/page/screenshots.mjs views http://127.0.0.1:8080 FOLDER [KO.html EN.html] [--only WORDS,…]
//       every view in both languages, light and dark, on a desktop and on phones of two widths, as
//       FOLDER/VIEW-LANGUAGE-THEME-DEVICE.png; --only runs,try-en takes those whose names hold one of these words;
//       ends with 1 where a view is wider than its window or the browser complains
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [what, ...given] = process.argv.slice(2);
const LOCALES = ['ko-KR', 'en'];
/** An example with two entities: the picture shows the answer as well. */
const EXAMPLE = 3;
/** What is drawn has come to rest once it stays the same for so long. */
const SETTLE_MS = 1000;
/** The most that anything is waited for: charts and answers take their time on a busy machine. */
const PATIENCE_MS = 120_000;

const openExample = async (page) => {
  await page.locator('.example').nth(EXAMPLE).click();
  await page.locator('.arcs text').first().waitFor();
  await page.locator('h1').click();
};

const PICTURES = {
  page: {
    viewport: { width: 1000, height: 1010 },
    addresses: ([address]) => LOCALES.map(() => `${address}/#/try`),
    prepare: openExample,
  },
  report: {
    viewport: { width: 960, height: 1240 },
    addresses: (files) => files.map((file) => pathToFileURL(file).href),
    prepare: async () => {},
  },
};

const VIEWPORTS = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
  small: { width: 320, height: 640 },
};
const SAMPLE = fileURLToPath(new URL('../../data/sample/klue-re-sample_dev.json', import.meta.url));
/** Rows of the file that Batch is given. */
const BATCH_ROWS = 40;

/** What is opened, and what is done there before the picture is taken. */
const viewsOf = async (address, reports) => {
  const runs = await (await fetch(`${address}/app/api/runs`)).json();
  const finished = runs.filter(({ status }) => status === 'finished').map(({ name }) => name);
  const hash = (view, params = []) => `${address}/#/${view}?${new URLSearchParams(params)}`;
  return {
    try: { at: () => hash('try'), prepare: openExample },
    text: { at: () => hash('text'), prepare: (page) => page.locator('.graph-place canvas').first().waitFor() },
    explain: { at: () => hash('explain'), prepare: (page) => page.locator('.explain-top').waitFor() },
    data: { at: () => hash('data'), prepare: (page) => page.getByRole('row').nth(2).click() },
    runs: { at: () => hash('runs') },
    'runs-two': {
      at: () =>
        hash(
          'runs',
          finished.slice(-2).map((name) => ['run', name]),
        ),
      prepare: (page) => page.getByRole('grid').first().getByRole('row').nth(1).click(),
    },
    batch: {
      at: () => hash('batch'),
      prepare: async (page) => {
        const rows = JSON.parse(readFileSync(SAMPLE, 'utf8')).slice(0, BATCH_ROWS);
        const buffer = Buffer.from(JSON.stringify(rows));
        await page
          .locator('input[type=file]')
          .setInputFiles({ name: 'rows.json', mimeType: 'application/json', buffer });
        await page.getByRole('grid').waitFor();
      },
    },
    docs: { at: () => `${address}/docs` },
    ...(reports.length > 0 && { report: { at: (i) => pathToFileURL(reports[i]).href } }),
  };
};

function usage() {
  console.error(
    'Usage: screenshots.mjs page ADDRESS | report KO.html EN.html | views ADDRESS FOLDER [KO.html EN.html] [--only WORDS,…]',
  );
  process.exit(2);
}

/** What is being read, charts that are still to be drawn, and how much there is on the page. */
const STATE = `[
  document.querySelectorAll('[aria-busy=true]').length,
  [...document.querySelectorAll('.chart-place')].filter((place) => !place.querySelector(':scope > :not(.chart-drawing) svg')).length,
  document.body.innerHTML.length,
]`;

/** Waits until nothing is being read or drawn and nothing changes any more. */
async function settled(page) {
  const until = Date.now() + PATIENCE_MS;
  for (let last = ''; Date.now() < until; ) {
    const [busy, undrawn, size] = await page.evaluate(STATE);
    const now = `${busy} ${undrawn} ${size}`;
    if (busy === 0 && undrawn === 0 && now === last) return;
    last = now;
    await page.waitForTimeout(SETTLE_MS);
  }
}

const launch = () =>
  chromium.launch({
    executablePath: process.env.KOREX_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });

async function takePictures(picture) {
  const browser = await launch();
  for (const [index, address] of picture.addresses(given).entries()) {
    const locale = LOCALES[index];
    const page = await browser.newPage({ locale, colorScheme: 'light', viewport: picture.viewport });
    await page.goto(address);
    await picture.prepare(page);
    const file = `${what}${locale === 'en' ? '.en' : ''}.png`;
    await page.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${file}`, import.meta.url)) });
  }
  await browser.close();
}

/** Whether all views were as they should be; what was not is told. */
async function takeViews(address, folder, reports, only) {
  mkdirSync(folder, { recursive: true });
  const views = Object.entries(await viewsOf(address, reports));
  const browser = await launch();
  let isFine = true;
  for (const [name, { at, prepare = async () => {} }] of views)
    for (const [index, locale] of LOCALES.entries())
      for (const colorScheme of ['light', 'dark'])
        for (const [device, viewport] of Object.entries(VIEWPORTS)) {
          const file = `${name}-${locale.slice(0, 2)}-${colorScheme}-${device}.png`;
          if (!only.some((words) => file.includes(words))) continue;
          const complain = (text) => {
            isFine = false;
            console.error(`${file}: ${text}`);
          };
          const context = await browser.newContext({ locale, colorScheme, viewport });
          const page = await context.newPage();
          page.setDefaultTimeout(PATIENCE_MS);
          page.on('pageerror', (error) => complain(error.message));
          page.on('console', (message) => message.type() === 'error' && complain(message.text()));
          await page.goto(at(index), { waitUntil: 'networkidle' });
          await prepare(page).catch((error) => complain(error.message.split('\n')[0]));
          await settled(page);
          // The header stays in sight: in a picture of the whole page it belongs at its top.
          await page.evaluate('scrollTo(0, 0)');
          const width = await page.evaluate('document.documentElement.scrollWidth');
          if (width > viewport.width) complain(`${width} px wide`);
          await page
            .screenshot({ path: join(folder, file), fullPage: true, timeout: PATIENCE_MS })
            .catch((error) => complain(error.message.split('\n')[0]));
          await context.close();
        }
  await browser.close();
  return isFine;
}

if (what === 'views') {
  const flag = given.indexOf('--only');
  const [, names] = flag < 0 ? [] : given.splice(flag, 2);
  const [address, folder, ...reports] = given;
  if (folder === undefined || ![0, LOCALES.length].includes(reports.length)) usage();
  const isFine = await takeViews(address.replace(/\/$/, ''), folder, reports, names?.split(',') ?? ['']);
  if (!isFine) process.exitCode = 1;
} else {
  const picture = PICTURES[what];
  if (picture === undefined || given.length !== (what === 'page' ? 1 : LOCALES.length)) usage();
  await takePictures(picture);
}
