import type { TopLevelSpec } from 'vega-lite';

/** A chart as data; give it a `description`, which becomes the figure's accessible name. */
export type VegaLiteSpec = TopLevelSpec;

/** A chart whose marks lie over one another. */
export type LayeredChart = Extract<TopLevelSpec, { layer: unknown[] }>;
/** A chart of panels side by side. */
export type PanelRow = Extract<TopLevelSpec, { hconcat: unknown[] }>;
/** A chart of panels one above the other. */
export type PanelColumn = Extract<TopLevelSpec, { vconcat: unknown[] }>;
/** A chart of panels in a grid. */
export type PanelGrid = Extract<TopLevelSpec, { concat: unknown[] }>;

/** A panel of another chart, or one of its layers. */
export type Panel = PanelRow['hconcat'][number];
export type LayeredPanel = Extract<Panel, { layer: unknown[] }>;
export type Layer = LayeredPanel['layer'][number];
/** What a mark shows by which channel. */
export type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>;
export type Position = NonNullable<Encoding['x']>;
export type Colour = NonNullable<Encoding['color']>;
