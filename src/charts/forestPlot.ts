import type { VegaLiteSpec } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Differences from a baseline with their intervals, coloured by what they amount to, and what each costs beside them. */
export interface ForestPlot {
  readonly title: string;
  readonly differenceTitle: string;
  readonly costTitle: string;
  /** Names of better, no different and worse, for the legend. */
  readonly verdicts: { readonly gain: string; readonly same: string; readonly loss: string };
  /** In drawing order. */
  readonly rows: readonly ForestRow[];
}

export interface ForestRow {
  readonly name: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Key of `verdicts`; null where it is not known yet, which is drawn hollow and grey. */
  readonly verdict: 'gain' | 'same' | 'loss' | null;
  /** Multiple of the baseline's; null where it is not known. */
  readonly cost: number | null;
}

const ROW_HEIGHT = 26;

export function forestPlot(chart: ForestPlot): VegaLiteSpec {
  const { verdicts, rows } = chart;
  const names = rows.map(({ name }) => name);
  const values = rows.map((row) => ({
    ...row,
    shown: verdicts[row.verdict ?? 'same'],
    open: row.verdict === null,
    text: signed(row.difference),
    costText: row.cost === null ? '–' : `×${row.cost.toFixed(2)}`,
  }));
  const [least, most] = [Math.min(0, ...rows.map(({ low }) => low)), Math.max(0, ...rows.map(({ high }) => high))];
  const room = 0.16 * Math.max(most - least, 0.001);
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: chart.differenceTitle,
    scale: { domain: [least - 0.3 * room, most + room], nice: false, zero: false },
    axis: { format: '+.2~f', tickCount: 6, grid: true },
  });
  const y = (labels: boolean) => ({
    field: 'name',
    type: 'nominal',
    sort: names,
    title: null,
    axis: labels ? { ticks: false, domain: false, grid: false, labelPadding: 8 } : null,
  });
  const color = {
    field: 'shown',
    type: 'nominal',
    title: null,
    scale: {
      domain: [verdicts.gain, verdicts.same, verdicts.loss],
      range: [SERIES[2], SERIES[5], SERIES[1]],
    },
  };
  const differences = {
    width: 420,
    height: rows.length * ROW_HEIGHT,
    data: { values },
    encoding: { y: y(true) },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: INK.muted, strokeDash: [4, 3] },
        encoding: { x: { ...x('zero') }, y: null },
      },
      {
        mark: { type: 'rule', strokeWidth: 2.5 },
        encoding: { x: x('low'), x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1, strokeWidth: 2 },
        encoding: {
          x: x('difference'),
          color,
          fill: { condition: { test: 'datum.open', value: INK.surface }, ...color, legend: null },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 10, color: INK.muted },
        encoding: { x: x('high'), text: { field: 'text' } },
      },
    ],
  };
  const costs = {
    width: 150,
    height: rows.length * ROW_HEIGHT,
    data: { values: values.map((row) => ({ ...row, bar: row.cost ?? 0 })) },
    encoding: {
      y: y(false),
      x: {
        field: 'bar',
        type: 'quantitative',
        title: chart.costTitle,
        axis: { tickCount: 4, format: '~r', grid: false },
        scale: { domain: [0, 1.35 * Math.max(1, ...rows.map(({ cost }) => cost ?? 0))], nice: false },
      },
    },
    layer: [
      { mark: { type: 'bar', color: INK.line, height: { band: 0.5 } } },
      { mark: { type: 'rule', color: INK.muted, strokeDash: [4, 3] }, encoding: { x: { datum: 1 }, y: null } },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10, color: INK.muted },
        encoding: { text: { field: 'costText' } },
      },
    ],
  };
  return {
    description: chart.title,
    title: chart.title,
    hconcat: [differences, costs],
    spacing: 30,
  } as unknown as VegaLiteSpec;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
