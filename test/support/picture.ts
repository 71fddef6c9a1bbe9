import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { VegaLiteSpec } from '../../src/base/charts/spec.ts';
import { THEME } from '../../src/base/charts/theme.ts';

/** A node of Vega's scene, as far as the tests look at it. */
interface Item {
  readonly marktype?: string;
  readonly role?: string;
  readonly name?: string;
  readonly items?: readonly Item[];
  readonly x?: number;
  readonly x2?: number;
  readonly y?: number;
  readonly y2?: number;
  readonly width?: number;
  readonly height?: number;
  readonly fill?: string | null;
  readonly stroke?: string | null;
  readonly opacity?: number;
  readonly size?: number;
  readonly strokeDash?: readonly number[];
  readonly text?: unknown;
  readonly tooltip?: unknown;
}

type Scale = ((value: unknown) => number) & {
  domain(): unknown[];
  range(): number[];
  bandwidth?(): number;
  invert?(pixel: number): unknown;
};

/**
 * What a chart shows, a line for each thing to be seen: title, axes, legends and marks, these where they stand on the
 * axes, read back from their pixels. So a field that is swapped, a threshold or a domain changes lines.
 */
export async function pictureOf(spec: VegaLiteSpec): Promise<string[]> {
  const sized = 'width' in spec && spec.width === 'container' ? { ...spec, width: 400 } : spec;
  const { spec: vegaSpec } = compile(sized, { config: THEME, logger: vega.logger(vega.None) });
  const view = new vega.View(vega.parse(vegaSpec), { renderer: 'none', logLevel: vega.None });
  await view.runAsync();
  const used = new Map<string, Scale>();
  const scaleOf = (mark: string, channel: 'x' | 'y'): Scale | null => {
    // The scales of a panel have its name before theirs, those of a single chart none.
    const parts = mark.split('_');
    for (let end = parts.length - 1; end >= 0; end--) {
      const name = [...parts.slice(0, end), channel].join('_');
      try {
        const scale = view.scale(name) as Scale;
        used.set(name, scale);
        return scale;
      } catch {
        // There is none of this name.
      }
    }
    return null;
  };
  const { root } = view.scenegraph() as { root?: Item };
  const lines = [...read(root!, scaleOf)];
  const ends = [...used].flatMap(([name, scale]) =>
    scale.bandwidth
      ? []
      : `scale ${name} from ${scale
          .domain()
          .map((end) => rounded(Number(end)))
          .join(' to ')}`,
  );
  view.finalize();
  return [...lines, ...ends];
}

type ScaleOf = (mark: string, channel: 'x' | 'y') => Scale | null;

function* read(item: Item, scaleOf: ScaleOf, offset = 0): Generator<string> {
  const { role = '', marktype, items = [] } = item;
  if (role === 'title') return yield `title ${textsIn(item).join(' / ')}`;
  if (role === 'axis') {
    const labels = textsIn(item, 'axis-label');
    const title = textsIn(item, 'axis-title');
    if (labels.length + title.length > 0) yield `axis ${[...title, labels.join(' ')].filter(Boolean).join(': ')}`;
    return;
  }
  if (role === 'legend') return yield `legend ${legendOf(item)}`;
  if (marktype !== undefined && marktype !== 'group' && role === 'mark') {
    const name = item.name ?? '';
    if (marktype === 'line') yield lineOf(items, name, scaleOf);
    else for (const each of items) yield markOf(marktype, { ...each, y: (each.y ?? 0) + offset }, name, scaleOf);
    return;
  }
  // Bars with round ends are clipped by a group each, and stand where that stands.
  const isClipped = marktype === 'group' && role === 'scope' && item.name === undefined;
  for (const child of items) yield* read(child, scaleOf, offset + (isClipped ? (child.y ?? 0) : 0));
}

function markOf(type: string, item: Item, name: string, scaleOf: ScaleOf): string {
  const at = (channel: 'x' | 'y') => {
    const scale = scaleOf(name, channel);
    const [start, end, size] = channel === 'x' ? [item.x, item.x2, item.width] : [item.y, item.y2, item.height];
    const from = start ?? 0;
    const to = size === undefined ? end : from + size;
    if (scale?.bandwidth) return categoryAt(scale, to === undefined ? from : (from + to) / 2);
    const ends = [from, ...(to === undefined || to === from ? [] : [to])].map((pixel) => valueAt(scale, pixel));
    return ends.join('–');
  };
  const { fill, stroke, opacity, size, strokeDash, text, tooltip } = item;
  const colour = fill && fill !== 'transparent' ? fill : stroke;
  return [
    type,
    ...(text === undefined || text === null ? [] : [JSON.stringify(String(text))]),
    `x ${at('x')}`,
    `y ${at('y')}`,
    ...(type === 'symbol' && size !== undefined ? [`size ${rounded(size)}`] : []),
    ...(opacity === undefined || opacity === 1 ? [] : [`opacity ${rounded(opacity)}`]),
    ...(strokeDash && strokeDash.join() !== '1,0' ? ['dashed'] : []),
    ...(colour ? [colour] : []),
    ...(stroke && stroke !== colour ? [`edge ${stroke}`] : []),
    ...(tooltip ? [`tooltip ${JSON.stringify(tooltip)}`] : []),
  ].join(', ');
}

