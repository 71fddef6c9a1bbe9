import type { Config } from 'vega-lite';
import type { VegaLiteSpec } from '../../../src/charts/spec.ts';
import { INK, THEME } from '../../../src/charts/theme.ts';

export interface ChartHandle {
  /** Takes the width of its place again. */
  fit(): void;
  remove(): void;
}

/** The inks of `src/charts/theme.ts` on a dark surface. */
const DARK_INK = {
  surface: 'transparent',
  text: '#e3e8ee',
  muted: '#a6b1be',
  line: '#5c6875',
  grid: '#2c343d',
} as const;

/**
 * Draws a chart as SVG into an element. The libraries come in their own chunk, with the first chart. Expressions are
 * interpreted, not compiled, since the page's Content-Security-Policy forbids `eval`.
 */
export async function drawChart(
  place: HTMLElement,
  spec: VegaLiteSpec,
  theme: 'light' | 'dark',
  onPick: (datum: Readonly<Record<string, unknown>>) => void,
): Promise<ChartHandle> {
  const { vega, compile, expressionInterpreter } = await import('./vega.ts');
  const { spec: vegaSpec } = compile(inked(spec, theme), {
    config: inked(PAGE_THEME, theme),
    logger: vega.logger(vega.Error),
  });
  const view = new vega.View(vega.parse(vegaSpec, undefined, { ast: true }), {
    container: place,
    renderer: 'svg',
    hover: true,
    expr: expressionInterpreter,
    logLevel: vega.Error,
  });
  view.addEventListener('click', (_, item) => {
    if (item?.datum) onPick(item.datum as Record<string, unknown>);
  });
  const width = () => place.clientWidth;
  let drawnWidth = width();
  await view.runAsync();
  // The place around it is the image and has its name; Vega's roles inside of it would only be read twice.
  place.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  return {
    fit() {
      if (width() === drawnWidth || width() === 0) return;
      drawnWidth = width();
      // `width: "container"` listens to the window only; a place also changes with its neighbours.
      window.dispatchEvent(new Event('resize'));
    },
    remove: () => {
      view.finalize();
      place.replaceChildren();
    },
  };
}

const PAGE_THEME: Config = { ...THEME, background: 'transparent', padding: 4 };

/** The same specification with every light ink replaced by its dark twin. */
function inked<T>(value: T, theme: 'light' | 'dark'): T {
  if (theme === 'light') return value;
  const dark = new Map<string, string>(
    Object.entries(DARK_INK).map(([name, color]) => [INK[name as keyof typeof DARK_INK], color]),
  );
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return dark.get(node) ?? node;
    if (Array.isArray(node)) return node.map(walk);
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, key === 'values' ? child : walk(child)]),
    );
  };
  return walk(value) as T;
}
