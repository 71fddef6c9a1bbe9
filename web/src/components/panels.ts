import type { VegaLiteSpec } from '../../../src/base/charts/spec.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * The panels of a figure as charts of their own, each as wide as its place: a report's figure sets them side by side at
 * fixed widths, a page has narrow and wide places.
 */
export function panelsOf(spec: VegaLiteSpec): VegaLiteSpec[] {
  const { hconcat, concat, config, description } = spec as unknown as Node;
  const panels = (hconcat ?? concat) as readonly Node[] | undefined;
  if (panels === undefined) return [spec];
  return panels.map((panel) => ({ ...panel, description, width: 'container', config }) as unknown as VegaLiteSpec);
}

/** A chart at the size that its cells ask for; its place scrolls where it is narrower. */
export const atOwnSize = (spec: VegaLiteSpec): VegaLiteSpec => ({ ...spec, autosize: { type: 'pad' } }) as VegaLiteSpec;

/** A chart without its title, where a heading of the page says the same. */
export const untitled = (spec: VegaLiteSpec): VegaLiteSpec => {
  const { title: _, ...rest } = spec as unknown as Node;
  return rest as unknown as VegaLiteSpec;
};

/** Adds layers to a layered chart: the first ones below all others, the second ones above. */
export function withLayers(spec: VegaLiteSpec, below: readonly Node[], above: readonly Node[]): VegaLiteSpec {
  const { layer } = spec as unknown as { layer: readonly Node[] };
  return { ...(spec as unknown as Node), layer: [...below, ...layer, ...above] } as unknown as VegaLiteSpec;
}

/** An expression that is true for data whose `field` is one of the names. */
export const isOneOf = (field: string, names: readonly string[]): string =>
  `indexof(${JSON.stringify(names)}, datum[${JSON.stringify(field)}]) >= 0`;
