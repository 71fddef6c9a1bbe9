/** Places for nodes such that edges are short and nodes apart (Fruchterman and Reingold 1991); the same for the same graph. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

const STEPS = 200;
/** Labels are wide and low. */
const ASPECT = 1.8;

/**
 * @param count of the nodes
 * @param edges as pairs of nodes
 * @param gap between neighbours, in pixels
 */
export function layOut(count: number, edges: readonly (readonly [number, number])[], gap: number): Point[] {
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
    // Towards the middle, so that parts without a connection stay in sight.
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
  return Array.from(x, (value, i) => ({ x: value * ASPECT, y: y[i]! }));
}
