import { colours, dashedRule, titled } from './parts.ts';
import type { Encoding, Layer, LayeredPanel, PanelRow } from './spec.ts';
import { INK } from './theme.ts';

/** Two values per category as horizontal bars, e.g. shares of a label among training and test rows. */
export interface PairedBars {
  readonly title: string;
  /** Names of the two series. */
  readonly series: readonly [string, string];
  readonly valueTitle: string;
  /** In drawing order; `texts` stand at the ends of the bars. */
  readonly rows: readonly PairedBarsRow[];
  /** Adds a panel with the ratio second ÷ first on a logarithmic axis, under this title. */
  readonly ratioTitle?: string;
}

export interface PairedBarsRow {
  readonly name: string;
  /** As fractions; drawn in per cent. */
  readonly values: readonly [number, number];
  readonly texts: readonly [string, string];
}

const ROW_HEIGHT = 27;
/** Both panels use the same bands, so that a category's marks stand on one line. */
const ROW_BANDS = { paddingInner: 0.22, paddingOuter: 0.11 };

export function pairedBars(chart: PairedBars): PanelRow {
  const ratios = chart.ratioTitle === undefined ? [] : [ratioPanel(chart.rows, chart.ratioTitle)];
  return {
    ...titled(chart.title),
    hconcat: [pairPanel(chart), ...ratios],
    spacing: 60,
    config: { axisY: { grid: false } },
  };
}

function pairPanel({ rows, series, valueTitle }: PairedBars): LayeredPanel {
  return {
    width: 420,
    height: rows.length * ROW_HEIGHT,
    data: {
      values: rows.flatMap(({ name, values, texts }) =>
        series.map((series, i) => ({ name, series, value: values[i], text: texts[i] })),
      ),
    },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        title: null,
        scale: ROW_BANDS,
        axis: { ticks: false, domain: false, labelPadding: 8 },
      },
      yOffset: { field: 'series', sort: [...series] },
      x: {
        field: 'value',
        type: 'quantitative',
        title: valueTitle,
        axis: { format: '~%', tickCount: 6 },
        scale: { domainMin: 0, nice: true },
      },
      color: colours('series', series),
    },
    layer: [
      { mark: { type: 'bar', height: { band: 0.86 } } },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 },
        encoding: { text: { field: 'text' }, color: { value: INK.muted } },
      },
    ],
  };
}

/** A lollipop per category that has both values; 1 means that both series agree. */
function ratioPanel(rows: readonly PairedBarsRow[], title: string): LayeredPanel {
  const ratios = rows.map(({ name, values: [first, second] }) => {
    const defined = first > 0 && second > 0;
    return {
      name,
      ratio: defined ? second / first : null,
      text: defined ? `×${(second / first).toFixed(2)}` : '–',
      one: 1,
    };
  });
  const y: Encoding['y'] = {
    field: 'name',
    type: 'nominal',
    sort: rows.map(({ name }) => name),
    title: null,
    axis: null,
    scale: ROW_BANDS,
  };
  const above = (datum: { ratio: number | null }) => (datum.ratio ?? 1) >= 1;
  const text = (data: typeof ratios, align: 'left' | 'right'): Layer => ({
    data: { values: data },
    mark: { type: 'text', align, dx: align === 'left' ? 7 : -7, fontSize: 10, color: INK.muted },
    encoding: { y, text: { field: 'text' }, x: { field: 'shown', type: 'quantitative' } },
    transform: [{ calculate: 'datum.ratio === null ? 1 : datum.ratio', as: 'shown' }],
  });
  return {
    width: 190,
    height: rows.length * ROW_HEIGHT,
    data: { values: ratios },
    layer: [
      dashedRule(1),
      {
        mark: { type: 'rule', color: INK.muted, invalid: 'filter' },
        encoding: {
          y,
          x: {
            field: 'ratio',
            type: 'quantitative',
            title,
            scale: { type: 'log', domain: ratioDomain(ratios.flatMap(({ ratio }) => ratio ?? [])) },
            axis: { values: POWERS_OF_TEN, format: '~r', grid: false },
          },
          x2: { field: 'one' },
        },
      },
      {
        mark: { type: 'circle', size: 50, color: INK.muted, opacity: 1, invalid: 'filter' },
        encoding: { y, x: { field: 'ratio', type: 'quantitative' } },
      },
      text(ratios.filter(above), 'left'),
      text(
        ratios.filter((datum) => !above(datum)),
        'right',
      ),
    ],
  };
}

const POWERS_OF_TEN = Array.from({ length: 13 }, (_, i) => 10 ** (i - 6));

/** Around the ratios and 1, with room for the texts. */
const ratioDomain = (ratios: readonly number[]): [number, number] => [
  Math.min(0.5, ...ratios) / 5,
  Math.max(2, ...ratios) * 5,
];
