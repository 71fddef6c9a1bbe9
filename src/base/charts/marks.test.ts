import { expect, test } from 'vitest';
import { someResults } from '../../../test/support/ablation.ts';
import { BASELINE } from '../eval/ablation/results.ts';
import { ablationForest } from './ablationForest.ts';
import { candidateScores } from './candidateScores.ts';
import { confusionMatrixChart } from './confusionMatrix.ts';
import { coverageCurve } from './coverageCurve.ts';
import { dumbbell } from './dumbbell.ts';
import { heatMap } from './heatMap.ts';
import { histograms } from './histogram.ts';
import { intervalBars } from './intervalBars.ts';
import { pairedBars } from './pairedBars.ts';
import { qualityCost } from './qualityCost.ts';
import { reliabilityDiagram } from './reliability.ts';
import { renderSvg } from './render.ts';
import { runCurves } from './runCurves.ts';
import { shareBars } from './shareBars.ts';
import { sliceDots } from './sliceDots.ts';
import type { VegaLiteSpec } from './spec.ts';
import { trainingCurve } from './trainingCurve.ts';

// What each chart shows: its marks, with place, extent, colour and text, and the words of axes and legends. A wrong field,
// scale or order moves a mark; fonts and sizes around the marks may change freely.

const number = (text: string): string => String(Math.round(Number(text) * 10) / 10);
const attribute = (element: string, name: string): string | undefined =>
  new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1];

/** A line per mark: `rect 0,29.3 h150 v13.4 #2b7bba`, `rule 120,36 → 60,0`, `text 185,39 0.500`. */
async function marksOf(chart: VegaLiteSpec): Promise<string[]> {
  const svg = await renderSvg(chart);
  const groups = svg.matchAll(
    /<g class="mark-(\w+) role-(mark|axis-label|legend-label|axis-title|title-text)[^"]*"[^>]*>(.*?)<\/g>/g,
  );
  return [...groups].flatMap(([, kind, role, content]) =>
    [...content!.matchAll(/<(path|line|text)([^>]*)>(?:([^<]*)<\/text>)?/g)].map(([, , given, text = '']) => {
      if (role !== 'mark') return `${role}: ${text}`;
      const at = attribute(given!, 'transform')?.replace(/^translate\(|\)$/g, '');
      const to = attribute(given!, 'x2') && `→ ${attribute(given!, 'x2')},${attribute(given!, 'y2')}`;
      const colour = attribute(given!, 'fill')?.replace('none', '') || attribute(given!, 'stroke');
      const place = [at, attribute(given!, 'd'), to]
        .filter(Boolean)
        .join(' ')
        .replace(/-?\d+\.\d+(?:e-?\d+)?/g, number);
      return [kind, place, text, colour].filter(Boolean).join(' ');
    }),
  );
}

const series = ['학습', '평가'] as const;
const bin = (from: number, rows: number, confidence: number | null, accuracy: number | null) => ({
  ...{ from, to: from + 0.5, rows, confidence, accuracy },
});
const slice = (name: string, value: number, differs: boolean) => ({
  ...{ name, value, low: value - 0.1, high: value + 0.2, differs, text: `${name} 행` },
});

