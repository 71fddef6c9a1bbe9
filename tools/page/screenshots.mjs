// The READMEs' pictures of the page: `node tools/page/screenshots.mjs http://127.0.0.1:8080` beside a running `korex serve`.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [address] = process.argv.slice(2);
if (address === undefined) {
  console.error('Give the address of a running korex serve, e.g. http://127.0.0.1:8080');
  process.exit(2);
}
/** Two entities: the picture shows the answer as well. */
const EXAMPLE = 3;

const browser = await chromium.launch({
  executablePath: process.env.KOREX_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const [locale, file] of [
  ['ko-KR', 'page.png'],
  ['en', 'page.en.png'],
]) {
  const page = await browser.newPage({ locale, colorScheme: 'light', viewport: { width: 1000, height: 1010 } });
  await page.goto(`${address}/#/try`);
  await page.locator('.example').nth(EXAMPLE).click();
  await page.locator('.arcs text').first().waitFor();
  await page.locator('h1').click();
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${file}`, import.meta.url)) });
}
await browser.close();
