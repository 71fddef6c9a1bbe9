import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FLOORS, PAGE_FLOORS } from '../.dependency-cruiser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const map = readFileSync(`${root}ARCHITECTURE.md`, 'utf8');

const foldersOf = (path: string): string[] =>
  readdirSync(root + path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

test('src has the floors and rooms of the layer rules, and no others', () => {
  expect(foldersOf('src')).toEqual(Object.keys(FLOORS).sort());
  for (const [floor, rooms] of Object.entries(FLOORS)) expect(foldersOf(`src/${floor}`)).toEqual([...rooms].sort());
});

test('ARCHITECTURE.md names floors and rooms in the order of the layer rules, each with a line', () => {
  const floors: Record<string, string[]> = {};
  for (const part of map.split(/^### `src\//m).slice(1)) {
    const [floor] = part.split('/', 1);
    floors[floor!] = [...part.split(/^## /m)[0]!.matchAll(/^- `(\w+)`: \S/gm)].map(([, room]) => room!);
  }
  expect(floors).toEqual(FLOORS);
});

test('the page has the floors of the layer rules, and ARCHITECTURE.md names them in their order', () => {
  expect(foldersOf('web/src').filter((name) => !['assets', 'styles'].includes(name))).toEqual([...PAGE_FLOORS].sort());
  const section = map.split('## The page')[1]!.split(/^## /m)[0]!;
  expect([...section.matchAll(/^- `(\w+)`: \S/gm)].map(([, floor]) => floor)).toEqual(PAGE_FLOORS);
});

test('every path that ARCHITECTURE.md names is there, and it stays short enough to read', () => {
  const paths = [...map.matchAll(/`((?:src|web|test|docs|tools|scripts|benchmarks|examples)\/[^`*{}]*)`/g)].map(
    ([, path]) => path!,
  );
  expect(paths.length).toBeGreaterThan(5);
  for (const path of paths) expect(existsSync(root + path), path).toBe(true);
  expect(map.split('\n').length).toBeLessThanOrEqual(150);
});

test('ARCHITECTURE.md says of each thing that people add which files it takes', () => {
  const section = map.split('## How to add')[1]!.split(/^## /m)[0]!;
  const files = [...section.matchAll(/^- \*\*(.+?)\*\*: (.*)$/gm)].map(
    ([, what, how]) => [what!, how!.match(/`[\w/.]+\.(?:tsx?|py)`/g)?.length ?? 0] as const,
  );
  expect(files.map(([what]) => what)).toEqual([
    ...[
      'A file format',
      'A format of graphs',
      'A place for files',
      'A setting',
      'A task',
      'A head',
      'An operator',
      'A stage',
      'A metric',
    ],
    'A view of the page',
  ]);
  for (const [what, count] of files) expect(count, what).toBeGreaterThanOrEqual(2);
});
