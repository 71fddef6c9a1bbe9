import type { TopLevelSpec } from 'vega-lite';

/** A chart as data; give it a `description`, which becomes the figure's accessible name. */
export type VegaLiteSpec = TopLevelSpec;
