import { escapeXml } from '../../../base/core/escape.ts';
import { layOut, type Point } from './graphLayout.ts';
import type { GraphEdge, GraphNode } from './graphParts.ts';

const GAP = 125;
const HEIGHT = 30;
const MARGIN = 40;
const FONT = 14;

/** Most nodes in a picture; a larger one is a thicket. */
export const MOST_NODES = 60;

/** Where a node's and an edge's links lead. */
export interface PictureLinks {
  readonly node: (node: GraphNode) => string;
  readonly edge: (edge: GraphEdge) => string;
}

/**
 * A picture of a graph as SVG: labelled boxes and arrows, each a link, so that a keyboard reaches them. Colours are the
 * page's (`--type-PER`, `--ink`, …).
 *
 * @param label says what it shows to whom cannot see it
 */
export function graphPicture(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  links: PictureLinks,
  label: string,
): string {
  const indexOf = new Map(nodes.map((node, index) => [node, index]));
  const ends = edges.map(({ subject, object }) => [indexOf.get(subject)!, indexOf.get(object)!] as const);
  // Several relations between two nodes draw them no nearer than one does, so that their labels have room.
  const neighbours = new Map(ends.map(([a, b]) => [`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b] as const]));
  const points = layOut(nodes.length, [...neighbours.values()], GAP);
  const widths = nodes.map(({ name }) => textWidth(shortened(name)) + 22);
  const left = Math.min(...points.map(({ x }, i) => x - widths[i]! / 2)) - MARGIN;
  const right = Math.max(...points.map(({ x }, i) => x + widths[i]! / 2)) + MARGIN;
  const top = Math.min(...points.map(({ y }) => y)) - HEIGHT / 2 - MARGIN;
  const bottom = Math.max(...points.map(({ y }) => y)) + HEIGHT / 2 + MARGIN;
  const box = [left, top, right - left, bottom - top].map((value) => value.toFixed(0)).join(' ');
  const seen = new Map<string, number>();
  const arrows = edges.map((edge, i) => {
    const [from, to] = ends[i]!;
    const between = [from, to].sort((a, b) => a - b).join(' ');
    const number = seen.get(between) ?? 0;
    seen.set(between, number + 1);
    const side = from < to ? 1 : -1;
    return arrow(edge, points[from]!, points[to]!, widths[to]!, side * bend(number), links);
  });
  const boxes = nodes.map((node, i) => nodeBox(node, points[i]!, widths[i]!, links));
  return `<svg class="graph" role="group" aria-label="${escapeXml(label)}" viewBox="${box}" style="max-width:${(right - left).toFixed(0)}px">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" class="head"/></marker></defs>
${arrows.join('\n')}
${boxes.join('\n')}
</svg>`;
}

/** The first edge between two nodes is straight, the next ones bend to either side. */
const bend = (number: number): number => (number % 2 === 0 ? 1 : -1) * Math.ceil(number / 2) * 46;

function arrow(edge: GraphEdge, from: Point, to: Point, width: number, bent: number, links: PictureLinks): string {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const [normalX, normalY] = [-(to.y - from.y) / length, (to.x - from.x) / length];
  const control = { x: (from.x + to.x) / 2 + normalX * bent, y: (from.y + to.y) / 2 + normalY * bent };
  const tip = atBorder(to, control, width);
  const middle = { x: (from.x + 2 * control.x + tip.x) / 4, y: (from.y + 2 * control.y + tip.y) / 4 };
  const { subject, relation, object, confidence, decision } = edge;
  const words = `${subject.name} → ${object.name}: ${relation} (${confidence.toFixed(2)})`;
  const text = escapeXml(relation);
  return (
    `<a href="${escapeXml(links.edge(edge))}" class="edge ${decision}" aria-label="${escapeXml(words)}"><title>${escapeXml(words)}</title>` +
    `<path d="M${place(from)}Q${place(control)} ${place(tip)}" marker-end="url(#arrow)"/>` +
    `<text x="${middle.x.toFixed(1)}" y="${(middle.y + 4).toFixed(1)}">${text}</text></a>`
  );
}

/** Where a line from outside meets the box around a point. */
function atBorder({ x, y }: Point, from: Point, width: number): Point {
  const [dx, dy] = [from.x - x, from.y - y];
  const scale = Math.min(
    1,
    Math.min((width / 2 + 3) / Math.max(1e-9, Math.abs(dx)), (HEIGHT / 2 + 3) / Math.max(1e-9, Math.abs(dy))),
  );
  return { x: x + dx * scale, y: y + dy * scale };
}

function nodeBox(node: GraphNode, { x, y }: Point, width: number, links: PictureLinks): string {
  const words = node.type === null ? node.name : `${node.name} (${node.type})`;
  return (
    `<a href="${escapeXml(links.node(node))}" class="node type-${escapeXml(node.type ?? 'none')}" aria-label="${escapeXml(words)}"><title>${escapeXml(words)}</title>` +
    `<rect x="${(x - width / 2).toFixed(1)}" y="${(y - HEIGHT / 2).toFixed(1)}" width="${width.toFixed(0)}" height="${HEIGHT}" rx="6"/>` +
    `<text x="${x.toFixed(1)}" y="${(y + 5).toFixed(1)}">${escapeXml(shortened(node.name))}</text></a>`
  );
}

const place = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

const shortened = (name: string): string => ([...name].length > 16 ? `${[...name].slice(0, 15).join('')}…` : name);

/** Hangul and Hanja are as wide as they are high, other letters about half as wide. */
const textWidth = (text: string): number =>
  [...text].reduce(
    (width, character) => width + FONT * (/[\u1100-\u11ff\u2e80-\ud7ff\uf900-\uffee]/u.test(character) ? 1 : 0.6),
    0,
  );
