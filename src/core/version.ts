import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** korex's own version, from its `package.json`: the same relative place for `src/core` and `dist/core`. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
