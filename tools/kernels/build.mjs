// Compiles kernels.as to WebAssembly and stores it, a kilobyte, as text in src/engine/train/kernels/wasm.js.
// Usage: node tools/kernels/build.mjs   (fetches the AssemblyScript compiler, which nothing else needs)
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILER = 'assemblyscript@0.28.20';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'korex-kernels-'));
const wasm = join(folder, 'kernels.wasm');
const options = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--noAssert', '--importMemory'];
try {
  // The compiler takes no other ending; in the repository it is not .ts, since it is not TypeScript.
  copyFileSync(here('kernels.as'), join(folder, 'kernels.ts'));
  execFileSync('npx', ['--yes', '-p', COMPILER, 'asc', 'kernels.ts', '-o', wasm, ...options], {
    cwd: folder,
    stdio: 'inherit',
  });
  const text = readFileSync(wasm).toString('base64');
  const lines = text.match(/.{1,112}/g).map((line) => `  '${line}'`);
  writeFileSync(
    here('../../src/engine/train/kernels/wasm.js'),
    `// @ts-check\n/** Made from tools/kernels/kernels.as by tools/kernels/build.mjs: WebAssembly in base64. */\nexport const KERNELS =\n${lines.join(' +\n')};\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
