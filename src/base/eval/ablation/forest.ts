import { type ForestRow, forestPlot } from '../../charts/forestPlot.ts';
import type { VegaLiteSpec } from '../../charts/spec.ts';
import type { Language, Localized } from '../../core/types.ts';
import type { TechniqueSummary, Verdict } from './results.ts';

export const VERDICT_TEXT: Readonly<Record<Verdict, Localized>> = {
  gain: { ko: '향상', en: 'gain' },
  'no difference': { ko: '차이 없음', en: 'no difference' },
  loss: { ko: '하락', en: 'loss' },
};

/** Techniques that have a difference, the largest first; then those that have none yet, in the order given. */
export function ranked(techniques: readonly TechniqueSummary[]): TechniqueSummary[] {
  const differenceOf = ({ against }: TechniqueSummary) => against?.macro_f1.difference ?? Number.NEGATIVE_INFINITY;
  return [...techniques].sort((a, b) => (differenceOf(a) === differenceOf(b) ? 0 : differenceOf(b) - differenceOf(a)));
}

/** The forest plot of an ablation; null where no technique can be compared yet. */
export function ablationForest(
  experiment: string,
  techniques: readonly TechniqueSummary[],
  lang: Language,
): VegaLiteSpec | null {
  const rows = ranked(techniques).flatMap(({ technique, against, verdict, cost }): ForestRow[] => {
    if (against === null) return [];
    const { difference, low, high } = against.macro_f1;
    return [{ name: technique, difference, low, high, verdict: verdict === null ? 'open' : KEYS[verdict], cost }];
  });
  if (rows.length === 0) return null;
  const text = TEXT[lang];
  return forestPlot({
    title: text.title(experiment),
    differenceTitle: text.difference,
    costTitle: text.cost,
    verdicts: {
      gain: VERDICT_TEXT.gain[lang],
      same: VERDICT_TEXT['no difference'][lang],
      loss: VERDICT_TEXT.loss[lang],
      open: text.open,
    },
    rows,
  });
}

const KEYS = { gain: 'gain', 'no difference': 'same', loss: 'loss' } as const;

const TEXT = {
  ko: {
    title: (name: string) => `${name}: 기준 설정과의 macro-F1 차이(95% 구간)와 학습 시간`,
    difference: 'macro-F1 차이',
    cost: '학습 시간(기준의 배수)',
    open: '판정 전',
  },
  en: {
    title: (name: string) =>
      `${name}: difference in macro-F1 from the base settings (95% intervals), and training time`,
    difference: 'Difference in macro-F1',
    cost: 'Training time (multiple of the base)',
    open: 'no verdict yet',
  },
} as const;
