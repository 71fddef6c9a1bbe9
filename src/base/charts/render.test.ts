import { expect, test } from 'vitest';
import { toBins } from './histogram.ts';
import { pairedBars } from './pairedBars.ts';
import { renderSvg } from './render.ts';
import type { VegaLiteSpec } from './spec.ts';
import { INK, themeableSvg } from './theme.ts';

const series = ['학습', '평가'] as const;
const bars = (name: string) =>
  pairedBars({
    title: '라벨 분포',
    series,
    valueTitle: '비율',
    ratioTitle: '비',
    rows: [
      { name, values: [0.75, 0.25], texts: ['3', '1'] },
      { name: '없음', values: [0, 0.75], texts: ['0', '3'] },
    ],
  });
const clipped: VegaLiteSpec = {
  data: { values: [{ x: 1, y: 2 }] },
  mark: { type: 'bar', clip: true },
  encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
};

test('the same chart gives the same bytes, whatever was drawn before; ids differ between pictures', async () => {
  const first = await renderSvg(clipped);
  await renderSvg({ ...clipped, width: 99 });
  expect(await renderSvg(clipped)).toBe(first);
  const idOf = (svg: string) => /url\(#([^)]+)\)/.exec(svg)?.[1];
  expect(first).toContain(`id="${idOf(first)}"`);
  expect(idOf(await renderSvg({ ...clipped, width: 99 }))).not.toBe(idOf(first));
});

test('long Korean names are neither cut nor outside of the picture', async () => {
  const widthOf = (svg: string) => Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
  const long = '조직의 정치적 또는 종교적 성향을 나타내는 아주 긴 라벨 이름';
  const [short, wide] = [await renderSvg(bars('짧은 이름')), await renderSvg(bars(long))];
  expect(wide).toContain(`>${long}<`);
  expect(widthOf(wide) - widthOf(short)).toBeGreaterThan(12 * ([...long].length - 5) * 0.8);
});

test('special characters of a description are escaped', async () => {
  expect(await renderSvg({ ...clipped, description: 'a "b" <c> & d' })).toContain(
    'aria-label="a &quot;b&quot; &lt;c&gt; &amp; d"',
  );
});

test('the inks become variables for a page, the surface too, colours of the data do not', async () => {
  const svg = await renderSvg(bars('관계'));
  const themed = themeableSvg(svg);
  expect(svg).toContain(`fill="${INK.surface}"`);
  expect(themed).toContain('fill="var(--chart-surface, #ffffff)"');
  expect(themed).toContain('fill="var(--chart-text, #1f2933)"');
  expect(themed).toContain('fill="#2b7bba"');
});

test('values are counted into bins, those beyond into the last', () => {
  expect(toBins(10, 2, [0, 9.9, 10, 500], [])).toEqual([
    { start: 0, end: 10, shares: [0.5, 0] },
    { start: 10, end: 20, shares: [0.5, 0] },
  ]);
});
