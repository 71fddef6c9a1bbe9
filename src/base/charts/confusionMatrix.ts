import type { Language } from '../core/types.ts';
import { type HeatMap, heatMap } from './heatMap.ts';
import type { LayeredChart } from './spec.ts';

/** Counts of gold label (rows) by predicted label (columns), in the label set's order; sizes as a heat map's. */
export interface ConfusionChart extends Pick<HeatMap, 'labelExpr' | 'cell' | 'textSize' | 'isUpright'> {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
  /** Cells show rows, or shares of the gold label's rows. Colours mean shares either way. */
  readonly show: 'counts' | 'shares';
}

const TEXT = {
  ko: {
    title: { counts: '혼동 행렬 (행 수)', shares: '혼동 행렬 (정답 라벨별 비율, %)' },
    gold: '정답 라벨',
    predicted: '예측 라벨',
    share: '정답 라벨의 행 가운데 비율',
  },
  en: {
    title: { counts: 'Confusion matrix (rows)', shares: 'Confusion matrix (per cent of the gold label)' },
    gold: 'Gold label',
    predicted: 'Predicted label',
    share: 'Share of the gold label’s rows',
  },
} as const;

export function confusionMatrixChart({ labels, counts, show, ...looks }: ConfusionChart, lang: Language): LayeredChart {
  const text = TEXT[lang];
  const cells = counts.flatMap((row, g) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, p) => {
      if (count === 0) return [];
      const value = count / total;
      return [{ row: labels[g]!, column: labels[p]!, value, text: show === 'counts' ? `${count}` : shareText(value) }];
    });
  });
  return heatMap({
    title: text.title[show],
    rowTitle: text.gold,
    columnTitle: text.predicted,
    rows: labels,
    columns: labels,
    cells,
    colorTitle: text.share,
    cell: { width: 28, height: 20 },
    ...looks,
  });
}

/** Per cent without a sign, as cells are narrow; `·` for what would round to 0. */
const shareText = (share: number): string => (share < 0.005 ? '·' : (share * 100).toFixed(0));
