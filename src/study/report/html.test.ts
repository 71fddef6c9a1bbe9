import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderPage } from './html.ts';

let root: string;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" role="img" aria-label="old"><defs><clipPath id="clip0"><rect/></clipPath></defs><g clip-path="url(#clip0)"><text fill="#1f2933">관계</text></g></svg>`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'korex-report-'));
  await mkdir(join(root, '01'));
  await mkdir(join(root, 'report'));
  await writeFile(join(root, '01', 'labels.svg'), SVG);
  await writeFile(join(root, '01', 'active.svg'), SVG.replace('<g ', '<script>alert(1)</script><g '));
});
afterAll(() => rm(root, { recursive: true }));

const page = (markdown: string) => renderPage(markdown, { lang: 'ko', folder: join(root, 'report'), root });
const bodyOf = (html: string) => /<main[^>]*>\n([\s\S]*)<\/main>/.exec(html)?.[1];

test('HTML inside the report comes out as text, wherever it is', async () => {
  const hostile = '<script>alert(1)</script>';
  const html = await page(
    `# ${hostile}\n\n## <img src=x onerror=alert(1)>\n\n${hostile}\n\na ${hostile} b **${hostile}**\n\n| ${hostile} |\n| --- |\n| ${hostile} |\n\n\`${hostile}\`\n\n![<b "x'>](../01/labels.svg)\n`,
  );
  expect(html).not.toMatch(/<script|<img|onerror=[^&]*>(?!&)/i);
  expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(6);
  expect(html).toContain('aria-label="&lt;b &quot;x&#39;&gt;"');
});

test('links keep harmless targets only', async () => {
  const body = bodyOf(
    await page(
      '[a](javascript:alert(1)) [b](https://klue-benchmark.com) [c](../01/labels.svg) [d](data:text/html,x)\n',
    ),
  );
  expect(body).toBe('<p>a <a href="https://klue-benchmark.com">b</a> <a href="../01/labels.svg">c</a> d</p>\n');
});

test('figures are inlined with their alt text, page colours and ids of their own', async () => {
  const body = bodyOf(await page('![라벨 분포](../01/labels.svg)\n\n![다시](../01/labels.svg "그림 2")\n'))!;
  expect(body.match(/<figure/g)).toHaveLength(2);
  expect(body).toContain('role="img" aria-label="라벨 분포"');
  expect(body).toContain('<figcaption>그림 2</figcaption>');
  expect(body).not.toContain('aria-label="old"');
  expect(body).toContain('fill="var(--chart-text, #1f2933)"');
  const ids = [...body.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);
  expect(ids).toEqual(['f1-clip0', 'f2-clip0']);
  expect([...body.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1])).toEqual(ids);
});

test('a figure that could run something, or lies outside the results, is named but not shown', async () => {
  const body = bodyOf(
    await page(
      '![scripted](../01/active.svg)\n\n![outside](../../secret.svg)\n\n![remote](https://example.org/a.svg)\n',
    ),
  );
  expect(body).not.toContain('<svg');
  expect(body).toContain('<span class="missing">scripted</span>');
  expect(body).toContain('<span class="missing">outside</span>');
  expect(body).toContain('<span class="missing">remote</span>');
});

test('a figure that no stage has written is an error that names it', async () => {
  await expect(page('![x](../01/none.svg)\n')).rejects.toThrow(/none\.svg/);
});

test('headings have anchors as on GitHub, and the contents lead to them', async () => {
  const html = await page('# 보고서\n\n## 1. 탐색적 분석 (EDA)\n\n## 1. 탐색적 분석 (EDA)\n');
  expect(html).toContain('<h2 id="1-탐색적-분석-eda">');
  expect(html).toContain('<a href="#1-탐색적-분석-eda-1">');
  expect(html).toContain('<title>보고서</title>');
  expect(html).toContain('<html lang="ko">');
});

test('a page asks nothing of the network', async () => {
  const html = await page('# t\n\n![라벨](../01/labels.svg)\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n');
  const addresses = [...html.matchAll(/(?:src|href|url\(|@import)[=\s("']*([a-z]+:[^"')\s]*)/gi)].map(
    (match) => match[1],
  );
  expect(addresses).toEqual([]);
  expect(html).toContain('<svg');
  expect(html).toContain(`content="default-src 'none';`);
});

test('tables scroll, align and have headers', async () => {
  expect(bodyOf(await page('| 지표 | 값 |\n| --- | ---: |\n| 정확도 | 0.5 |\n'))).toMatchInlineSnapshot(`
    "<div class="scroll" role="region" aria-label="표" tabindex="0"><table>
    <thead><tr><th scope="col">지표</th><th scope="col" class="right">값</th></tr></thead>
    <tbody>
    <tr><td>정확도</td><td class="right">0.5</td></tr>
    </tbody>
    </table></div>
    "
  `);
});
