import { themeableSvg } from '../../base/charts/theme.ts';
import { escapeHtml } from './escape.ts';

/** What can make a picture load or run something: such a file is not inlined. No figure of korex has any of it. */
const ACTIVE =
  /<(?:script|foreignObject|iframe|image|use\b[^>]*href="(?!#))|\son\w+\s*=|javascript:|@import|url\((?!["']?#)/i;

/**
 * An SVG file as a part of a page: named by `alt` for screen readers, its ids made unique by `prefix`, its inks left
 * to the page's style sheet. Null for what is no passive SVG.
 */
export function inlineSvg(svg: string, alt: string, prefix: string): string | null {
  const start = svg.indexOf('<svg');
  const end = svg.lastIndexOf('</svg>');
  if (start < 0 || end < 0 || ACTIVE.test(svg)) return null;
  const body = svg
    .slice(start, end + '</svg>'.length)
    .replace(/(\sid="|url\(["']?#|href="#)/g, `$1${prefix}-`)
    .replace(
      /^<svg\b([^>]*)>/,
      (_, attributes: string) => `<svg${attributes.replace(NAMING, '')} role="img" aria-label="${escapeHtml(alt)}">`,
    );
  return themeableSvg(body);
}

/** The file's own name, which the alt text of the report replaces. */
const NAMING = /\s(?:role|aria-label|aria-labelledby|aria-roledescription)="[^"]*"/g;
