import { expect, test } from 'vitest';
import type { RowColumns } from '../../../src/app/serve/page/shapes.ts';
import type { LogEntry } from '../../../src/engine/runs/trainingLog.ts';
import { analyzeErrors } from '../../../src/study/analysis/analyzeErrors.ts';
import { analysisInput, madeAnswer, PREDICTIONS, TEST } from '../../../test/support/analysisRows.ts';
import { hiddenChanges, pictureOf } from '../../../test/support/picture.ts';
import { relationCounts } from './batch/relationCounts.ts';
import { binningOf, countRows } from './data/counts.ts';
import { binChart, labelChart, pairBars, pairChart, typeChart } from './data/dataCharts.ts';
import { applyFilters, NO_FILTERS } from './data/filters.ts';
import { rowTable } from './data/rowTable.ts';
import type { DataTexts } from './data/texts.ts';
import { wordDrops } from './explain/wordDrops.ts';
import { type Analyzed, sliceCharts, taxonomyChart } from './runs/analysisCharts.ts';
import type { AnalysisTexts } from './runs/analysisTexts.ts';
import {
  classChart,
  classRows,
  confusionBars,
  largestConfusions,
  lossCurves,
  matrixChart,
  metricPanels,
  reliabilityChart,
  takenFor,
  validationCurves,
} from './runs/runCharts.ts';
import { ANY_ANSWER } from './runs/runsAddress.ts';
import type { RunTexts } from './runs/texts.ts';

/** Texts that are their own keys: the page's own need a browser. */
const keys = new Proxy({}, { get: (_, key) => String(key) });
const [dataWords, runWords] = [keys as DataTexts, keys as RunTexts];
/** Those that join figures join them here, too. */
const analysisWords = new Proxy(
  {},
  { get: (_, key) => (key === 'ofRows' ? (rows: string) => `${rows} rows` : String(key)) },
) as AnalysisTexts;
const RUNS = [
  { name: 'one', color: '#2b7bba' },
  { name: 'two', color: '#dd7324' },
];

const ROWS: RowColumns = {
  ...{ id: 'x', name: 'x', digest: 'd', no_relation: 'none', rejected: 0, train_rows: 3 },
  labels: ['none', 'per:title', 'org:founded'],
  types: ['ORG', 'PER'],
  sources: ['news'],
  guid: ['a', 'b', 'c', 'd', 'e', 'f'],
  sentence: [
    '가나다라마바',
    '가나다라마바사아자차카',
    '가나다라',
    '가나다라마',
    '가나다라마바사아자차카타파하',
    '가나다라마바사',
  ],
  label: [1, 1, 0, 1, 2, 0],
  source: [0, 0, 0, 0, 0, 0],
  subject_start: [0, 0, 0, 0, 0, 0],
  subject_end: [0, 0, 0, 0, 0, 0],
  subject_type: [0, 0, 1, 0, 1, 0],
  object_start: [3, 8, 2, 4, 12, 3],
  object_end: [3, 8, 2, 4, 12, 3],
  object_type: [1, 1, 0, 1, 1, 1],
};
const table = rowTable(ROWS);
const filtered = applyFilters(table, NO_FILTERS);
const counts = countRows(table, filtered, binningOf(table));

const logs = new Map<string, readonly LogEntry[]>([
  ['one', [1, 2].map((step) => ({ step, epoch: 0, loss: 3 - step, lr: 1, norm: 1 }))],
  [
    'two',
    [{ step: 3, epoch: 1, validation: { n: 9, macro_f1: 0.4, micro_f1: 0.5, accuracy: 0.6, auprc: null, loss: 0.7 } }],
  ],
]);
const run = ([i, value]: readonly [number, number]) => ({
  ...RUNS[i]!,
  metrics: { n: 9, accuracy: value, macro_f1: value / 2, micro_f1: value / 3, auprc: null },
  intervals: {
    ...{ macro_f1: [value / 4, value] as const, micro_f1: null, accuracy: null, auprc: null },
  },
});
const label = (name: string, f1: number) => ({
  ...{ label: name, f1, precision: f1, recall: f1, auprc: null, support: 3, predicted: 2 },
});

