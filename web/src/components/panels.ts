import type { Layer, LayeredPanel, VegaLiteSpec } from '../../../src/base/charts/spec.ts';

/** A panel of a figure as a chart of its own, as wide as its place: a page has narrow and wide places. */
export const asWideAsPlace = (panel: LayeredPanel, description: string): LayeredPanel & VegaLiteSpec => ({
  ...panel,
  description,
  width: 'container',
});

/** A chart without its title, where a heading of the page says the same. */
export function untitled<T extends VegaLiteSpec>(spec: T): T {
  const { title: _, ...rest } = spec;
  return rest as T;
}

/** Adds layers to a layered chart: the first ones below all others, the second ones above. */
export const withLayers = <T extends Pick<LayeredPanel, 'layer'>>(
  chart: T,
  below: readonly Layer[],
  above: readonly Layer[],
): T => ({ ...chart, layer: [...below, ...chart.layer, ...above] });

/** An expression that is true for data whose `field` is one of the names. */
export const isOneOf = (field: string, names: readonly string[]): string =>
  `indexof(${JSON.stringify(names)}, datum[${JSON.stringify(field)}]) >= 0`;
