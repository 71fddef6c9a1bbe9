import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheckout = existsSync(`${root}.git`);

/** Folders of `## \`folder/\`` headings, and files of the `- \`file\`` lines below them. */
function mapOf(text: string): { folders: string[]; files: string[] } {
  const folders: string[] = [];
  const files: string[] = [];
  let folder = '';
  for (const line of text.split('\n')) {
    const heading = /^## (?:`([^`]+)\/`)?/.exec(line);
    if (heading) {
      folder = heading[1] === undefined ? '' : `${heading[1]}/`;
      if (folder !== '') folders.push(folder);
    }
    const file = /^- `([^`]+)`: \S/.exec(line);
    if (file) files.push(folder + file[1]);
  }
  return { folders, files };
}

/** Kept files that the map names one by one: code and what stands in the root, without tests, data and the READMEs. */
const isMapped = (path: string): boolean =>
  !/\.test\.tsx?$|__snapshots__\/|^test\/fixtures\/|^README/.test(path) &&
  (/^(src|scripts|tools|test|web|\.ci)\//.test(path) || !path.includes('/'));

// Without git (an unpacked archive) nobody can say which files belong to the project.
test.skipIf(!isCheckout)('ARCHITECTURE.md names every file and folder once, and nothing else', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '' && existsSync(root + path));
  const folders = new Set(
    tracked.filter((path) => !/^test\/fixtures\/|__snapshots__/.test(path)).flatMap((path) => parentsOf(path)),
  );
  const map = mapOf(readFileSync(`${root}ARCHITECTURE.md`, 'utf8'));
  expect([...map.files].sort()).toEqual(tracked.filter(isMapped).sort());
  expect([...map.folders].sort()).toEqual([...folders].sort());
});

/** `src/base/data/formats/csv.ts` → `src/`, `src/base/data/`, `src/base/data/formats/`. */
function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parentsOf(parent), `${parent}/`];
}

test('every folder of src is a layer, and imports go downwards', () => {
  const [, order] = /^(core → .*)$/m.exec(readFileSync(`${root}ARCHITECTURE.md`, 'utf8')) ?? [];
  const layers = order?.split(' → ') ?? [];
  const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...layers].sort());
  const { overrides } = JSON.parse(readFileSync(`${root}biome.layers.json`, 'utf8')) as {
    overrides: { includes: string[]; linter: unknown }[];
  };
  const rules = overrides.slice(1).map(({ includes, linter }) => [includes[0], JSON.stringify(linter)] as const);
  expect(rules.map(([folder]) => folder)).toEqual(layers.map((layer) => `src/${layer}/**`));
  for (const [i, [, rule]] of rules.entries()) {
    const above = layers.slice(i + 1);
    if (above.length > 1) expect(rule).toContain(`"**/{${above.join(',')}}/**"`);
    if (above.length === 1) expect(rule).toContain(`"**/${above[0]}/**"`);
    if (layers[i] !== 'runtime') expect(rule).toContain('onnxruntime-node');
  }
});
