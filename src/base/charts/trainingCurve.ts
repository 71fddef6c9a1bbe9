import type { Language } from '../core/types.ts';
import { colours, FIFTHS, titled } from './parts.ts';
import type { Layer, LayeredPanel, Panel, PanelRow } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** A training as its log tells it. */
export interface TrainingCurve {
  /** Loss of each optimizer step, from step 1. */
  readonly steps: readonly { readonly step: number; readonly loss: number }[];
  /** Validations, as fractions; `epoch` is how many epochs were done, in parts where it is within one. */
  readonly epochs: readonly {
    readonly epoch: number;
    readonly step: number;
    readonly accuracy: number;
    readonly macro_f1: number;
    readonly micro_f1: number;
  }[];
}

const METRICS = ['macro_f1', 'micro_f1', 'accuracy'] as const;

const TEXT = {
  ko: {
    title: '학습 곡선',
    loss: '학습 손실',
    step: '스텝 (세로선: 검증)',
    validation: '검증 점수',
    epoch: '에폭',
    raw: '스텝별',
    smoothed: '이동 평균',
    metrics: { macro_f1: 'macro-F1', micro_f1: 'micro-F1', accuracy: '정확도' },
  },
  en: {
    title: 'Training curve',
    loss: 'Training loss',
    step: 'Step (vertical rules: validations)',
    validation: 'Validation score',
    epoch: 'Epoch',
    raw: 'by step',
    smoothed: 'moving average',
    metrics: { macro_f1: 'macro-F1', micro_f1: 'micro-F1', accuracy: 'accuracy' },
  },
} as const;

/** More points than the panel has pixels show nothing more. */
const MOST_POINTS = 600;

/** Left the loss by step, with a moving average over a twentieth of the steps and a rule at each validation; right the validations by epoch. */
export function trainingCurve({ steps, epochs }: TrainingCurve, lang: Language): PanelRow {
  const text = TEXT[lang];
  return {
    ...titled(text.title),
    hconcat: [lossPanel(steps, epochs, text), validationPanel(epochs, text)],
    spacing: 50,
    resolve: { scale: { color: 'independent' } },
  };
}

type Text = (typeof TEXT)[Language];

function lossPanel(steps: TrainingCurve['steps'], epochs: TrainingCurve['epochs'], text: Text): LayeredPanel {
  const smoothed = movingAverage(
    steps.map(({ loss }) => loss),
    Math.ceil(steps.length / 20),
  );
  const stride = Math.ceil(steps.length / MOST_POINTS);
  const shown = steps
    .map(({ step, loss }, i) => ({ step, [text.raw]: loss, [text.smoothed]: smoothed[i]! }))
    .filter((_, i) => i % stride === 0 || i === steps.length - 1);
  const line = (series: string, width: number): Layer => ({
    transform: [{ filter: `datum.series === ${JSON.stringify(series)}` }],
    mark: { type: 'line', strokeWidth: width },
  });
  return {
    width: 420,
    height: 260,
    layer: [
      {
        data: { values: epochs.map(({ step }) => ({ step })) },
        mark: { type: 'rule', color: INK.line, opacity: 0.6 },
        encoding: { x: { field: 'step', type: 'quantitative' } },
      },
      {
        data: { values: shown },
        transform: [{ fold: [text.raw, text.smoothed], as: ['series', 'loss'] }],
        encoding: {
          x: {
            field: 'step',
            type: 'quantitative',
            title: text.step,
            axis: { grid: false, tickCount: 6, tickMinStep: 1, format: ',d' },
            scale: { domainMin: 0, domainMax: Math.max(1, ...steps.map(({ step }) => step)), nice: false },
          },
          y: { field: 'loss', type: 'quantitative', title: text.loss, scale: { domainMin: 0, nice: true } },
          color: {
            ...colours('series', [text.raw, text.smoothed], [RAW, SERIES[0]]),
            legend: { symbolType: 'stroke', symbolStrokeWidth: 2 },
          },
        },
        layer: [line(text.raw, 1), line(text.smoothed, 2)],
      },
    ],
  };
}

/** The light blue of single steps, behind their average. */
const RAW = '#a9cde8';

function validationPanel(epochs: TrainingCurve['epochs'], text: Text): Panel {
  const names = METRICS.map((metric) => text.metrics[metric]);
  return {
    width: 260,
    height: 260,
    data: {
      values: epochs.flatMap(({ epoch, ...values }) =>
        METRICS.map((metric) => ({ epoch, metric: text.metrics[metric], value: values[metric] })),
      ),
    },
    mark: { type: 'line', strokeWidth: 2, point: { filled: true, size: 45 } },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: text.epoch,
        axis: { grid: false, tickMinStep: 1, format: 'd' },
        scale: { zero: false, padding: 14, nice: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: text.validation,
        scale: { domain: [0, 1] },
        axis: { values: FIFTHS, format: '.1f' },
      },
      color: colours('metric', names),
    },
  };
}

/** Means over up to `width` values that end at each. */
export function movingAverage(values: readonly number[], width: number): number[] {
  return values.map((_, i) => {
    const window = values.slice(Math.max(0, i + 1 - width), i + 1);
    return window.reduce((sum, value) => sum + value, 0) / window.length;
  });
}
