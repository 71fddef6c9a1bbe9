import type { TaskName } from '../core/settings.ts';
import type { Language } from '../core/types.ts';
import { ANSWER_KINDS } from '../eval/ablation/answers.ts';
import type { TechniqueSummary } from '../eval/ablation/results.ts';
import { ranked, VERDICT_TEXT } from '../eval/ablation/table.ts';
import { type ForestRow, forestPlot } from './forestPlot.ts';
import type { VegaLiteSpec } from './spec.ts';

/** The forest plot of an ablation; null where no technique can be compared yet. */
export function ablationForest(
  experiment: string,
  techniques: readonly TechniqueSummary[],
  lang: Language,
  task: TaskName = 'relation',
): VegaLiteSpec | null {
  const kind = ANSWER_KINDS[task];
  const figure = kind.titles[kind.leading][lang];
  const rows = ranked(techniques, kind).flatMap(({ technique, against, verdict, cost }): ForestRow[] => {
    if (against === null) return [];
    const { difference, low, high } = against[kind.leading];
    return [{ name: technique, difference, low, high, verdict: verdict === null ? 'open' : KEYS[verdict], cost }];
  });
  if (rows.length === 0) return null;
  const text = TEXT[lang];
  return forestPlot({
    title: text.title(experiment, figure),
    differenceTitle: text.difference(figure),
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
    title: (name: string, figure: string) => `${name}: 기준 설정과의 ${figure} 차이(95% 구간)와 학습 시간`,
    difference: (figure: string) => `${figure} 차이`,
    cost: '학습 시간(기준의 배수)',
    open: '판정 전',
  },
  en: {
    title: (name: string, figure: string) =>
      `${name}: difference in ${figure} from the base settings (95% intervals), and training time`,
    difference: (figure: string) => `Difference in ${figure}`,
    cost: 'Training time (multiple of the base)',
    open: 'no verdict yet',
  },
} as const;
