// What `npm start`, `npm test` and `npm run build` share. Plain Node, no dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyDocsFiles } from './docsFiles.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const LEAST_NODE = [20, 19];

/** Ends with a plain sentence where Node is too old, before an import fails with an obscure one. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  console.error(
    `korex needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
      'Install a current version from https://nodejs.org and try again.',
  );
  process.exit(1);
}

/** Installs the dependencies unless those of package-lock.json are there already; ends the process where that fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing the dependencies (npm ci) …');
  // On npm's own stdout nothing should appear: `npm start -- --json` promises one object there.
  const code = await npm(['ci', '--no-audit', '--no-fund'], { stdio: ['inherit', process.stderr, 'inherit'] });
  if (code === 0) return;
  console.error('The dependencies could not be installed; see the message above. Is the npm registry reachable?');
  process.exit(code);
}

/** Compares what npm noted in node_modules with the lock file by content: times of files say little after a copy or checkout. */
function isInstalled() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = packagesOf(noted);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, wanted]) =>
      path === '' ||
      (wanted.optional && !installed[path]) || // For another platform.
      (installed[path]?.version === wanted.version && existsSync(join(root, path))),
  );
}

/** Compiles src/ to dist/ and builds the pages there when they changed since; returns the exit code. A failed build leaves the old dist/ as it was. */
export async function build() {
  const stamp = join(root, 'dist', '.sources');
  const digest = sourceDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return 0;
  console.error('Building …');
  const fresh = join(root, `dist.${process.pid}`);
  try {
    const code = await tool('tsc', ['-p', 'tsconfig.build.json', '--outDir', fresh], {
      stdio: ['inherit', process.stderr, 'inherit'],
    });
    if (code !== 0) return code;
    for (const [page, folder] of PAGES) {
      const pageCode = await tool('vite', ['build', page, '--outDir', join(fresh, folder), '--logLevel', 'warn'], {
        stdio: ['inherit', process.stderr, 'inherit'],
      });
      if (pageCode !== 0) return pageCode;
    }
    chmodSync(join(fresh, 'app', 'cli', 'main.js'), 0o755);
    // Where korex 0.1 had its command line: service units and scripts written for it call this path.
    mkdirSync(join(fresh, 'cli'));
    writeFileSync(join(fresh, 'cli', 'main.js'), "#!/usr/bin/env node\nimport '../app/cli/main.js';\n");
    copyDocsFiles(root, fresh);
    writeFileSync(join(fresh, '.sources'), digest);
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    renameSync(fresh, join(root, 'dist'));
    return 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** By their folder, and where each is built below dist/: the pages of `korex serve` and `korex site`, and `korex/web`. */
const PAGES = [
  ['web', 'web'],
  [join('web', 'site'), 'web-site'],
  [join('web', 'entry'), 'web-entry'],
];

function sourceDigest() {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  for (const path of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/docsFiles.mjs']) add(path);
  const sources = ['src', 'web']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
  for (const path of sources.sort()) add(path);
  return hash.digest('hex');
}

/** Runs one of the project's tools by its script, so that no shell (and no .cmd file on Windows) comes in between. */
export const tool = (name, args, options) => runNode([join(root, 'node_modules', TOOLS[name]), ...args], options);

const TOOLS = {
  tsc: 'typescript-native/bin/tsc',
  depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
  biome: '@biomejs/biome/bin/biome',
  vite: 'vite/bin/vite.js',
  vitest: 'vitest/vitest.mjs',
};

const runNode = (args, options) => run(process.execPath, args, options);

const npm = (args, options) =>
  process.env.npm_execpath
    ? runNode([process.env.npm_execpath, ...args], options)
    : run('npm', args, { shell: process.platform === 'win32', ...options });

/**
 * Runs a child to its end; returns its exit code, 128 + n after signal n.
 * Ctrl-C reaches the whole foreground group, so the parent only waits; other signals are passed on.
 */
function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  const wait = () => {};
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', wait);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`Cannot run ${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (SIGNALS[signal] ?? 15)));
  }).finally(() => {
    process.off('SIGINT', wait);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  });
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
