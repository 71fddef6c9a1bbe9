import { boxedFolder } from '../nn/boxedFolders.ts';

/** The trained model in the box; not every version has one. */
export const BOXED_MODEL = boxedFolder('korex-small')!;
