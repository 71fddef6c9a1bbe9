import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import GithubSlugger from 'github-slugger';
import { Marked, type RendererObject, type Token } from 'marked';
import { themeableSvg } from '../../base/charts/theme.ts';
import { failure } from '../../base/core/errors.ts';
import type { Language } from '../../base/core/types.ts';
import { plainText } from './markdown.ts';
import { ROLE_NAMES } from './sections/sentenceBlock.ts';
import { STYLE } from './style.ts';

export interface PageOptions {
  readonly lang: Language;
  /** Folder of REPORT.md, which the paths of figures start from. */
  readonly folder: string;
  /** Figures are read from below this folder only. */
  readonly root: string;
}

const WORDS = {
  ko: { skip: '본문으로 건너뛰기', contents: '목차', table: '표' },
  en: { skip: 'Skip to the content', contents: 'Contents', table: 'Table' },
} as const;

/**
 * The report as one file: figures and styles inline, no scripts, nothing loaded from anywhere (enforced by a content
 * security policy), light and dark, printable. HTML inside the Markdown comes out as text.
 *
 * The first `#` heading is the page's title; the table of contents is made from the `##` headings.
 */
export async function renderPage(markdown: string, options: PageOptions): Promise<string> {
  const words = WORDS[options.lang];
  const headings: Heading[] = [];
  const marked = new Marked();
  const tokens = marked.lexer(markdown);
  const figures = await readFigures(imagesOf(marked, tokens), options);
  marked.use({ renderer: renderer(figures, words.table, headings) });
  const body = marked.parser(tokens);
  const title = headings.find(({ depth }) => depth === 1)?.text ?? 'korex';
  const contents = headings
    .filter(({ depth }) => depth === 2)
    .map(({ html, slug }) => `<li><a href="#${escapeHtml(slug)}">${html}</a></li>`)
    .join('\n');
  return `<!doctype html>
<html lang="${options.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="korex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<nav aria-label="${words.contents}">
<p>${words.contents}</p>
<ol>
${contents}
</ol>
</nav>
<main id="content" tabindex="-1">
${body}</main>
</body>
</html>
`;
}

interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly html: string;
  readonly slug: string;
}

function renderer(figures: ReadonlyMap<string, string>, tableName: string, headings: Heading[]): RendererObject {
  const slugger = new GithubSlugger();
  let figureCount = 0;
  return {
    html: ({ text }) => escapeHtml(text),
    code: ({ text }) => `<pre><code>${withMarks(escapeHtml(text))}\n</code></pre>\n`,
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens);
      const text = plainText(tokens);
      const slug = slugger.slug(text);
      headings.push({ depth, text, html, slug });
      return `<h${depth} id="${escapeHtml(slug)}">${html}</h${depth}>\n`;
    },
    paragraph({ tokens }) {
      const html = this.parser.parseInline(tokens);
      // A figure is a block of its own, which HTML does not allow inside a paragraph.
      return tokens.every(({ type, raw }) => type === 'image' || raw.trim() === '') ? `${html}\n` : `<p>${html}</p>\n`;
    },
    image({ href, text, title }) {
      const svg = figures.get(href);
      const drawn = svg === undefined ? null : inlineSvg(svg, text, `f${++figureCount}`);
      if (drawn === null) return `<span class="missing">${escapeHtml(text)}</span>`;
      const caption = title ? `<figcaption>${escapeHtml(title)}</figcaption>` : '';
      return `<figure tabindex="0">${drawn}${caption}</figure>`;
    },
    link({ href, tokens }) {
      const html = this.parser.parseInline(tokens);
      return /^(?:https?:|#|\.{0,2}\/|[\w-]+(?:\/|\.\w+$))/i.test(href)
        ? `<a href="${escapeHtml(href)}">${html}</a>`
        : html;
    },
    table(token) {
      const cell = ({ tokens, align }: (typeof token.header)[number], tag: 'td' | 'th', scope = '') =>
        `<${tag}${scope}${align ? ` class="${align}"` : ''}>${this.parser.parseInline(tokens)}</${tag}>`;
      const head = token.header.map((value) => cell(value, 'th', ' scope="col"')).join('');
      const rows = token.rows.map((row) => `<tr>${row.map((value) => cell(value, 'td')).join('')}</tr>`).join('\n');
      return `<div class="scroll" role="region" aria-label="${tableName}" tabindex="0"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows}\n</tbody>\n</table></div>\n`;
    },
  };
}

/** Entities as sections write them, 【subject·type: word】, in the colours of their roles. */
function withMarks(html: string): string {
  const marked = (role: 'subject' | 'object', text: string) => {
    const names = Object.values(ROLE_NAMES).map((roles) => roles[role]);
    return text.replace(
      new RegExp(`【(?:${names.join('|')})(?:·[^】:]*)?: [^】]*】`, 'g'),
      `<mark class="${role}">$&</mark>`,
    );
  };
  return marked('object', marked('subject', html));
}

function imagesOf(marked: Marked, tokens: Token[]): string[] {
  const hrefs = new Set<string>();
  marked.walkTokens(tokens as never, (token) => {
    if (token.type === 'image') hrefs.add(token.href);
  });
  return [...hrefs];
}

/** The SVG files that the Markdown shows. Errors: `failed` for a figure that a section names but no stage has written. */
async function readFigures(hrefs: readonly string[], { folder, root }: PageOptions): Promise<Map<string, string>> {
  const local = hrefs.filter((href) => href.endsWith('.svg') && !/^[a-z]+:/i.test(href));
  const inside = local.filter((href) => !relative(root, resolve(folder, href)).startsWith('..'));
  return new Map(
    await Promise.all(inside.map(async (href) => [href, await readFigure(resolve(folder, href))] as const)),
  );
}

async function readFigure(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw failure(
      { en: `The report shows ${path}, which cannot be read.`, ko: `보고서에 들어갈 ${path}을(를) 읽을 수 없다.` },
      { en: 'Redo the stages with --force.', ko: '--force로 단계를 다시 실행한다.' },
      error,
    );
  }
}

/** What can make a picture load or run something: such a file is not inlined. No figure of korex has any of it. */
const ACTIVE =
  /<(?:script|foreignObject|iframe|image|use\b[^>]*href="(?!#))|\son\w+\s*=|javascript:|@import|url\((?!["']?#)/i;

/**
 * An SVG file as a part of a page: named by `alt` for screen readers, its ids made unique by `prefix`, its inks left
 * to the page's style sheet. Null for what is no passive SVG.
 */
function inlineSvg(svg: string, alt: string, prefix: string): string | null {
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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML text or attribute value. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
