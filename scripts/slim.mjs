// npm's script `dependencies`: after `npm ci` and `npm install` in a checkout, never where korex is a dependency itself
// (there: `korex slim`). Other systems' and processors' binaries of onnxruntime-node are 235 MB of the checkout's node_modules,
// onnxruntime-web's builds for graphics cards, which no page of korex loads, 72 MB.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  foreignBinaries,
  installedBinaries,
  ownPlatform,
  removeBinaries,
} from '../src/engine/runtime/foreignBinaries.js';

const WEB = fileURLToPath(new URL('../node_modules/onnxruntime-web/dist', import.meta.url));
const GRAPHICS = /^ort-wasm-simd-threaded\.(jsep|asyncify|jspi)\.wasm$/;

try {
  removeBinaries(foreignBinaries(installedBinaries(), [ownPlatform]));
  for (const file of existsSync(WEB) ? readdirSync(WEB) : []) if (GRAPHICS.test(file)) rmSync(join(WEB, file));
} catch (error) {
  // All works with them as well.
  console.error(`Binaries that nothing here loads stay: ${error.message}`);
}
