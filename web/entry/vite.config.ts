import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pageConfig, withoutAddress } from '../vite.config.ts';

const page = pageConfig(fileURLToPath(new URL('.', import.meta.url)));

/** `korex/web`: one module with all that it needs, for browsers as they are and for any bundler. */
export default defineConfig({
  ...page,
  plugins: [...page.plugins!, withoutAddress],
  build: {
    ...page.build,
    rolldownOptions: {
      input: fileURLToPath(new URL('main.ts', import.meta.url)),
      preserveEntrySignatures: 'strict',
      output: { format: 'es', codeSplitting: false, entryFileNames: 'korex-web.js' },
    },
  },
});
