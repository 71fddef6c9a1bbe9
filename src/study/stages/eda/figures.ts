import { coverageCurve } from '../../../base/charts/coverageCurve.ts';
import { heatMap } from '../../../base/charts/heatMap.ts';
import { histograms, toBins } from '../../../base/charts/histogram.ts';
import { pairedBars } from '../../../base/charts/pairedBars.ts';
import type { VegaLiteSpec } from '../../../base/charts/spec.ts';
import { grouped, percent, percentNearOne } from '../../../base/core/format.ts';
import type { Dataset, Example, Language } from '../../../base/core/types.ts';
import {
  entityDistances,
  relativePositions,
  sentenceLengths,
  shareWithin,
  typePairCounts,
} from '../../../base/data/profile.ts';
import { entityTypeName } from '../../../base/data/relations.ts';
import type { TokenLengths } from './facts.ts';
import type { EdaFacts } from './summary.ts';
import { pairName } from './typePairs.ts';

/** Texts of the figures, by language. */
const WORDS = {
  ko: {
    series: ['학습', '평가'],
    rowShare: '행의 비율',
    labels: '라벨 분포와 사전 확률의 이동',
    ratio: '평가 비율 ÷ 학습 비율(로그 눈금)',
    lengths: '문장 길이 분포',
    characters: '문장 길이(글자)',
    tokens: '입력 길이(토큰, 마커와 특수 토큰 포함)',
    overflow: '마지막 막대는 그 이상',
    coverage: '최대 길이에 따라 온전히 남는 행',
    maxLength: '최대 길이(토큰)',
    kept: '온전히 남는 행의 비율',
    derived: '도출한 값',
    types: '주체와 객체의 유형',
    subject: '주체',
    object: '객체',
    positions: '엔티티의 위치와 거리',
    subjectStart: '주체의 시작 위치(문장 길이 대비)',
    objectStart: '객체의 시작 위치(문장 길이 대비)',
    distance: '두 엔티티 사이의 글자 수',
    pairs: '엔티티 유형 쌍에 따른 관계(학습 행 수)',
    relation: '관계',
    pair: '주체 유형 → 객체 유형',
    pairShare: '유형 쌍 안에서의 비율',
    sources: '출처',
  },
  en: {
    series: ['train', 'test'],
    rowShare: 'share of rows',
    labels: 'Label distribution and prior shift',
    ratio: 'test share ÷ train share (log scale)',
    lengths: 'Sentence length',
    characters: 'sentence length (characters)',
    tokens: 'input length (tokens, with markers and special tokens)',
    overflow: 'last bar: and more',
    coverage: 'Rows kept whole by the maximum length',
    maxLength: 'maximum length (tokens)',
    kept: 'share of rows kept whole',
    derived: 'derived',
    types: 'Types of subjects and objects',
    subject: 'subject',
    object: 'object',
    positions: 'Positions and distance of the entities',
    subjectStart: 'start of the subject (share of the sentence)',
    objectStart: 'start of the object (share of the sentence)',
    distance: 'characters between both entities',
    pairs: 'Relations by entity type pair (training rows)',
    relation: 'relation',
    pair: 'subject type → object type',
    pairShare: 'share within the type pair',
    sources: 'Sources',
  },
} as const;

/** The figures of stage 01, by their file's name without language and ending. */
export type EdaFigure =
  | 'label_distribution'
  | 'sentence_length'
  | 'token_coverage'
  | 'entity_types'
  | 'entity_positions'
  | 'type_pair_relations'
  | 'sources';

/** Each figure as a chart in a language. */
export function edaFigures(
  facts: EdaFacts,
  dataset: Dataset,
  tokens: TokenLengths,
): Readonly<Record<EdaFigure, (lang: Language) => VegaLiteSpec>> {
  return {
    label_distribution: (lang) => labelFigure(facts, lang),
    sentence_length: (lang) => lengthFigure(facts, dataset, tokens, lang),
    token_coverage: (lang) => coverageFigure(facts, tokens, lang),
    entity_types: (lang) => typeFigure(facts, lang),
    entity_positions: (lang) => positionFigure(facts, dataset, lang),
    type_pair_relations: (lang) => typePairFigure(facts, dataset, lang),
    sources: (lang) => sourceFigure(facts, lang),
  };
}

interface Sides {
  readonly train: { readonly count: number; readonly share: number };
  readonly test: { readonly count: number; readonly share: number };
}

const barRow = (name: string, { train, test }: Sides) => ({
  name,
  values: [train.share, test.share] as const,
  texts: [`${grouped(train.count)}`, `${grouped(test.count)}`] as const,
});

