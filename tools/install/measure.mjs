// What `npm install` of the package puts on a disk: packs the checkout, installs it into an empty folder (which needs a
// registry) and prints a table by package, as docs/install.md has it.
//
//   node tools/install/measure.mjs [--omit=optional]
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Packages of fewer bytes share the last row. */
const SMALL = 4e6;

const bytesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : entry.isFile() ? lstatSync(path).size : 0);
  }, 0);

const packagesIn = (modules) =>
  readdirSync(modules).flatMap((name) => {
    if (name.startsWith('.')) return [];
    return name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name];
  });

const folder = mkdtempSync(join(tmpdir(), 'korex-install-'));
try {
  const run = (program, args, cwd) =>
    execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], root).match(/\[\s*\{[\s\S]*/)[0],
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', ...process.argv.slice(2), join(folder, filename)], folder);
  const modules = join(folder, 'node_modules');
  const sizes = () => new Map(packagesIn(modules).map((name) => [name, bytesIn(join(modules, name))]));
  const installed = sizes();
  run(process.execPath, [join(modules, 'korex/dist/app/cli/main.js'), 'slim'], folder);
  const slim = sizes();
  const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
  const total = (all) => [...all.values()].reduce((sum, bytes) => sum + bytes, 0);
  const large = [...installed].filter(([, bytes]) => bytes >= SMALL).sort(([, a], [, b]) => b - a);
  const rest = (all) => total(all) - large.reduce((sum, [name]) => sum + all.get(name), 0);
  const row = (name, all, after) => console.log(`| ${name} | ${megabytes(all)} | ${megabytes(after)} |`);
  console.log('| package | MB | after `korex slim` |\n| :--- | ---: | ---: |');
  for (const [name, bytes] of large) row(`\`${name}\``, bytes, slim.get(name));
  row(`${installed.size - large.length} others`, rest(installed), rest(slim));
  row('**all**', total(installed), total(slim));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
