/** Places for nodes such that edges are short and nodes apart (Fruchterman and Reingold 1991); the same for the same graph. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

const STEPS = 200;
/** Labels are wide and low. */
const ASPECT = 1.8;
/** Width of a frame by its height. */
const FRAME = 2.2;

/**
 * Places each connected part by itself, then part beside part.
 *
 * @param count of the nodes
 * @param edges as pairs of nodes
 * @param gap between neighbours, in pixels
 */
export function layOut(count: number, edges: readonly (readonly [number, number])[], gap: number): Point[] {
  const points = new Array<Point>(count);
  const parts = connectedParts(count, edges).map((nodes) => {
    const at = new Map(nodes.map((node, index) => [node, index]));
    const own = edges.filter(([a]) => at.has(a)).map(([a, b]) => [at.get(a)!, at.get(b)!] as const);
    return { nodes, ...inBox(springs(nodes.length, own, gap), gap) };
  });
  const area = parts.reduce((sum, { width, height }) => sum + width * height, 0);
  const rowWidth = Math.max(Math.sqrt(area * FRAME), ...parts.map(({ width }) => width));
  let [left, top, rowHeight] = [0, 0, 0];
  // Large parts first; the order of equal ones is that of their nodes.
  for (const { nodes, places, width, height } of parts.toSorted((a, b) => b.height - a.height)) {
    if (left > 0 && left + width > rowWidth) [left, top, rowHeight] = [0, top + rowHeight, 0];
    for (const [i, node] of nodes.entries()) points[node] = { x: left + places[i]!.x, y: top + places[i]!.y };
    left += width;
    rowHeight = Math.max(rowHeight, height);
  }
  return points;
}

/** The nodes of each connected part, in their order. */
function connectedParts(count: number, edges: readonly (readonly [number, number])[]): number[][] {
  const parent = Array.from({ length: count }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root]!;
    parent[node] = root;
    return root;
  };
  for (const [a, b] of edges) parent[rootOf(a)] = rootOf(b);
  const parts = new Map<number, number[]>();
  for (let node = 0; node < count; node++) {
    const root = rootOf(node);
    parts.set(root, [...(parts.get(root) ?? []), node]);
  }
  return [...parts.values()];
}

/** Points moved into a box that begins at 0, with half a gap around them. */
function inBox(points: readonly Point[], gap: number) {
  const [marginX, marginY] = [(gap * ASPECT) / 2, gap / 2];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - marginX, Math.min(...ys) - marginY];
  return {
    places: points.map(({ x, y }): Point => ({ x: x - left, y: y - top })),
    width: Math.max(...xs) + marginX - left,
    height: Math.max(...ys) + marginY - top,
  };
}

/** Points turned such that they spread most sideways (along their first principal axis), where labels need the room. */
function lyingDown(points: readonly Point[]): Point[] {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middleX, middleY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = (a: keyof Point, b: keyof Point) =>
    mean((point) => (point[a] - (a === 'x' ? middleX : middleY)) * (point[b] - (b === 'x' ? middleX : middleY)));
  const angle = Math.atan2(2 * spread('x', 'y'), spread('x', 'x') - spread('y', 'y')) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(({ x, y }) => ({ x: (x * cos + y * sin) * ASPECT, y: y * cos - x * sin }));
}

/** Edges as springs that hold nodes together, which push each other away. */
function springs(count: number, edges: readonly (readonly [number, number])[], gap: number): Point[] {
  const x = Float64Array.from(
    { length: count },
    (_, i) => Math.cos((2 * Math.PI * i) / count) * gap * Math.sqrt(count),
  );
  const y = Float64Array.from(
    { length: count },
    (_, i) => Math.sin((2 * Math.PI * i) / count) * gap * Math.sqrt(count),
  );
  for (let step = 0; step < STEPS; step++) {
    const [dx, dy] = [new Float64Array(count), new Float64Array(count)];
    const push = (a: number, b: number, force: (distance: number) => number) => {
      const [ax, ay] = [x[a]! - x[b]!, y[a]! - y[b]!];
      const distance = Math.max(1, Math.hypot(ax, ay));
      const by = force(distance) / distance;
      dx[a]! += ax * by;
      dy[a]! += ay * by;
      dx[b]! -= ax * by;
      dy[b]! -= ay * by;
    };
    for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) push(a, b, (distance) => (gap * gap) / distance);
    for (const [a, b] of edges) push(a, b, (distance) => -(distance * distance) / gap);
    // Towards the middle: long chains bend.
    for (let a = 0; a < count; a++) {
      dx[a]! -= x[a]! * 0.3;
      dy[a]! -= y[a]! * 0.3;
    }
    const most = gap * (1 - step / STEPS) + 1;
    for (let a = 0; a < count; a++) {
      const length = Math.max(1e-9, Math.hypot(dx[a]!, dy[a]!));
      const by = Math.min(length, most) / length;
      x[a]! += dx[a]! * by;
      y[a]! += dy[a]! * by;
    }
  }
  return lyingDown(Array.from(x, (value, i) => ({ x: value, y: y[i]! })));
}
