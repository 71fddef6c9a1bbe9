import { sha256 } from '../core/files.ts';
import { checkInstalled } from '../core/optionalPackage.ts';
import type { VegaLiteSpec } from './spec.ts';
import { THEME } from './theme.ts';

/**
 * Draws a chart as a self-contained SVG with a white surface, in korex's theme (the specification's own `config` wins).
 * The same specification gives the same bytes, whatever was drawn before; ids are unique per picture, so
 * several can stand in one page.
 *
 * Errors: those of `checkCharts`.
 */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const { vega, compile } = await loadVega();
  // Vega-Lite warns of what cannot matter here, e.g. of empty domains; a broken specification throws.
  const { spec: vegaSpec } = compile(spec, { config: THEME, logger: vega.logger(vega.None) });
  const view = new vega.View(vega.parse(vegaSpec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return `${named(withStableIds(svg), spec.description)}\n`;
  } finally {
    view.finalize();
  }
}

const VEGA = ['vega', 'vega-lite'];

/** Errors: `failed` where charts cannot be drawn since Vega is not installed. */
export const checkCharts = (): void => checkInstalled(VEGA, { en: 'Charts', ko: '차트' });

/** Vega takes a third of a second to load, and a model answers without it. */
async function loadVega() {
  checkCharts();
  const vega: typeof import('vega') = await import('vega');
  const { compile } = await import('vega-lite');
  // Vega's documented hook for measuring texts; its typings leave it out.
  const { textMetrics } = vega as typeof vega & { textMetrics: { width: typeof textWidth } };
  textMetrics.width = textWidth;
  return { vega, compile };
}

/**
 * Width of a text in pixels without a canvas: a Hangul, Hanja or kana character takes about its font size,
 * others take what Noto Sans and Arial need at most on average. Vega's own estimate (0.8 per character)
 * leaves gaps beside Latin labels and clips Korean ones.
 */
function textWidth(item: { fontSize?: number; fontWeight?: number | string }, text: unknown): number {
  const size = item.fontSize ?? 11;
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600 ? 1.06 : 1;
  let ems = 0;
  for (const char of String(text ?? '')) ems += charWidth(char);
  return ems * size * bold;
}

function charWidth(char: string): number {
  if (/[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u.test(char))
    return 1;
  if (/[A-Z%@&#mwMW—…]/.test(char)) return 0.78;
  return /[ .,:;|!'ijlftr()[\]/-]/.test(char) ? 0.38 : 0.6;
}

/** Vega counts clip paths and gradients over the whole process; here they get the picture's digest instead. */
function withStableIds(svg: string): string {
  const ids = [...new Set([...svg.matchAll(/\bid="((?:clip|gradient_)\d+)"/g)].map((match) => match[1]!))];
  if (ids.length === 0) return svg;
  const numbered = (prefix: string) =>
    svg.replace(
      /((?:\bid="|url\(#|href="#))((?:clip|gradient_)\d+)/g,
      (_, before: string, id: string) => `${before}${prefix}${ids.indexOf(id)}`,
    );
  return numbered(`k${sha256(numbered('k')).slice(0, 8)}-`);
}

function named(svg: string, description: string | undefined): string {
  if (!description) return svg;
  const text = description.replace(
    /[&<>"]/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!,
  );
  return svg.replace('<svg ', `<svg role="img" aria-label="${text}" `);
}