function lineOf(points: readonly Item[], name: string, scaleOf: ScaleOf): string {
  const [x, y] = [scaleOf(name, 'x'), scaleOf(name, 'y')];
  const places = points.map((point) => `(${valueAt(x, point.x ?? 0)}, ${valueAt(y, point.y ?? 0)})`);
  return `line ${places.join(' ')}, ${points[0]?.stroke ?? ''}`;
}

function categoryAt(scale: Scale, pixel: number): string {
  const width = scale.bandwidth!();
  const found = scale.domain().find((name) => scale(name) - 0.01 <= pixel && pixel <= scale(name) + width + 0.01);
  if (found === undefined) return `${rounded(pixel)} px`;
  const place = (pixel - scale(found)) / width;
  return `${found}${Math.abs(place - 0.5) < 0.1 ? '' : place < 0.5 ? ' (before)' : ' (behind)'}`;
}

function valueAt(scale: Scale | null, pixel: number): string {
  const value = scale?.invert?.(pixel);
  return typeof value === 'number' ? rounded(value) : `${rounded(pixel)} px`;
}

/** Three digits that count; what pixels make of 0 is 0. */
const rounded = (value: number): string => String(Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(3)));

function textsIn(item: Item, role?: string, isInside = role === undefined): string[] {
  const inside = isInside || item.role === role;
  const own = inside && item.text !== undefined && item.text !== null && item.text !== '' ? [String(item.text)] : [];
  return [...own, ...(item.items ?? []).flatMap((child) => textsIn(child, role, inside))];
}

function legendOf(item: Item): string {
  const symbols = (node: Item): string[] =>
    node.role === 'legend-symbol'
      ? (node.items ?? []).map(({ fill, stroke }) => (fill && fill !== 'transparent' ? fill : (stroke ?? '')))
      : (node.items ?? []).flatMap(symbols);
  const colours = symbols(item);
  const title = textsIn(item, 'legend-title');
  const labels = textsIn(item, 'legend-label');
  return [...title, ...labels.map((label, i) => (colours[i] ? `${label} ${colours[i]}` : label))].join(', ');
}

/** What could be wrong with a chart and leave its picture as it is: which encodings the picture does not show. */
export async function hiddenChanges(spec: VegaLiteSpec): Promise<string[]> {
  const picture = (await pictureOf(spec)).join('\n');
  const hidden: string[] = [];
  for (const { path, from, to } of changes(spec, [], [])) {
    let isHidden = true;
    for (const value of to) {
      const lines = await pictureOf(changed(spec, path, value)).catch((error: Error) => [error.message]);
      isHidden &&= lines.join('\n') === picture;
      if (!isHidden) break;
    }
    if (isHidden) hidden.push(`${path.join('.')} ${from}`);
  }
  return hidden;
}

type Node = Readonly<Record<string, unknown>>;

interface Change {
  readonly path: readonly string[];
  readonly from: unknown;
  /** What might stand there by mistake. */
  readonly to: readonly unknown[];
}

function changed(spec: VegaLiteSpec, path: readonly string[], value: unknown): VegaLiteSpec {
  const mutant = structuredClone(spec);
  const parent = path.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, mutant as object as Node);
  Object.assign(parent, { [path.at(-1)!]: value });
  return mutant;
}

/** Each encoding: another field of the data, a condition turned round, another colour, another end of a scale. */
function* changes(node: unknown, path: readonly string[], fields: readonly string[]): Generator<Change> {
  if (typeof node !== 'object' || node === null) return;
  const known = fieldsOf(node as Node) ?? fields;
  for (const [key, value] of Object.entries(node)) {
    const here = [...path, key];
    if (key === 'values' || key === 'config') continue;
    if (key === 'field') {
      const others = known.filter((name) => name !== value);
      if (others.length > 0) yield { path: here, from: value, to: others };
    } else if (key === 'test' || key === 'filter') yield { path: here, from: value, to: [`!(${value})`] };
    else if ((key === 'value' || key === 'color' || key === 'stroke') && /^#/.test(String(value)))
      yield { path: here, from: value, to: ['#123456'] };
    else if ((key === 'domain' || key === 'range') && Array.isArray(value) && value.length > 1)
      yield { path: here, from: value, to: [otherEnds(value)] };
    else if (key === 'datum' && typeof value === 'number') yield { path: here, from: value, to: [value * 0.9] };
    else yield* changes(value, here, known);
  }
}

/** Numbers: a wider scale, since layers that say the same domain share one. Names and colours: each another's place. */
const otherEnds = (ends: readonly unknown[]): unknown[] =>
  ends.length === 2 && typeof ends[1] === 'number' ? [ends[0], ends[1] * 1.5] : [...ends.slice(1), ends[0]];

/** The fields of a chart's or a layer's own data. */
function fieldsOf({ data }: Node): readonly string[] | null {
  const values = (data as { values?: readonly Node[] } | undefined)?.values;
  return values === undefined ? null : Object.keys(values[0] ?? {});
}
