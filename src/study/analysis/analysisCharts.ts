import { intervalBars } from '../../base/charts/intervalBars.ts';
import { pairedBars } from '../../base/charts/pairedBars.ts';
import { shareBars } from '../../base/charts/shareBars.ts';
import { sliceDots } from '../../base/charts/sliceDots.ts';
import type { LayeredChart, VegaLiteSpec } from '../../base/charts/spec.ts';
import { counted, grouped, percent } from '../../base/core/format.ts';
import type { Language } from '../../base/core/types.ts';
import { CLASS_NAMES, SLICING_NAMES, SLICINGS, sliceName } from './kinds.ts';
import type { ErrorAnalysis } from './schema.ts';

/** Names of the figures' files. */
export const ANALYSIS_FIGURES = {
  taxonomy: 'error_taxonomy',
  confusions: 'named_confusions',
  slices: 'accuracy_by_slice',
  shortcuts: 'shortcuts',
} as const;

const WORDS = {
  ko: {
    taxonomy: '오답의 종류',
    ofErrors: '오답 가운데 비율',
    confusions: '관계 사이의 혼동과 그 반대 방향',
    ofGold: '정답 라벨의 행 가운데 비율',
    series: ['정답 → 예측', '반대 방향'],
    slices: '조건별 정확도와 95% 신뢰 구간',
    accuracy: '정확도(점선: 전체)',
    differs: ['나머지와 다르다고 할 수 없음', '나머지와 유의하게 다름(Holm 보정)'],
    shortcuts: '문장이나 이름을 가렸을 때의 점수',
    inputs: {
      full: '온전한 문장',
      masked: '엔티티를 가림',
      entities_only: '엔티티만',
      type_rule: '유형 쌍의 최빈 관계',
    },
    macro: 'macro-F1(평가 행이 있는 라벨)',
    accuracyPanel: '정확도',
    rows: (count: number) => `${grouped(count)}행`,
  },
  en: {
    taxonomy: 'Errors by class',
    ofErrors: 'share of the errors',
    confusions: 'Confusions between relations, and the opposite direction',
    ofGold: 'share of the gold label’s rows',
    series: ['gold → predicted', 'opposite direction'],
    slices: 'Accuracy by slice with 95% intervals',
    accuracy: 'accuracy (dashed: all rows)',
    differs: ['not shown to differ from the rest', 'differs from the rest (Holm-corrected)'],
    shortcuts: 'Scores without the sentence, and without the names',
    inputs: {
      full: 'whole sentence',
      masked: 'entities hidden',
      entities_only: 'entities alone',
      type_rule: 'most frequent relation of the types',
    },
    macro: 'macro-F1 (labels with test rows)',
    accuracyPanel: 'accuracy',
    rows: (count: number) => counted(count, 'row'),
  },
} as const;

/** Confusions that a figure holds. */
const DRAWN_PAIRS = 12;

export type AnalysisFigure = keyof typeof ANALYSIS_FIGURES;

/** The figures that the analysis has data for. */
export const figuresOfAnalysis = ({ errors, confusions, shortcuts }: ErrorAnalysis): AnalysisFigure[] => [
  ...(errors > 0 ? (['taxonomy'] as const) : []),
  ...(confusions.pairs.length > 0 ? (['confusions'] as const) : []),
  'slices',
  ...(shortcuts === null ? [] : (['shortcuts'] as const)),
];

/** Each figure as a chart. */
export const ANALYSIS_CHARTS: Readonly<
  Record<AnalysisFigure, (analysis: ErrorAnalysis, lang: Language) => VegaLiteSpec>
> = {
  taxonomy: taxonomyChart,
  confusions: confusionChart,
  slices: sliceChart,
  shortcuts: shortcutChart,
};

export function taxonomyChart({ taxonomy }: Pick<ErrorAnalysis, 'taxonomy'>, lang: Language): LayeredChart {
  const words = WORDS[lang];
  return shareBars({
    title: words.taxonomy,
    valueTitle: words.ofErrors,
    rows: taxonomy.map(({ class: name, count, share }) => ({
      name: CLASS_NAMES[name][lang],
      share,
      text: `${grouped(count)} (${percent(share)})`,
    })),
  });
}

function confusionChart({ confusions }: ErrorAnalysis, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  return pairedBars({
    title: words.confusions,
    series: words.series,
    valueTitle: words.ofGold,
    rows: confusions.pairs
      .slice(0, DRAWN_PAIRS)
      .map(({ gold, predicted, share, count, reverse_share, reverse_count }) => ({
        name: `${gold} → ${predicted}`,
        values: [share, reverse_share],
        texts: [grouped(count), grouped(reverse_count)],
      })),
  });
}

export function sliceChart(
  { slices, metrics }: Pick<ErrorAnalysis, 'slices' | 'metrics'>,
  lang: Language,
): VegaLiteSpec {
  const words = WORDS[lang];
  return sliceDots({
    title: words.slices,
    valueTitle: words.accuracy,
    overall: metrics.accuracy,
    series: words.differs,
    panels: SLICINGS.flatMap((slicing) => {
      const own = slices.filter((slice) => slice.slicing === slicing);
      if (own.length === 0) return [];
      return {
        name: SLICING_NAMES[slicing][lang],
        rows: own.map(({ value, accuracy, accuracy_interval: [low, high], differs, n }) => ({
          name: sliceName(slicing, value, lang),
          value: accuracy,
          low,
          high,
          differs,
          text: `${percent(accuracy, 0)} · ${words.rows(n)}`,
        })),
      };
    }),
  });
}

function shortcutChart({ shortcuts }: ErrorAnalysis, lang: Language): VegaLiteSpec {
  const words = WORDS[lang];
  const names = (['full', 'masked', 'entities_only', 'type_rule'] as const).filter((name) => shortcuts?.[name]);
  const panel = (name: string, metric: 'accuracy' | 'macro_f1') => ({
    name,
    values: names.map((input) => ({ value: shortcuts![input]![metric], low: null, high: null })),
  });
  return intervalBars({
    title: words.shortcuts,
    names: names.map((name) => words.inputs[name]),
    panels: [panel(words.accuracyPanel, 'accuracy'), panel(words.macro, 'macro_f1')],
  });
}
