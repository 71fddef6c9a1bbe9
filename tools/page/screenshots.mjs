// The pictures of the READMEs and of the guide, in docs/images/.
//
//   node tools/page/screenshots.mjs page http://127.0.0.1:8080    beside a running `korex serve`
//   node tools/page/screenshots.mjs report KO.html EN.html        reports of `npm start`, Korean and English
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [what, ...given] = process.argv.slice(2);
const LOCALES = ['ko-KR', 'en'];
/** An example with two entities: the picture shows the answer as well. */
const EXAMPLE = 3;

const PICTURES = {
  page: {
    viewport: { width: 1000, height: 1010 },
    addresses: ([address]) => LOCALES.map(() => `${address}/#/try`),
    prepare: async (page) => {
      await page.locator('.example').nth(EXAMPLE).click();
      await page.locator('.arcs text').first().waitFor();
      await page.locator('h1').click();
    },
  },
  report: {
    viewport: { width: 960, height: 1240 },
    addresses: (files) => files.map((file) => pathToFileURL(file).href),
    prepare: async () => {},
  },
};

const picture = PICTURES[what];
if (picture === undefined || given.length !== (what === 'page' ? 1 : LOCALES.length)) {
  console.error('Usage: screenshots.mjs page ADDRESS | screenshots.mjs report KO.html EN.html');
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.KOREX_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const [index, address] of picture.addresses(given).entries()) {
  const locale = LOCALES[index];
  const page = await browser.newPage({ locale, colorScheme: 'light', viewport: picture.viewport });
  await page.goto(address);
  await picture.prepare(page);
  const file = `${what}${locale === 'en' ? '.en' : ''}.png`;
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${file}`, import.meta.url)) });
}
await browser.close();
