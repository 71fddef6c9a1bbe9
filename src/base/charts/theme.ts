import type { Config } from 'vega-lite';

/** Fonts with Hangul on the usual systems; the quotes stay single so that the value fits into an SVG attribute. */
export const FONT = "'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";

/**
 * The inks of every figure. A file has a white surface, so it reads anywhere; a page that inlines it turns these
 * literals into CSS variables with `themeableSvg` and so draws it light or dark. Cell texts of heat maps
 * (`cellDark`, `cellLight`) follow the cell's colour, not the page's.
 */
export const INK = {
  surface: '#ffffff',
  text: '#1f2933',
  muted: '#52606d',
  line: '#9aa5b1',
  grid: '#e4e7eb',
  cellDark: '#101820',
  cellLight: '#fdfdfe',
} as const;

/** Series colours, colour-blind safe (after Okabe and Ito) and of middle lightness: they hold on white and on dark. */
export const SERIES = ['#2b7bba', '#dd7324', '#2a9d76', '#b0609c', '#b8860b', '#5b6b7b', '#4fa3d9'] as const;

/** Light → dark for counts and shares. */
export const SEQUENTIAL = ['#eef5fb', '#c5dcef', '#8fbfe0', '#4f97ca', '#23699f', '#0d3f6b'] as const;

/** Labels and titles of axes and legends. */
const GUIDE = {
  labelColor: INK.text,
  labelFontSize: 12,
  labelLimit: 0,
  titleColor: INK.muted,
  titleFontSize: 12,
  titleFontWeight: 'normal' as const,
  titleLimit: 0,
};

/** What all figures share. */
export const THEME: Config = {
  background: INK.surface,
  aria: false,
  font: FONT,
  padding: { left: 12, right: 20, top: 12, bottom: 12 },
  view: { stroke: null },
  title: { color: INK.text, fontSize: 15, fontWeight: 600, anchor: 'start', offset: 14, limit: 0 },
  axis: {
    ...GUIDE,
    titlePadding: 10,
    domainColor: INK.line,
    tickColor: INK.line,
    gridColor: INK.grid,
  },
  axisY: { titleAnchor: 'middle' },
  legend: {
    ...GUIDE,
    orient: 'top',
    direction: 'horizontal',
    symbolType: 'square',
  },
  header: { labelColor: INK.text, titleColor: INK.muted, labelFontSize: 12, labelLimit: 0 },
  text: { color: INK.text, fontSize: 11 },
  range: { category: [...SERIES], ramp: [...SEQUENTIAL], heatmap: [...SEQUENTIAL] },
};

const VARIABLES = {
  surface: 'chart-surface',
  text: 'chart-text',
  muted: 'chart-muted',
  line: 'chart-line',
  grid: 'chart-grid',
} as const;

/**
 * For SVGs inlined into a page: the inks become `var(--chart-surface, #ffffff)`, `--chart-text`, `--chart-muted`,
 * `--chart-line` and `--chart-grid`, so the page's style sheet decides them, e.g. in a dark colour scheme.
 */
export function themeableSvg(svg: string): string {
  let result = svg;
  for (const [ink, variable] of Object.entries(VARIABLES)) {
    const color = INK[ink as keyof typeof VARIABLES];
    result = result.replaceAll(`="${color}"`, `="var(--${variable}, ${color})"`);
  }
  return result;
}
