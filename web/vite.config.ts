import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

/**
 * How a page of korex is built. Nothing is inlined as a `data:` address and no script stands in the HTML, so the page
 * runs under `Content-Security-Policy: default-src 'self'`; addresses are relative, so it works below any path.
 */
export const pageConfig = (root: string): UserConfig => ({
  root,
  base: './',
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

export default defineConfig({
  ...pageConfig(fileURLToPath(new URL('.', import.meta.url))),
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/app/api': 'http://127.0.0.1:8080' } },
});