const DETAILS = [
  {
    labels: ['none', 'per:title'],
    confusion: [
      [7, 2],
      [3, 5],
    ],
  },
  {
    labels: ['none', 'per:title'],
    confusion: [
      [6, 3],
      [0, 8],
    ],
  },
];
/** Everything without a relation. */
const OTHER_PREDICTIONS = TEST.map(({ guid }) => madeAnswer(guid, 'no_relation', 0.7));
const ANALYSES = await Promise.all(
  ['one', 'two'].map((name, i) =>
    analyzeErrors(analysisInput({ run: name, seed: i, predictions: i === 0 ? PREDICTIONS : OTHER_PREDICTIONS })),
  ),
);
const ANALYZED: Analyzed[] = RUNS.map((run, i) => ({ run, analysis: ANALYSES[i]! }));

const CHARTS = {
  'relations of rows': labelChart(table, counts, ['per:title'], dataWords, 'ko', false),
  'lengths of rows': binChart('length', counts.length, { min: 5, max: 9 }, dataWords),
  'pairs of types': pairBars(table, counts, ['PER→ORG'], dataWords),
  'entity types': typeChart(table, counts, dataWords, 'en'),
  'relations by pair': pairChart(table, counts, dataWords, 'en'),
  losses: lossCurves(RUNS, logs, runWords),
  validations: validationCurves(RUNS, logs, 'macro_f1', runWords),
  'a metric': metricPanels([run([0, 0.8]), run([1, 0.6])], runWords)[0]!,
  'F1 by relation': classChart(
    classRows([
      [label('a', 0.5), label('b', 0.2)],
      [label('a', 0.4), label('b', 0.6)],
    ]),
    RUNS,
    runWords,
    'en',
    false,
  ),
  confusions: confusionBars(largestConfusions(DETAILS, 3), RUNS, runWords, 'en', false),
  'one matrix': matrixChart(
    { ...DETAILS[0]!, name: 'one' },
    { show: 'counts', chosen: { ...ANY_ANSWER, gold: 'per:title', predicted: 'none' }, isDense: false },
    runWords,
    'en',
  ),
  reliability: reliabilityChart(
    RUNS.map((run, i) => ({
      ...run,
      bins: [{ from: 0.5, to: 0.6, rows: 4 + i, confidence: 0.55, accuracy: 0.5 + i / 10 }],
    })),
    'after',
    runWords,
  ),
  'errors by class': taxonomyChart(ANALYZED, 'en', analysisWords, false),
  'accuracy by slice': sliceCharts(ANALYZED, 'en', analysisWords, false)[0]!.drawn,
  'answers by relation': {
    spec: relationCounts({
      title: 'Rows per relation',
      counts: [
        { relation: 'per:title', count: 1200 },
        { relation: 'none', count: 30 },
      ],
      noRelation: 'none',
    }),
    table: null,
  },
  'words left out': {
    spec: wordDrops({
      title: 'Drop',
      axis: 'drop',
      words: [
        { word: '대표', drop: 0.4, start: 7 },
        { word: '가람은', drop: -0.1, start: 0 },
      ],
    }),
    table: null,
  },
};

test.each(Object.entries(CHARTS))(
  'the chart of %s shows its figures, and the table below it has them',
  async (_, drawn) => {
    expect({ picture: await pictureOf(drawn.spec), table: drawn.table }).toMatchSnapshot();
  },
);

test.each(Object.entries(CHARTS))('the chart of %s with anything wrong is another picture', async (_, { spec }) => {
  expect(await hiddenChanges(spec)).toEqual([]);
});

test('of two runs the largest gain comes first, otherwise the best; what never occurs is left out', () => {
  const [one, two] = [
    [label('a', 0.5), label('b', 0.2), { ...label('never', 0), support: 0 }],
    [label('a', 0.4), label('b', 0.6), { ...label('never', 0), support: 0 }],
  ];
  expect(classRows([one!, two!]).map((row) => row.label)).toEqual(['b', 'a']);
  expect(classRows([one!]).map((row) => row.label)).toEqual(['a', 'b']);
});

test('the largest confusions of any run, and the labels behind a bar', () => {
  const found = largestConfusions(DETAILS, 5);
  expect(found).toEqual([
    { gold: 'none', predicted: 'per:title', counts: [2, 3] },
    { gold: 'per:title', predicted: 'none', counts: [3, 0] },
  ]);
  expect(largestConfusions(DETAILS, 1)).toHaveLength(1);
  expect(takenFor('per:title\tnone')).toEqual(['per:title', 'none']);
  expect(takenFor('per:title')).toBeNull();
  expect(takenFor(undefined)).toBeNull();
});
