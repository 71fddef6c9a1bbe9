import { titled } from './parts.ts';
import type { LayeredChart } from './spec.ts';
import { INK, SEQUENTIAL } from './theme.ts';

/** A table of coloured cells with texts, e.g. a confusion matrix. */
export interface HeatMap {
  readonly title: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** In drawing order, as are the columns. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Only these cells are drawn, the others stay empty. */
  readonly cells: readonly HeatMapCell[];
  /** What the colour means. */
  readonly colorTitle: string;
  /** What stands for a name on both axes, as an expression of `datum.label`. */
  readonly labelExpr?: string;
  /** Size of a cell in pixels; cells without a width share that of the chart's place. */
  readonly cell?: { readonly width: number | null; readonly height: number };
  /** Size of the texts in the cells. */
  readonly textSize?: number;
  /** Whether the names of columns stand upright, where there is little room between them. */
  readonly isUpright?: boolean;
}

export interface HeatMapCell {
  readonly row: string;
  readonly column: string;
  /** In [0, 1]: decides the colour. */
  readonly value: number;
  readonly text: string;
}

export function heatMap(chart: HeatMap): LayeredChart {
  const named = chart.labelExpr === undefined ? {} : { labelExpr: chart.labelExpr };
  const cell = chart.cell ?? { width: 46, height: 22 };
  return {
    ...titled(chart.title),
    width: cell.width === null ? 'container' : { step: cell.width },
    height: { step: cell.height },
    data: { values: chart.cells.map((value) => ({ ...value })) },
    encoding: {
      x: {
        field: 'column',
        type: 'nominal',
        title: chart.columnTitle,
        scale: { domain: [...chart.columns] },
        axis: {
          orient: 'top',
          labelAngle: chart.isUpright ? -90 : -45,
          labelAlign: 'left',
          ticks: false,
          domain: false,
          grid: true,
          tickBand: 'extent',
          ...named,
        },
      },
      y: {
        field: 'row',
        type: 'nominal',
        title: chart.rowTitle,
        scale: { domain: [...chart.rows] },
        axis: { ticks: false, domain: false, grid: true, tickBand: 'extent', labelPadding: 8, ...named },
      },
    },
    layer: [
      {
        mark: { type: 'rect' },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            title: chart.colorTitle,
            scale: { domain: [0, 1], range: [...SEQUENTIAL], interpolate: 'rgb' },
            legend: { format: '~%', orient: 'bottom', gradientLength: 200, direction: 'horizontal' },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: chart.textSize ?? 10 },
        encoding: {
          text: { field: 'text' },
          color: { condition: { test: 'datum.value > 0.68', value: INK.cellLight }, value: INK.cellDark },
        },
      },
    ],
  };
}
