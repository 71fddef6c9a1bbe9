import { colours, titled } from './parts.ts';
import type { LayeredPanel, PanelGrid } from './spec.ts';

/** Distributions of two series over the same bins, one panel per measure. */
export interface Histograms {
  readonly title: string;
  readonly series: readonly [string, string];
  readonly valueTitle: string;
  readonly panels: readonly HistogramPanel[];
}

export interface HistogramPanel {
  readonly xTitle: string;
  readonly bins: readonly HistogramBin[];
  /** Format of the axis, e.g. `~%`; numbers as they are without it. */
  readonly format?: string;
}

/** Values in [start, end); `shares` of the rows of each series. */
export interface HistogramBin {
  readonly start: number;
  readonly end: number;
  readonly shares: readonly [number, number];
}

/** Counts values into bins of equal width from 0 on; whatever lies past the last bin counts into it. */
export function toBins(
  width: number,
  bins: number,
  first: readonly number[],
  second: readonly number[],
): HistogramBin[] {
  const shares = (values: readonly number[]) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) counts[Math.min(bins - 1, Math.floor(value / width))]!++;
    return counts.map((count) => count / Math.max(1, values.length));
  };
  const [a, b] = [shares(first), shares(second)];
  return a.map((share, i) => ({ start: i * width, end: (i + 1) * width, shares: [share, b[i]!] }));
}

export function histograms(chart: Histograms): PanelGrid {
  return {
    ...titled(chart.title),
    columns: 2,
    spacing: 40,
    concat: chart.panels.map((panel) => histogram(panel, chart)),
  };
}

function histogram(panel: HistogramPanel, chart: Pick<Histograms, 'series' | 'valueTitle'>): LayeredPanel {
  return {
    width: 330,
    height: 200,
    encoding: {
      x: {
        field: 'start',
        type: 'quantitative',
        bin: { binned: true },
        title: panel.xTitle,
        axis: { grid: false, ...(panel.format && { format: panel.format }) },
      },
      y: { field: 'share', type: 'quantitative', stack: null, title: chart.valueTitle, axis: { format: '~%' } },
      color: colours('series', chart.series),
    },
    layer: [
      {
        data: {
          values: panel.bins.map(({ start, end, shares }) => ({
            start,
            end,
            series: chart.series[0],
            share: shares[0],
          })),
        },
        mark: { type: 'bar', opacity: 0.6, binSpacing: 0 },
        encoding: { x2: { field: 'end' } },
      },
      {
        data: { values: outline(panel.bins).map((point) => ({ ...point, series: chart.series[1] })) },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
      },
    ],
  };
}

/** The second series as the corners of its steps, from the axis up and down to it again. */
function outline(bins: readonly HistogramBin[]): { start: number; share: number }[] {
  const end = bins.at(-1)?.end ?? 0;
  return [...bins.map(({ start, shares }) => ({ start, share: shares[1] })), { start: end, share: 0 }];
}
