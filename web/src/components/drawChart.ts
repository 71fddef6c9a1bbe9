import type { Config } from 'vega-lite';
import type { VegaLiteSpec } from '../../../src/base/charts/spec.ts';
import { INK, SEQUENTIAL, THEME } from '../../../src/base/charts/theme.ts';

export interface ChartHandle {
  /** Takes the place of the drawing before, which stays in sight until then. */
  show(): void;
  /** Takes the width of its place again. */
  fit(): void;
  /** Stops listening; what is drawn stays until another drawing is shown. */
  retire(): void;
  remove(): void;
}

/** The inks of `src/base/charts/theme.ts` on a dark surface. */
const DARK_INK = {
  surface: 'transparent',
  text: '#e3e8ee',
  muted: '#a6b1be',
  line: '#5c6875',
  grid: '#2c343d',
  cellDark: '#e3e8ee',
  cellLight: '#0f1a24',
} as const;

/** Few to many on a dark surface: there the brightest cell has the most. */
const DARK_SEQUENTIAL = ['#1d2f40', '#234661', '#2b5d85', '#3674a8', '#63a3d8', '#a8d3f6'] as const;

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
  const fresh = document.createElement('div');
  fresh.className = 'chart-drawing';
  place.append(fresh);
  const view = new vega.View(vega.parse(vegaSpec, undefined, { ast: true }), {
    container: fresh,
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
  fresh.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  return {
    show() {
      fresh.className = '';
      place.replaceChildren(fresh);
      makeScrollable(place);
    },
    fit() {
      if (width() === drawnWidth || width() === 0) return;
      drawnWidth = width();
      // `width: "container"` listens to the window only; a place also changes with its neighbours.
      window.dispatchEvent(new Event('resize'));
      makeScrollable(place);
    },
    retire: () => {
      view.finalize();
    },
    remove: () => {
      view.finalize();
      fresh.remove();
    },
  };
}

/** A place that scrolls must be a stop for the keyboard, or its ends are out of reach. */
function makeScrollable(place: HTMLElement): void {
  const scrolls = place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight;
  if (scrolls) place.tabIndex = 0;
  else place.removeAttribute('tabindex');
}

const PAGE_THEME: Config = { ...THEME, background: 'transparent', padding: 4 };

/** The same specification with every light ink replaced by its dark twin. */
function inked<T>(value: T, theme: 'light' | 'dark'): T {
  if (theme === 'light') return value;
  const dark = new Map<string, string>([
    ...Object.entries(DARK_INK).map(([name, color]) => [INK[name as keyof typeof DARK_INK], color] as const),
    ...DARK_SEQUENTIAL.map((color, i) => [SEQUENTIAL[i]!, color] as const),
  ]);
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
