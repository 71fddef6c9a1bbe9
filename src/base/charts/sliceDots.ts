import { categories, colours, dashedRule, FIFTHS, titled } from './parts.ts';
import type { Colour, LayeredPanel, PanelColumn, Position } from './spec.ts';
import { INK, SERIES } from './theme.ts';

/** A share with its interval per part of the rows, a panel for each way to divide them. */
export interface SliceDots {
  readonly title: string;
  readonly valueTitle: string;
  /** The share over all rows, drawn as a line through all panels. */
  readonly overall: number;
  /** What the colours mean: as the rest, and different from it. */
  readonly series: readonly [string, string];
  readonly panels: readonly {
    readonly name: string;
    /** In drawing order; `text` stands behind the interval. */
    readonly rows: readonly {
      readonly name: string;
      readonly value: number;
      readonly low: number;
      readonly high: number;
      readonly differs: boolean;
      readonly text: string;
    }[];
  }[];
}

export function sliceDots(chart: SliceDots): PanelColumn {
  const [same, different] = chart.series;
  const series = [
    { name: same, color: INK.muted },
    { name: different, color: SERIES[1] },
  ];
  return {
    ...titled(chart.title),
    spacing: 14,
    vconcat: chart.panels.map(({ name, rows }, i) => ({
      title: { text: name, fontSize: 12, offset: 4 },
      ...slicePanel({
        series,
        hasLegend: true,
        rows: rows.map(({ differs, ...row }) => ({ ...row, series: differs ? different : same })),
        overall: [{ value: chart.overall, color: INK.line }],
        valueTitle: i === chart.panels.length - 1 ? chart.valueTitle : null,
      }),
      width: 440,
      height: { step: 20 },
    })),
    config: { axisX: { grid: true } },
  };
}

/** One way to divide the rows, of one or more series. */
export interface SlicePanel {
  /** Whether the chart tells the colours itself. */
  readonly hasLegend: boolean;
  readonly series: readonly { readonly name: string; readonly color: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly series: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly text: string;
  }[];
  /** Shares drawn as dashed lines through the panel. */
  readonly overall: readonly { readonly value: number; readonly color: string }[];
  /** Null where another panel tells it. */
  readonly valueTitle: string | null;
}

/** One panel alone; where a part has several rows, these stand below one another. */
export function slicePanel({ series, hasLegend, rows, overall, valueTitle }: SlicePanel): LayeredPanel {
  const parts = [...new Set(rows.map(({ name }) => name))];
  const names = series.map(({ name }) => name);
  const color: Colour = {
    ...colours(
      'series',
      names,
      series.map(({ color }) => color),
    ),
    ...(!hasLegend && { legend: null }),
  };
  const isShared = parts.length < rows.length;
  // As wide in every panel, so that their scales stand below one another.
  const y = categories(parts, { grid: true, minExtent: isShared ? 0 : 170 });
  const place = { y, color, ...(isShared && { yOffset: { field: 'series', sort: names } }) };
  const x = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: valueTitle,
    scale: { domain: [0, 1.2], nice: false },
    axis: { format: '~%', values: FIFTHS },
  });
  return {
    data: { values: rows.map((row) => ({ ...row })) },
    layer: [
      ...overall.map(({ value, color }) => dashedRule(value, color)),
      { mark: { type: 'rule', strokeWidth: 2 }, encoding: { ...place, x: x('low'), x2: { field: 'high' } } },
      { mark: { type: 'circle', size: 70, opacity: 1 }, encoding: { ...place, x: x('value') } },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 10 },
        encoding: { ...place, x: x('high'), text: { field: 'text' }, color: { value: INK.muted } },
      },
    ],
  };
}
