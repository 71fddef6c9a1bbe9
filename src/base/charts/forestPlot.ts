import { signed } from '../core/format.ts';
import { categories, colours, textBehind, titled } from './parts.ts';
import type { Layer, LayeredPanel, PanelRow, Position } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** Differences from a baseline with their intervals, coloured by what they amount to, and what each costs beside them. */
export interface ForestPlot {
  readonly title: string;
  readonly differenceTitle: string;
  readonly costTitle: string;
  /** Names of better, no different, worse and not known yet, for the legend. */
  readonly verdicts: Readonly<Record<ForestVerdict, string>>;
  /** In drawing order. */
  readonly rows: readonly ForestRow[];
}

export type ForestVerdict = 'gain' | 'same' | 'loss' | 'open';

export interface ForestRow {
  readonly name: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: ForestVerdict;
  /** Multiple of the baseline's; null where it is not known. */
  readonly cost: number | null;
}

const ROW_HEIGHT = 26;
const VERDICTS: readonly ForestVerdict[] = ['gain', 'same', 'loss', 'open'];
const COLOURS: Readonly<Record<ForestVerdict, string>> = {
  gain: SERIES[2],
  same: SERIES[5],
  loss: SERIES[1],
  open: INK.line,
};

export function forestPlot(chart: ForestPlot): PanelRow {
  const { verdicts, rows } = chart;
  const names = rows.map(({ name }) => name);
  const values = rows.map((row) => ({ ...row, shown: verdicts[row.verdict], text: signed(row.difference, 3) }));
  const [least, most] = [Math.min(0, ...rows.map(({ low }) => low)), Math.max(0, ...rows.map(({ high }) => high))];
  const span = Math.max(most - least, 0.001);
  // The figures stand in a column at the right end.
  const [left, right] = [least - 0.05 * span, most + 0.22 * span];
  const x = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: chart.differenceTitle,
    scale: { domain: [left, right], nice: false, zero: false },
    axis: { tickCount: 6, grid: true, labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+.3~f')" },
  });
  const y = categories(names);
  const used = VERDICTS.filter((verdict) => rows.some((row) => row.verdict === verdict));
  const color = colours(
    'shown',
    used.map((verdict) => verdicts[verdict]),
    used.map((verdict) => COLOURS[verdict]),
  );
  const baseline: Layer = {
    data: { values: [{ at: 0 }] },
    mark: { type: 'rule', color: INK.line, strokeDash: [4, 3] },
    encoding: { x: { field: 'at', type: 'quantitative' } },
  };
  const differences: LayeredPanel = {
    width: 460,
    height: rows.length * ROW_HEIGHT,
    data: { values },
    encoding: { x: x('difference') },
    layer: [
      baseline,
      {
        mark: { type: 'rule', strokeWidth: 2.5 },
        encoding: { y, x: x('low'), x2: { field: 'high' }, color },
      },
      { mark: { type: 'circle', size: 85, opacity: 1 }, encoding: { y, color } },
      {
        mark: { type: 'text', align: 'right', fontSize: 10, color: INK.muted },
        encoding: { y, x: { datum: right }, text: { field: 'text' } },
      },
    ],
  };
  const costs: LayeredPanel = {
    width: 190,
    height: rows.length * ROW_HEIGHT,
    data: {
      values: rows.map(({ name, cost }) => ({
        ...{ name, bar: cost ?? 0, text: cost === null ? '–' : `×${cost.toFixed(2)}` },
      })),
    },
    encoding: {
      y: { ...y, axis: null },
      x: {
        field: 'bar',
        type: 'quantitative',
        title: chart.costTitle,
        axis: { tickCount: 4, format: '~r', grid: false },
        scale: { domain: [0, 1.3 * Math.max(1, ...rows.map(({ cost }) => cost ?? 0))], nice: false },
      },
    },
    layer: [{ mark: { type: 'bar', color: INK.line, height: { band: 0.45 } } }, textBehind(6, { size: 10 })],
  };
  return {
    ...titled(chart.title),
    hconcat: [differences, costs],
    spacing: 30,
  };
}
