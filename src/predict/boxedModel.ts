import { fileURLToPath } from 'node:url';

/** The trained model in the box, beside the code both in a checkout and in an installed package; not every version has one. */
export const BOXED_MODEL = fileURLToPath(new URL('../../models/korex-small', import.meta.url));
