import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { packFile } from '../../src/app/site/packFile.ts';
import { pageConfig, withoutAddress } from '../vite.config.ts';

/** Browsers load neither modules nor anything with a `crossorigin` from disk: classic scripts instead, in their order. */
const classicScripts: Plugin = {
  name: 'korex:classic-scripts',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replaceAll(' crossorigin', '').replaceAll('<script type="module"', '<script defer'),
  },
};

/** The WebAssembly module as scripts, and what `korex site` has to tell the page of it. */
const packedRuntime: Plugin = {
  name: 'korex:packed-runtime',
  generateBundle() {
    const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
    const { file, scripts } = packFile('runtime/onnxruntime', readFileSync(path), 9);
    for (const { path: fileName, text } of scripts) this.emitFile({ type: 'asset', fileName, source: text });
    this.emitFile({ type: 'asset', fileName: 'runtime.json', source: JSON.stringify(file) });
  },
};

const page = pageConfig(fileURLToPath(new URL('.', import.meta.url)));

/** The page that `korex site` writes: the views that need no server, in one classic script. */
export default defineConfig({
  ...page,
  plugins: [...page.plugins!, withoutAddress, classicScripts, packedRuntime],
  build: {
    ...page.build,
    // A file of its own: styles that a script writes into the page are against its Content-Security-Policy.
    cssCodeSplit: false,
    modulePreload: false,
    // All of the page is one script.
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      // Packing takes most of a build that takes few seconds.
      checks: { pluginTimings: false },
      output: { format: 'iife', codeSplitting: false },
      transform: { define: { 'import.meta': '{}' } },
    },
  },
});
