import { useEffect, useRef, useState } from 'preact/hooks';
import type { VegaLiteSpec } from '../../../src/base/charts/spec.ts';
import { shownTheme } from '../state/theme.ts';
import { type ChartHandle, drawChart } from './drawChart.ts';
import { Failure } from './Failure.tsx';
import { componentTexts } from './texts.ts';

/** What the chart shows, for screen readers and whoever prefers figures. Cells are shown as they are. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ChartProps {
  /** Its `description` is the figure's accessible name. Keep the object the same between renderings (`useMemo`), or it is drawn again. */
  readonly spec: VegaLiteSpec;
  readonly table: ChartTable;
  /** Called with the datum of a mark that was clicked. Offer the same by other means: a chart is no control for the keyboard. */
  readonly onPick?: (datum: Readonly<Record<string, unknown>>) => void;
}

/** A Vega-Lite chart in the page's colours, as wide as its place, with its figures as a table below. */
export function Chart({ spec, table, onPick }: ChartProps) {
  const t = componentTexts();
  const place = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [error, setError] = useState<unknown>(null);
  const theme = shownTheme.value;

  useEffect(() => {
    let handle: ChartHandle | null = null;
    let isWanted = true;
    const element = place.current!;
    drawChart(element, spec, theme, (datum) => pick.current?.(datum)).then(
      (drawn) => {
        if (!isWanted) return drawn.remove();
        handle = drawn;
        drawn.show();
        setError(null);
      },
      (reason: unknown) => isWanted && setError(reason),
    );
    const observer = new ResizeObserver(() => handle?.fit());
    observer.observe(element);
    return () => {
      isWanted = false;
      observer.disconnect();
      handle?.retire();
    };
  }, [spec, theme]);

  const title = typeof spec.description === 'string' ? spec.description : '';
  return (
    <figure class="chart">
      {error !== null && <Failure error={error} />}
      <div class={onPick ? 'chart-place chart-pickable' : 'chart-place'} ref={place} role="img" aria-label={title} />
      <details class="chart-table">
        <summary>{t.showTable}</summary>
        <div class="scroll-x" role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                {table.columns.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j} class={typeof cell === 'number' ? 'number' : undefined}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
