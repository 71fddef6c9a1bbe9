import { expect, test } from 'vitest';
import { someResults } from '../../../test/support/ablation.ts';
import { hiddenChanges, pictureOf } from '../../../test/support/picture.ts';
import { BASELINE } from '../eval/ablation/results.ts';
import { ablationForest } from './ablationForest.ts';
import { candidateScores } from './candidateScores.ts';
import { confusionMatrixChart } from './confusionMatrix.ts';
import { coverageCurve } from './coverageCurve.ts';
import { dotRows } from './dotRows.ts';
import { forestPlot } from './forestPlot.ts';
import { groupedBars } from './groupedBars.ts';
import { heatMap } from './heatMap.ts';
import { histograms, toBins } from './histogram.ts';
import { intervalBars, intervalPanel } from './intervalBars.ts';
import { pairedBars } from './pairedBars.ts';
import { qualityCost } from './qualityCost.ts';
import { reliabilityDiagram } from './reliability.ts';
import { reliabilityCurves } from './reliabilityCurves.ts';
import { renderSvg } from './render.ts';
import { runCurves } from './runCurves.ts';
import { shareBars } from './shareBars.ts';
import { sliceDots, slicePanel } from './sliceDots.ts';
import type { VegaLiteSpec } from './spec.ts';
import { trainingCurve } from './trainingCurve.ts';

const bin = (from: number, rows: number, confidence: number | null, accuracy: number | null) => ({
  ...{ from, to: from + 0.5, rows, confidence, accuracy },
});

const SERIES_OF_TWO = [
  { name: 'before', color: '#2b7bba' },
  { name: 'after', color: '#dd7324' },
];

