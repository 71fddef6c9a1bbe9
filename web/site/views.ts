import { EXPLAIN_VIEW } from '../src/views/explain/view.ts';
import type { View } from '../src/views/table.ts';
import { TRY_VIEW } from '../src/views/try/view.ts';

/** The views that need no server. */
export const SITE_VIEWS: readonly View[] = [TRY_VIEW, EXPLAIN_VIEW];