const CHARTS: Record<string, VegaLiteSpec> = {
  ablationForest: ablationForest(
    '실험',
    someResults('실험', { [BASELINE]: 0.6, better: 0.9, worse: 0.3 }).techniques,
    'ko',
  )!,
  candidateScores: candidateScores({
    ...{ title: '점수', scoreTitle: '합', criteria: ['quality', 'cost'] },
    rows: [
      { name: 'a', parts: [0.5, 0.25], excluded: false },
      { name: 'b', parts: [0.25, 0.125], excluded: true },
    ],
  }),
  confusionMatrix: confusionMatrixChart(
    {
      labels: ['no_relation', 'per:title'],
      counts: [
        [3, 1],
        [0, 4],
      ],
      show: 'counts',
    },
    'ko',
  ),
  confusionShares: confusionMatrixChart(
    {
      labels: ['no_relation', 'per:title'],
      counts: [
        [3, 1],
        [0, 4],
      ],
      show: 'shares',
    },
    'en',
  ),
  coverageCurve: coverageCurve({
    ...{ title: '최대 길이', series, xTitle: '토큰', valueTitle: '비율' },
    points: [
      { limit: 0, shares: [0, 0] },
      { limit: 64, shares: [0.5, 0.25] },
      { limit: 128, shares: [1, 0.75] },
    ],
    limits: [
      { limit: 64, text: '64: 50%', strong: true },
      { limit: 96, text: '96', strong: false },
    ],
  }),
  dumbbell: dumbbell({
    ...{ title: 'F1', valueTitle: 'F1', series: ['before', 'after'] },
    rows: [
      { name: 'better', values: [0.2, 0.5] },
      { name: 'worse', values: [1, 0.75] },
    ],
  }),
  heatMap: heatMap({
    ...{ title: '유형 쌍', rowTitle: '관계', columnTitle: '쌍', colorTitle: '비율' },
    ...{ rows: ['관계 없음', 'per:title'], columns: ['PER→ORG', 'ORG→PER'] },
    cells: [
      { row: 'per:title', column: 'PER→ORG', value: 0.9, text: '1,234' },
      { row: '관계 없음', column: 'ORG→PER', value: 0.1, text: '12' },
    ],
  }),
  histograms: histograms({
    ...{ title: '길이', series, valueTitle: '비율' },
    panels: [
      {
        xTitle: '글자',
        bins: [
          { start: 0, end: 10, shares: [0.5, 0.25] },
          { start: 10, end: 20, shares: [0.5, 0.75] },
        ],
      },
    ],
  }),
  intervalBars: intervalBars({
    ...{ title: '비교', names: ['다수 클래스', '미세조정'] },
    panels: [
      { name: 'AUPRC', values: [null, { value: 0.5, low: 0.4, high: 0.6 }] },
      {
        name: 'F1',
        values: [
          { value: 0.25, low: null, high: null },
          { value: 1, low: 0.9, high: 1 },
        ],
      },
    ],
  }),
  pairedBars: pairedBars({
    ...{ title: '라벨 분포', series, valueTitle: '비율', ratioTitle: '비' },
    rows: [
      { name: '관계', values: [0.75, 0.25], texts: ['3', '1'] },
      { name: '없음', values: [0, 0.75], texts: ['0', '3'] },
    ],
  }),
  qualityCost: qualityCost({
    ...{ title: '품질과 비용', costTitle: '비용', qualityTitle: '품질', sizeTitle: '크기' },
    points: [
      { name: 'small', cost: 1e9, quality: 0.6, size: 1e7, chosen: true },
      { name: 'large', cost: 1e10, quality: 0.7, size: 1e8, chosen: false },
    ],
  }),
  reliability: reliabilityDiagram(
    {
      temperature: 1.5,
      before: { ece: 0.2, bins: [bin(0, 0, null, null), bin(0.5, 8, 0.9, 0.6)] },
      after: { ece: 0.05, bins: [bin(0, 2, 0.4, 0.5), bin(0.5, 6, 0.7, 0.75)] },
    },
    'ko',
  ),
  runCurves: runCurves({
    ...{ title: 'Loss', xTitle: 'Step', yTitle: 'loss', show: 'points', isShare: false },
    runs: [
      {
        name: 'one',
        points: [
          { step: 1, value: 2 },
          { step: 2, value: 1 },
        ],
      },
      { name: 'two', points: [{ step: 1, value: 1.5 }] },
    ],
  }),
  shareBars: shareBars({
    ...{ title: '오류', valueTitle: '비율' },
    rows: [
      { name: 'a', share: 0.75, text: '3' },
      { name: 'b', share: 0.25, text: '1' },
    ],
  }),
  sliceDots: sliceDots({
    ...{ title: '행 묶음', valueTitle: '정확도', overall: 0.5, series: ['같음', '다름'] },
    panels: [{ name: '길이', rows: [slice('짧음', 0.7, true), slice('긺', 0.4, false)] }],
  }),
  trainingCurve: trainingCurve(
    {
      steps: [4, 3, 2, 1].map((loss, i) => ({ step: i + 1, loss })),
      epochs: [
        { epoch: 1, step: 2, accuracy: 0.5, macro_f1: 0.25, micro_f1: 0.4 },
        { epoch: 2, step: 4, accuracy: 0.75, macro_f1: 0.5, micro_f1: 0.6 },
      ],
    },
    'ko',
  ),
};

test.each(Object.entries(CHARTS))('%s', async (_, chart) => {
  const marks = await marksOf(chart);
  expect(marks.filter((line) => !/^(axis|legend|title)-/.test(line)).length).toBeGreaterThan(1);
  expect(`\n${marks.join('\n')}\n`).toMatchSnapshot();
});

test('a bar is as long as its value, and a rule spans its interval', async () => {
  const marks = await marksOf(CHARTS.intervalBars!);
  expect(marks.filter((line) => line.startsWith('rect'))).toEqual([
    expect.stringContaining('h150v'), // 0.5 of 300
    expect.stringContaining('h75v'),
    expect.stringContaining('h300v'),
  ]);
  expect(marks).toContainEqual(expect.stringMatching(/^rule 120,\d+ → 60,0/)); // 0.4 … 0.6
});
