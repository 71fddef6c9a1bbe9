import { expect, test } from 'vitest';
import { renderSvg } from './render.ts';
import { type RunCurves, runCurves } from './runCurves.ts';
import { movingAverage, trainingCurve } from './trainingCurve.ts';

const steps = (count: number) => Array.from({ length: count }, (_, i) => ({ step: i + 1, loss: 3 / (1 + i) }));
const epoch = (number: number, step: number) => ({
  epoch: number,
  step,
  accuracy: 0.7,
  macro_f1: 0.2 * number,
  micro_f1: 0.5,
});

test('the moving average is over what came before, fewer at the start', () => {
  expect(movingAverage([4, 2, 6, 0], 2)).toEqual([4, 3, 4, 3]);
  expect(movingAverage([], 3)).toEqual([]);
});

test.each([
  ['a usual training', { steps: steps(300), epochs: [epoch(1, 100), epoch(2, 200), epoch(3, 300)] }],
  ['one step in one epoch', { steps: steps(1), epochs: [epoch(1, 1)] }],
])('%s is drawn in both languages without broken values', async (_, curve) => {
  const [ko, en] = [await renderSvg(trainingCurve(curve, 'ko')), await renderSvg(trainingCurve(curve, 'en'))];
  for (const text of ['학습 곡선', '이동 평균', '검증 점수', '정확도']) expect(ko).toContain(text);
  for (const text of ['Training curve', 'moving average', 'Validation score', 'accuracy']) expect(en).toContain(text);
  expect(ko + en).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test('a long training makes a figure of bounded size that still ends at the last step', async () => {
  const long = await renderSvg(trainingCurve({ steps: steps(20_000), epochs: [epoch(1, 20_000)] }, 'ko'));
  const short = await renderSvg(trainingCurve({ steps: steps(600), epochs: [epoch(1, 600)] }, 'ko'));
  expect(long.length).toBeLessThan(1.2 * short.length);
  expect(long).toContain('>20,000<');
});

test('curves of several runs stand in one picture of bounded size', async () => {
  const points = (count: number) => Array.from({ length: count }, (_, i) => ({ step: i + 1, value: 2 / (1 + i) }));
  const chart = (count: number): RunCurves => ({
    ...{ title: 'Loss', xTitle: 'Step', yTitle: 'loss', show: 'trend', isShare: false },
    runs: [
      { name: 'one', color: '#2b7bba', points: points(count) },
      { name: 'two', color: '#dd7324', points: points(3) },
      { name: 'none yet', color: '#2a9d76', points: [] },
    ],
  });
  const long = await renderSvg({ ...runCurves(chart(20_000)), width: 400 });
  const short = await renderSvg({ ...runCurves(chart(500)), width: 400 });
  expect(long.length).toBeLessThan(1.2 * short.length);
  for (const text of ['#2b7bba', '#dd7324', '>Step<']) expect(long).toContain(text);
});