function labelFigure({ labels }: EdaFacts, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const ranked = [...labels.rows].sort((a, b) => b.train.count - a.train.count || a.id - b.id);
  return pairedBars({
    title: words.labels,
    series: words.series,
    valueTitle: words.rowShare,
    ratioTitle: words.ratio,
    rows: ranked.map((row) => barRow(row.label, row)),
  });
}

function lengthFigure({ lengths }: EdaFacts, dataset: Dataset, tokens: TokenLengths, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const panel = (title: string, train: readonly number[], test: readonly number[], p999: number) => ({
    xTitle: `${title}, ${words.overflow}`,
    bins: binsUpTo(p999, train, test),
  });
  return histograms({
    title: words.lengths,
    series: words.series,
    valueTitle: words.rowShare,
    panels: [
      panel(
        words.characters,
        sentenceLengths(dataset.train),
        sentenceLengths(dataset.test),
        lengths.characters.train.p999,
      ),
      panel(words.tokens, tokens.train, tokens.test, lengths.tokens.train.p999),
    ],
  });
}

/** About forty bins of a round width that reach a bit beyond `end`. */
function binsUpTo(end: number, train: readonly number[], test: readonly number[]) {
  const width = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => end / step <= 40) ?? 1000;
  return toBins(width, Math.max(1, Math.ceil((end + 1) / width)), train, test);
}

function coverageFigure({ lengths, max_length }: EdaFacts, tokens: TokenLengths, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const end = Math.max(lengths.tokens.train.max, lengths.tokens.test.max, ...lengths.kept.map(({ limit }) => limit));
  const step = Math.max(1, Math.ceil(end / 256));
  return coverageCurve({
    title: words.coverage,
    series: words.series,
    xTitle: words.maxLength,
    valueTitle: words.kept,
    points: Array.from({ length: Math.ceil(end / step) + 1 }, (_, i) => ({
      limit: i * step,
      shares: [shareWithin(tokens.train, i * step), shareWithin(tokens.test, i * step)],
    })),
    limits: lengths.kept.map(({ limit, train }) => {
      const strong = limit === max_length.value;
      return { limit, strong, text: `${limit}: ${percentNearOne(train)}${strong ? ` (${words.derived})` : ''}` };
    }),
  });
}

function typeFigure({ entities }: EdaFacts, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const typeName = (type: string) =>
    entityTypeName(type, lang) === type ? type : `${entityTypeName(type, lang)} ${type}`;
  return pairedBars({
    title: words.types,
    series: words.series,
    valueTitle: words.rowShare,
    rows: entities.types.map((row) => barRow(`${words[row.role]} · ${typeName(row.type)}`, row)),
  });
}

function positionFigure({ entities }: EdaFacts, dataset: Dataset, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const start = (title: string, role: 'subject' | 'object') => ({
    xTitle: title,
    bins: toBins(0.05, 20, relativePositions(dataset.train, role), relativePositions(dataset.test, role)),
    format: '~%',
  });
  return histograms({
    title: words.positions,
    series: words.series,
    valueTitle: words.rowShare,
    panels: [
      start(words.subjectStart, 'subject'),
      start(words.objectStart, 'object'),
      {
        xTitle: `${words.distance}, ${words.overflow}`,
        bins: binsUpTo(entities.distances.train.p99, entityDistances(dataset.train), entityDistances(dataset.test)),
      },
    ],
  });
}

function typePairFigure({ type_pairs }: EdaFacts, dataset: Dataset, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const totals = new Map(type_pairs.rows.map((row) => [pairName(row.subject_type, row.object_type), row.count]));
  const cells = typePairCounts(dataset.train as readonly Example[], dataset.labelSet).map((cell) => {
    const column = pairName(cell.subjectType, cell.objectType);
    return { row: cell.label, column, value: cell.count / totals.get(column)!, text: grouped(cell.count) };
  });
  return heatMap({
    title: words.pairs,
    rowTitle: words.relation,
    columnTitle: words.pair,
    rows: dataset.labelSet.labels,
    columns: [...totals.keys()].sort(),
    cells,
    colorTitle: words.pairShare,
  });
}

function sourceFigure({ sources }: EdaFacts, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  return pairedBars({
    title: words.sources,
    series: words.series,
    valueTitle: words.rowShare,
    rows: sources.map((row) => {
      const { texts, ...bar } = barRow(row.source, row);
      return {
        ...bar,
        texts: [`${texts[0]} (${percent(row.train.share)})`, `${texts[1]} (${percent(row.test.share)})`],
      };
    }),
  });
}
