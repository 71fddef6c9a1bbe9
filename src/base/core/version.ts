import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { packagePath } from './packagePath.ts';

/** korex's own version, from its `package.json`. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packagePath('package.json'), 'utf8'))).version;
