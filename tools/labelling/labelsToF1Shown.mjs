// The table and the charts of labels against F1, from their record; by itself it writes them again:
//
//   npm run build && node tools/labelling/labelsToF1Shown.mjs
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderSvg } from '../../dist/base/charts/render.js';
import { SERIES } from '../../dist/base/charts/theme.js';
import { writeFileAtomic } from '../../dist/base/core/files.js';

const BEGIN = '<!-- labels to F1 -->';
const END = '<!-- /labels to F1 -->';
const place = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const WAYS = ['random', 'korex'];

const WORDS = {
  en: {
    path: 'docs/label.md',
    image: 'labels-to-f1.en.svg',
    alt: 'Micro-F1 against labelled rows, korex’s selection and a random one',
    ways: { random: 'random', korex: 'korex’s selection' },
    head: [
      'labels',
      'random, micro-F1',
      'korex, micro-F1',
      'difference',
      'random, macro-F1',
      'korex, macro-F1',
      'difference',
    ],
    axes: ['labelled rows', 'micro-F1'],
    about: ({ seeds, pool, judging, recipe }) =>
      `Mean of ${seeds.length} seeds; the difference with that of the least and of the greatest seed. A pool of ${pool.toLocaleString('en')} training rows, judged on ${judging.toLocaleString('en')} rows of the dev file; \`${recipe.encoder}\`, ${recipe.encoderLayers} layers of which ${recipe.freezeLayers} are frozen (it has read the pool’s sentences, without labels), so that thirty trainings take half an hour: what counts is the comparison, not the height.`,
  },
  ko: {
    path: 'docs/label.ko.md',
    image: 'labels-to-f1.svg',
    alt: '라벨을 단 행의 수에 따른 micro-F1, korex의 선택과 무작위 선택',
    ways: { random: '무작위', korex: 'korex의 선택' },
    head: ['라벨', '무작위, micro-F1', 'korex, micro-F1', '차이', '무작위, macro-F1', 'korex, macro-F1', '차이'],
    axes: ['라벨을 단 행', 'micro-F1'],
    about: ({ seeds, pool, judging, recipe }) =>
      `시드 ${seeds.length}개의 평균이고, 차이에는 가장 작은 시드와 가장 큰 시드의 것을 붙였다. 학습 행 ${pool.toLocaleString('en')}개에서 골라 검증 파일의 ${judging.toLocaleString('en')}행으로 판정했다. \`${recipe.encoder}\`의 층 ${recipe.encoderLayers}개 가운데 ${recipe.freezeLayers}개를 고정해(이 인코더는 그 문장들을 라벨 없이 읽었다) 학습 서른 번이 반 시간에 끝나게 했으므로, 높이가 아니라 견준 차이를 볼 것.`,
  },
};

/** Writes charts and tables of both languages. */
export async function writeShown(record) {
  for (const words of Object.values(WORDS)) {
    await writeFileAtomic(place(`docs/images/${words.image}`), await renderSvg(chart(record, words)));
    const text = await readFile(place(words.path), 'utf8');
    const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
    if (from < 0 || to < from) throw new Error(`${words.path} has no place for the table: ${BEGIN} … ${END}`);
    await writeFileAtomic(place(words.path), text.slice(0, from) + shown(record, words) + text.slice(to));
  }
}

/** What stands between the marks of a page. */
function shown(record, words) {
  const rows = record.sizes.map((size) => [
    size.toLocaleString('en'),
    ...['micro_f1', 'macro_f1'].flatMap((metric) => {
      const [random, korex] = WAYS.map((way) => figures(record, way, size, metric));
      const differences = korex.map((value, i) => value - random[i]);
      const range = `${signed(Math.min(...differences))} … ${signed(Math.max(...differences))}`;
      return [mean(random).toFixed(3), mean(korex).toFixed(3), `${signed(mean(differences))} (${range})`];
    }),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const align = ['---', ...words.head.slice(1).map(() => '---:')];
  return [
    ...[BEGIN, `![${words.alt}](images/${words.image})`, ''],
    ...[words.head, align, ...rows].map(line),
    ...['', words.about(record), ''],
  ].join('\n');
}

/** By seed. */
const figures = ({ runs, seeds }, way, size, metric) =>
  seeds.map((seed) => runs.find((run) => run.seed === seed && run.way === way && run.size === size)[metric]);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** The mean over seeds as a line, each seed as a dot. */
function chart(record, { alt, ways, axes }) {
  const values = record.runs.map(({ way, size, micro_f1 }) => ({ way: ways[way], size, value: micro_f1 }));
  const y = (more) => ({ field: 'value', type: 'quantitative', title: axes[1], axis: { format: '.2f' }, ...more });
  return {
    description: alt,
    ...{ width: 520, height: 280, data: { values } },
    encoding: {
      x: {
        ...{ field: 'size', type: 'quantitative', title: axes[0], scale: { type: 'log', nice: false, padding: 12 } },
        axis: { values: record.sizes, format: ',d', grid: false },
      },
      color: {
        ...{ field: 'way', type: 'nominal', title: null, legend: { orient: 'top' } },
        scale: { domain: WAYS.map((way) => ways[way]), range: SERIES.slice(0, WAYS.length) },
      },
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { y: y({ aggregate: 'mean' }) } },
      { mark: { type: 'point', filled: true, size: 30, opacity: 0.6 }, encoding: { y: y() } },
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeShown(JSON.parse(await readFile(new URL('labels-to-f1.json', import.meta.url), 'utf8')));
