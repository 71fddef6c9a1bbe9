import { fileURLToPath } from 'node:url';

/** A path within korex's own folder, checkout or installed package: `src/base/core` and `dist/base/core` lie equally deep. */
export const packagePath = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
