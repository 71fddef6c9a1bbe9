import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

/** What Node has and no browser: an error as soon as a page comes to import it. */
const withoutNode: Plugin = {
  name: 'korex:without-node',
  enforce: 'pre',
  resolveId: {
    filter: { id: /^node:/ },
    handler(id, importer) {
      this.error(`${importer} imports ${id}, which no browser has.`);
    },
  },
};

/**
 * onnxruntime's browser bundle looks for its WebAssembly module and its worker beside itself. Our pages hand it
 * the module and start no worker, and a classic script has no address of its own to look beside.
 */
export const withoutAddress: Plugin = {
  name: 'korex:without-address',
  enforce: 'pre',
  transform: {
    filter: { id: /onnxruntime-web[\\/]dist[\\/]/ },
    handler: (code) => code.replaceAll('import.meta.url', 'undefined'),
  },
};

/**
 * How a page of korex is built. Nothing is inlined as a `data:` address and no script stands in the HTML, so the page
 * runs under `Content-Security-Policy: default-src 'self'`; addresses are relative, so it works below any path.
 */
export const pageConfig = (root: string): UserConfig => ({
  root,
  base: './',
  plugins: [withoutNode],
  // What reads and writes tables, in the builds that bring Node's Buffer along.
  resolve: { alias: [{ find: /^(csv-parse|csv-stringify)\/sync$/, replacement: '$1/browser/esm/sync' }] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    license: { fileName: 'LICENSES.md' },
    // The chart library alone is larger than the default limit; it is loaded when the first chart is drawn.
    chunkSizeWarningLimit: 1200,
  },
});

const page = pageConfig(fileURLToPath(new URL('.', import.meta.url)));

export default defineConfig({
  ...page,
  build: {
    ...page.build,
    // The page, and the manual of the REST API.
    rolldownOptions: {
      input: ['index.html', 'docs.html'].map((name) => fileURLToPath(new URL(name, import.meta.url))),
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/app/api': 'http://127.0.0.1:8080' } },
});
