// npm's script `dependencies`: after `npm ci` and `npm install` in a checkout, never where korex is a dependency itself
// (there: `korex slim`). Other systems' and processors' binaries of onnxruntime-node are 235 MB of the checkout's node_modules.
import {
  foreignBinaries,
  installedBinaries,
  ownPlatform,
  removeBinaries,
} from '../src/engine/runtime/foreignBinaries.js';

try {
  removeBinaries(foreignBinaries(installedBinaries(), [ownPlatform]));
} catch (error) {
  // All works with them as well.
  console.error(`Other platforms’ binaries of onnxruntime-node stay: ${error.message}`);
}
