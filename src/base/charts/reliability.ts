import type { Language } from '../core/types.ts';
import { FIFTHS, titled } from './parts.ts';
import type { Panel, PanelRow, Position } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Bins of confidence with the share of right answers, before and after calibration. */
export interface ReliabilityDiagram {
  readonly temperature: number;
  readonly before: ReliabilityPanel;
  readonly after: ReliabilityPanel;
}

interface ReliabilityPanel {
  readonly ece: number;
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly rows: number;
    readonly confidence: number | null;
    readonly accuracy: number | null;
  }[];
}

const TEXT = {
  ko: {
    title: '신뢰도 도표 (검증 데이터)',
    before: (ece: string) => `보정 전: ECE ${ece}`,
    after: (ece: string, t: string) => `보정 후 (T = ${t}): ECE ${ece}`,
    confidence: '신뢰도',
    accuracy: '정답 비율',
    rows: '행 수',
  },
  en: {
    title: 'Reliability diagram (validation rows)',
    before: (ece: string) => `before: ECE ${ece}`,
    after: (ece: string, t: string) => `after (T = ${t}): ECE ${ece}`,
    confidence: 'Confidence',
    accuracy: 'Share of right answers',
    rows: 'Rows',
  },
} as const;

/**
 * Bars: the share of right answers by confidence; on the diagonal, confidence is what it says. Below, how many rows each
 * bin has. Left before calibration, right after.
 */
export function reliabilityDiagram({ temperature, before, after }: ReliabilityDiagram, lang: Language): PanelRow {
  const text = TEXT[lang];
  const most = Math.max(1, ...[...before.bins, ...after.bins].map(({ rows }) => rows));
  return {
    ...titled(text.title),
    spacing: 50,
    hconcat: [
      panel(before, text.before(before.ece.toFixed(3)), most, text),
      panel(after, text.after(after.ece.toFixed(3), temperature.toFixed(2)), most, text),
    ],
  };
}

const SIZE = 300;

function panel({ bins }: ReliabilityPanel, title: string, most: number, text: (typeof TEXT)[Language]): Panel {
  const x: Position = {
    field: 'from',
    type: 'quantitative',
    title: text.confidence,
    scale: { domain: [0, 1], nice: false },
    axis: { grid: false, values: FIFTHS, format: '.1f' },
  };
  const share: Position = {
    type: 'quantitative',
    title: text.accuracy,
    scale: { domain: [0, 1], nice: false },
    axis: { values: FIFTHS, format: '.1f' },
  };
  return {
    title: { text: title, fontSize: 13, fontWeight: 'normal' },
    spacing: 24,
    vconcat: [
      {
        width: SIZE,
        height: SIZE,
        layer: [
          {
            data: { values: bins.filter(({ rows }) => rows > 0).map((bin) => ({ ...bin })) },
            mark: { type: 'bar', color: SERIES[0], stroke: INK.surface, strokeWidth: 1 },
            encoding: { x: { ...x, bin: 'binned' }, x2: { field: 'to' }, y: { field: 'accuracy', ...share } },
          },
          {
            data: {
              values: [
                { at: 0, share: 0 },
                { at: 1, share: 1 },
              ],
            },
            mark: { type: 'line', color: INK.muted, strokeDash: [4, 3], strokeWidth: 1.5 },
            encoding: {
              x: { field: 'at', type: 'quantitative', scale: { domain: [0, 1] } },
              y: { field: 'share', ...share },
            },
          },
          {
            data: { values: bins.filter(({ rows }) => rows > 0).map((bin) => ({ ...bin })) },
            mark: { type: 'point', filled: true, color: SERIES[1], size: 45, opacity: 1 },
            encoding: {
              x: { field: 'confidence', type: 'quantitative', scale: { domain: [0, 1] } },
              y: { field: 'accuracy', ...share },
            },
          },
        ],
      },
      {
        width: SIZE,
        height: 70,
        data: { values: bins.map((bin) => ({ ...bin })) },
        mark: { type: 'bar', color: INK.line },
        encoding: {
          x: { ...x, bin: 'binned' },
          x2: { field: 'to' },
          y: {
            field: 'rows',
            type: 'quantitative',
            title: text.rows,
            scale: { domain: [0, most], nice: false },
            axis: { tickCount: 3, tickMinStep: 1, format: ',d' },
          },
        },
      },
    ],
  };
}
