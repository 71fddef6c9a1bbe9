import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { Lexer, type Token, walkTokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/app/cli/commands.ts';
import { parseArguments } from '../src/app/cli/program.ts';

// The Markdown files: links and anchors lead somewhere, both languages have the same pages and commands, every command exists.

const root = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'dist.tools', 'temp_result', 'reference']);

const markdownFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const FILES = markdownFiles(root);
const nameOf = (path: string) => relative(root, path).replaceAll('\\', '/');

function tokensOf(path: string): Token[] {
  const tokens: Token[] = [];
  walkTokens(Lexer.lex(readFileSync(path, 'utf8')), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** A heading without its Markdown, as GitHub makes its anchor of it. */
const plain = (token: Token): string =>
  'tokens' in token && token.tokens ? token.tokens.map(plain).join('') : 'text' in token ? String(token.text) : '';

function anchorsOf(path: string): Set<string> {
  const slugger = new GithubSlugger();
  return new Set(
    tokensOf(path)
      .filter(({ type }) => type === 'heading')
      .map((token) => slugger.slug(plain(token))),
  );
}

/** Addresses of links and pictures, those in HTML included. */
function linksOf(path: string): string[] {
  return tokensOf(path).flatMap((token) => {
    if (token.type === 'link' || token.type === 'image') return [decodeURI(String(token.href))];
    if (token.type !== 'html') return [];
    return [...String(token.raw).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, href]) => href!);
  });
}

const isLocal = (link: string) => !/^(?:https?:|mailto:)/.test(link);

test.each(FILES.map(nameOf))('every link of %s leads to a file and a heading that exist', (name) => {
  const file = join(root, name);
  const broken = linksOf(file)
    .filter(isLocal)
    .filter((link) => {
      const [path, anchor] = link.split('#', 2) as [string, string | undefined];
      const target = path === '' ? file : resolve(dirname(file), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor));
    });
  expect(broken).toEqual([]);
});

/** A path of the repository in code marks; `experiments/NAME/` is a folder below `--out`. */
const PATH = /`((?:src|web|test|docs|tools|scripts|benchmarks|examples|experiments|recipes)\/(?!NAME\/)[\w./-]+)`/g;

test.each(FILES.map(nameOf))('every path of the repository that %s names is there', (name) => {
  const paths = [...readFileSync(join(root, name), 'utf8').matchAll(PATH)].map(([, path]) => path!);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(['README.md', 'README.ko.md'])('%s fits on a screen or two: 12 KB', (name) => {
  expect(statSync(join(root, name)).size).toBeLessThanOrEqual(12 * 1024);
});

const PAGES = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md') && !name.endsWith('.ko.md') && name !== 'README.md')
  .map((name) => name.slice(0, -'.md'.length));

describe.each([
  ['', '.ko'],
  ['.ko', ''],
])('pages NAME%s.md', (suffix, other) => {
  const targetsOf = (path: string) =>
    new Set(
      linksOf(path)
        .filter(isLocal)
        .map((link) => nameOf(resolve(dirname(path), link.split('#')[0]!))),
    );

  test.each(['README', ...PAGES])('docs/%s links to README, index and its twin', (name) => {
    const targets = targetsOf(join(root, 'docs', `${name}${suffix}.md`));
    expect(targets).toContain(`README${suffix}.md`);
    if (name !== 'README') expect(targets).toContain(`docs/README${suffix}.md`);
    expect(targets).toContain(`docs/${name}${other}.md`);
  });

  test('README and index link to all of them', () => {
    const pages = PAGES.map((name) => `docs/${name}${suffix}.md`);
    for (const from of [`README${suffix}.md`, `docs/README${suffix}.md`])
      expect([...targetsOf(join(root, from))]).toEqual(expect.arrayContaining(pages));
  });
});

/** The code blocks of a file. */
const blocksOf = (path: string) =>
  tokensOf(path).flatMap((token) => (token.type === 'code' ? [String(token.text)] : []));

/** Command lines `npx korex …` of code blocks, comments and continuations taken away. */
const commandsOf = (path: string): string[] =>
  blocksOf(path).flatMap((text) =>
    [...text.replaceAll('\\\n', ' ').matchAll(/^.*?\bnpx korex (.*)$/gm)].map(([, line]) =>
      line!
        .replace(/\s+#.*$/, '')
        .replace(/\s[|>&].*$/, '')
        .trim(),
    ),
  );

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plainWord]) => quoted ?? plainWord!);

test.each(['README', ...['README', ...PAGES].map((name) => `docs/${name}`)])(
  'both languages of %s show the same commands',
  (name) => {
    const comparable = (path: string) => commandsOf(path).map((line) => line.replace(' --lang en', ''));
    expect(comparable(join(root, `${name}.ko.md`))).toEqual(comparable(join(root, `${name}.md`)));
  },
);

test('every `npx korex …` of a code block is a command with options that exist', async () => {
  const lines = FILES.flatMap((file) => commandsOf(file).map((line) => [nameOf(file), line] as const));
  expect(lines.length).toBeGreaterThan(50);
  for (const [file, line] of lines) {
    const parsed = parseArguments(COMMANDS, wordsOf(line), { writeOut: () => {}, helpWidth: 100, lang: 'en' });
    await expect(parsed, `${file}: korex ${line}`).resolves.toBeTruthy();
  }
});
