import { expect, test } from 'vitest';
import { dumbbell } from './dumbbell.ts';
import { forestPlot } from './forestPlot.ts';
import { renderSvg } from './render.ts';
import { type RunCurves, runCurves } from './runCurves.ts';

const broken = /NaN|undefined|Infinity|\[object/;

test('curves of several runs stand in one picture of bounded size', async () => {
  const points = (count: number) => Array.from({ length: count }, (_, i) => ({ step: i + 1, value: 2 / (1 + i) }));
  const chart = (count: number): RunCurves => ({
    ...{ title: 'Loss', xTitle: 'Step', yTitle: 'loss', show: 'trend', isShare: false },
    runs: [
      { name: 'one', points: points(count) },
      { name: 'two', points: points(3) },
      { name: 'none yet', points: [] },
    ],
  });
  const long = await renderSvg({ ...runCurves(chart(20_000)), width: 400 } as ReturnType<typeof runCurves>);
  const short = await renderSvg({ ...runCurves(chart(500)), width: 400 } as ReturnType<typeof runCurves>);
  expect(long.length).toBeLessThan(1.2 * short.length);
  for (const text of ['one', 'two', 'none yet', 'Step']) expect(long).toContain(`>${text}<`);
  expect(long).not.toMatch(broken);
});

test('before and after stand in the order given, with their differences', async () => {
  const svg = await renderSvg(
    dumbbell({
      ...{ title: 'F1', valueTitle: 'F1', series: ['before', 'after'] },
      rows: [
        { name: 'better', values: [0.2, 0.5] },
        { name: 'same', values: [0.4, 0.4] },
        { name: 'worse', values: [1, 0.75] },
      ],
    }),
  );
  expect(svg).toContain('>+0.30<');
  expect(svg).toContain('>−0.25<');
  expect(svg.indexOf('>better<')).toBeLessThan(svg.indexOf('>worse<'));
  expect(svg).not.toMatch(broken);
});

test('differences stand with intervals, verdicts and costs, and the legend names verdicts that occur', async () => {
  const svg = await renderSvg(
    forestPlot({
      ...{ title: 'Techniques', differenceTitle: 'Difference', costTitle: 'Time' },
      verdicts: { gain: 'gain', same: 'no difference', loss: 'loss', open: 'not yet' },
      rows: [
        { name: 'better', difference: 0.05, low: 0.02, high: 0.08, verdict: 'gain', cost: 1.25 },
        { name: 'half done', difference: -0.01, low: -0.05, high: 0.03, verdict: 'open', cost: null },
      ],
    }),
  );
  for (const text of ['+0.050', '−0.010', '×1.25', '–', 'gain', 'not yet', 'better'])
    expect(svg).toContain(`>${text}<`);
  for (const text of ['no difference', 'loss']) expect(svg).not.toContain(`>${text}<`);
  expect(svg).not.toMatch(broken);
});