/** Every chart, with figures that tell its fields apart. */
const CHARTS: Readonly<Record<string, VegaLiteSpec>> = {
  ablationForest: ablationForest(
    'Techniques',
    someResults('Techniques', { [BASELINE]: 0.6, better: 0.9, worse: 0.3 }).techniques,
    'ko',
  )!,
  candidateScores: candidateScores({
    ...{ title: 'Scores', scoreTitle: 'score', criteria: ['size', 'speed'] },
    rows: [
      { name: 'two', parts: [0.1, 0.3], excluded: false },
      { name: 'one', parts: [0.5, 0.2], excluded: true },
    ],
  }),
  confusionMatrix: confusionMatrixChart(
    {
      labels: ['b', 'a'],
      counts: [
        [3, 1],
        [0, 300],
      ],
      show: 'shares',
    },
    'en',
  ),
  coverageCurve: coverageCurve({
    ...{ title: 'Coverage', series: ['train', 'test'], xTitle: 'tokens', valueTitle: 'share' },
    points: [
      { limit: 0, shares: [0.1, 0.2] },
      { limit: 64, shares: [0.5, 0.9] },
    ],
    limits: [
      { limit: 32, text: '32: half', strong: true },
      { limit: 48, text: '48: more', strong: false },
    ],
  }),
  dotRowsOfTwo: dotRows({
    ...{ title: 'F1 by label', valueTitle: 'F1', hasLegend: true },
    series: SERIES_OF_TWO,
    rows: [
      { name: 'better', values: [0.2, 0.5] },
      { name: 'same', values: [0.4, 0.4] },
      { name: 'a worse one', values: [1, 0.75] },
    ],
  }),
  dotRowsOfThree: dotRows({
    ...{ title: 'F1 by label', valueTitle: 'F1', hasLegend: false },
    series: [...SERIES_OF_TWO, { name: 'last', color: '#b0609c' }],
    rows: [{ name: 'a label', values: [0.2, 0.6, 0.1] }],
  }),
  groupedBars: {
    description: 'Errors by class',
    width: 300,
    ...groupedBars({
      ...{ series: SERIES_OF_TWO, valueTitle: 'errors', format: ',d', hasLegend: true },
      rows: [
        { name: 'missed', values: [12, 3], texts: ['12', '3'] },
        { name: 'a false one', values: [0, 1200], texts: ['0', '1,200'] },
      ],
    }),
  },
  forestPlot: forestPlot({
    ...{ title: 'Techniques', differenceTitle: 'difference', costTitle: 'time' },
    verdicts: { gain: 'gain', same: 'no difference', loss: 'loss', open: 'not yet' },
    rows: [
      { name: 'better', difference: 0.05, low: 0.02, high: 0.08, verdict: 'gain', cost: 1.25 },
      { name: 'a half done', difference: -0.01, low: -0.05, high: 0.03, verdict: 'open', cost: null },
    ],
  }),
  heatMap: heatMap({
    ...{ title: 'Pairs', rowTitle: 'relation', columnTitle: 'pair', colorTitle: 'share' },
    rows: ['b', 'a'],
    columns: ['y', 'x'],
    cells: [
      { row: 'a', column: 'y', value: 0.69, text: '1,234' },
      { row: 'b', column: 'x', value: 0.67, text: '5' },
    ],
  }),
  histograms: histograms({
    ...{ title: 'Lengths', series: ['train', 'test'], valueTitle: 'share' },
    panels: [
      { xTitle: 'characters', bins: toBins(10, 2, [1, 12, 99, 12], [5]) },
      { xTitle: 'position', format: '~%', bins: toBins(0.5, 2, [0.1], [0.2, 0.7]) },
    ],
  }),
  intervalBars: intervalBars({
    title: 'Metrics',
    names: ['two', 'one', 'none'],
    panels: [
      { name: 'accuracy', values: [{ value: 0.5, low: 0.4, high: 0.7 }, { value: 0.3, low: null, high: null }, null] },
      { name: 'F1', values: [{ value: 0.2, low: 0.1, high: 0.25 }, null, null] },
    ],
  }),
  intervalPanel: {
    description: 'Accuracy',
    ...intervalPanel(
      { name: 'accuracy', values: [{ value: 0.5, low: 0.4, high: 0.7 }, null] },
      ['two', 'one'],
      ['#2b7bba', '#dd7324'],
    ),
    width: 300,
  },
  pairedBars: pairedBars({
    ...{ title: 'Labels', series: ['train', 'test'], valueTitle: 'share', ratioTitle: 'test ÷ train' },
    rows: [
      { name: 'fewer', values: [0.75, 0.25], texts: ['three', 'one'] },
      { name: 'a new one', values: [0, 0.5], texts: ['0', 'two'] },
      { name: 'more', values: [0.1, 0.2], texts: ['1', '2'] },
    ],
  }),
  qualityCost: qualityCost({
    ...{ title: 'Encoders', costTitle: 'multiply-adds', qualityTitle: 'F1', sizeTitle: 'parameters' },
    points: [
      { name: 'small', cost: 1e9, quality: 0.5, size: 1e8, chosen: true },
      { name: 'near it', cost: 1.2e9, quality: 0.504, size: 3e8, chosen: false },
      { name: 'large', cost: 9e10, quality: 0.6, size: 2e8, chosen: false },
    ],
  }),
  reliability: reliabilityDiagram(
    {
      temperature: 1.5,
      before: { ece: 0.1, bins: [bin(0, 0, null, null), bin(0.5, 8, 0.9, 0.7)] },
      after: { ece: 0.05, bins: [bin(0, 3, 0.3, 0.4), bin(0.5, 5, 0.8, 0.75)] },
    },
    'ko',
  ),
  reliabilityCurves: reliabilityCurves({
    ...{ title: 'Reliability', confidenceTitle: 'confidence', accuracyTitle: 'right', rowsTitle: 'rows' },
    models: SERIES_OF_TWO.map((model, i) => ({
      ...model,
      bins: [bin(0, 0, null, null), bin(0.5, 4 + i, 0.8, 0.6 + i / 10)],
    })),
  }),
  runCurvesTrend: runCurves({
    ...{ title: 'Loss', xTitle: 'step', yTitle: 'loss', show: 'trend', isShare: false },
    runs: [
      {
        name: 'one',
        color: '#2b7bba',
        points: Array.from({ length: 21 }, (_, i) => ({ step: i, value: i % 2 === 0 ? 1 : 3 })),
      },
      { name: 'none yet', color: '#dd7324', points: [] },
    ],
  }),
  runCurvesPoints: runCurves({
    ...{ title: 'F1', xTitle: 'step', yTitle: 'F1', show: 'points', isShare: true },
    runs: [
      { name: 'one', color: '#2b7bba', points: [{ step: 10, value: 0.5 }] },
      {
        name: 'two',
        color: '#dd7324',
        points: [
          { step: 5, value: 0.1 },
          { step: 20, value: 0.7 },
        ],
      },
    ],
  }),
  shareBars: shareBars({
    ...{ title: 'Errors', valueTitle: 'share' },
    rows: [
      { name: 'b', share: 0.2, text: 'two' },
      { name: 'a', share: 0.1, text: 'one' },
    ],
  }),
  sliceDots: sliceDots({
    ...{ title: 'Slices', valueTitle: 'accuracy', overall: 0.7, series: ['as the rest', 'differs'] },
    panels: [
      {
        name: 'length',
        rows: [
          { name: 'short', value: 0.5, low: 0.4, high: 0.65, differs: true, text: 'n = 5' },
          { name: 'a long one', value: 0.7, low: 0.6, high: 0.75, differs: false, text: 'n = 9' },
        ],
      },
      { name: 'source', rows: [{ name: 'news', value: 0.9, low: 0.8, high: 0.95, differs: false, text: 'n = 2' }] },
    ],
  }),
  slicePanel: {
    description: 'Lengths',
    width: 300,
    ...slicePanel({
      ...{
        series: SERIES_OF_TWO,
        hasLegend: true,
        overall: SERIES_OF_TWO.map(({ color }, i) => ({ value: 0.7 - i / 10, color })),
        valueTitle: 'accuracy',
      },
      rows: [
        { name: 'short', series: 'before', value: 0.5, low: 0.4, high: 0.65, text: '50%' },
        { name: 'short', series: 'after', value: 0.75, low: 0.7, high: 0.8, text: '75%' },
        { name: 'a long one', series: 'after', value: 0.3, low: 0.1, high: 0.6, text: '30%' },
      ],
    }),
  },
  trainingCurve: trainingCurve(
    {
      steps: Array.from({ length: 21 }, (_, i) => ({ step: i + 1, loss: i % 2 === 0 ? 1 : 3 })),
      epochs: [1, 2].map((epoch) => ({ epoch, step: 10 * epoch, accuracy: 0.7, macro_f1: 0.2 * epoch, micro_f1: 0.5 })),
    },
    'en',
  ),
};

/** Of the diagonal both coordinates are the same, and panels with the same colours share them. */
const ALIKE: Readonly<Record<string, RegExp>> = {
  reliability: /(at|share)$/,
  histograms: /^concat\.1\..*color\.scale/,
  sliceDots: /^vconcat\.1\..*color\.scale/,
};

test.each(Object.entries(CHARTS))('%s shows its figures where they belong', async (_, spec) => {
  expect(`\n${(await pictureOf(spec)).join('\n')}\n`).toMatchSnapshot();
  const svg = await renderSvg(spec);
  expect(svg).toContain(`<svg role="img" aria-label="${spec.description}" `);
  expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object|>null</);
});

test.each(Object.entries(CHARTS))('%s with anything wrong is another picture', async (name, spec) => {
  expect((await hiddenChanges(spec)).filter((change) => !ALIKE[name]?.test(change))).toEqual([]);
});
