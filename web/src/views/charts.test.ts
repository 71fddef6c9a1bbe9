import { expect, test } from 'vitest';
import type { RowColumns, RunEntry } from '../../../src/app/serve/page/shapes.ts';
import type { LogEntry } from '../../../src/engine/runs/trainingLog.ts';
import { hiddenChanges, pictureOf } from '../../../test/support/picture.ts';
import { relationCounts } from './batch/relationCounts.ts';
import { binningOf, countRows } from './data/counts.ts';
import { binChart, labelChart, pairChart } from './data/dataCharts.ts';
import { applyFilters, NO_FILTERS } from './data/filters.ts';
import { rowTable } from './data/rowTable.ts';
import type { DataTexts } from './data/texts.ts';
import { wordDrops } from './explain/wordDrops.ts';
import { changeChart, changesOf, lossCurves, metricPanels, validationCurves } from './runs/runCharts.ts';
import type { RunTexts } from './runs/texts.ts';

/** Texts that are their own keys: the page's own need a browser. */
const keys = new Proxy({}, { get: (_, key) => String(key) });
const [dataWords, runWords] = [keys as DataTexts, keys as RunTexts];

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
const run = (name: string, value: number) =>
  ({
    name,
    metrics: { n: 9, accuracy: value, macro_f1: value / 2, micro_f1: value / 3, auprc: null },
    intervals: { macro_f1: [value / 4, value], micro_f1: null, accuracy: null, auprc: null },
  }) as Partial<RunEntry> as RunEntry;
const label = (name: string, f1: number) => ({
  ...{ label: name, f1, precision: f1, recall: f1, auprc: null, support: 3, predicted: 2 },
});

const CHARTS = {
  'relations of rows': labelChart(table, counts, ['per:title'], dataWords, 'ko'),
  'lengths of rows': binChart('length', counts.length, { min: 5, max: 9 }, dataWords),
  'relations by pair': pairChart(table, counts, dataWords, 'en'),
  losses: lossCurves(logs, runWords),
  validations: validationCurves(logs, 'macro_f1', runWords),
  'a metric': metricPanels([run('one', 0.8), run('two', 0.6)], runWords)[0]!,
  changes: changeChart(
    changesOf([label('a', 0.5), label('b', 0.2)], [label('a', 0.4), label('b', 0.6)]),
    ['one', 'two'],
    runWords,
    'en',
  ),
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
