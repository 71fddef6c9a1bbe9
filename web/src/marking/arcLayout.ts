/** A piece of an entity on one line of text, in pixels from the stage's upper left corner. */
export interface Box {
  readonly line: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ArcInput {
  /** Indices of entities. */
  readonly from: number;
  readonly to: number;
  /** Width of the label in pixels. */
  readonly width: number;
}

export interface Arc {
  readonly fromX: number;
  readonly toX: number;
  /** The arc runs in the gap above this line … */
  readonly line: number;
  /** … so many lanes above the text; 0 is the lowest. */
  readonly lane: number;
  /** Middle of the label. */
  readonly labelX: number;
}

/** Space between two arcs' labels in one lane. */
const APART = 10;
/** Arcs at one entity stand at most so far from each other. */
const SPREAD = 16;

/**
 * Places arcs over wrapped text: each runs in the gap above the lower of its two lines, in the lowest lane where neither
 * it nor its label meets another one; short arcs come first and so lie inside of long ones.
 *
 * @param entities each entity's pieces, in the order of the text
 */
export function layOutArcs(
  entities: readonly (readonly Box[])[],
  arcs: readonly ArcInput[],
  stageWidth: number,
): Arc[] {
  const ends = endpoints(entities, arcs);
  const drafts = arcs.map(({ width }, i) => {
    const { fromX, toX, line } = ends[i]!;
    const half = width / 2;
    const labelX = Math.max(half, Math.min(stageWidth - half, (fromX + toX) / 2));
    return {
      index: i,
      fromX,
      toX,
      line,
      labelX,
      left: Math.min(fromX, toX, labelX - half),
      right: Math.max(fromX, toX, labelX + half),
    };
  });
  const lanes: number[] = [];
  const placed: typeof drafts = [];
  for (const draft of [...drafts].sort((a, b) => a.right - a.left - (b.right - b.left))) {
    const taken = new Set(
      placed
        .filter((o) => o.line === draft.line && o.left < draft.right + APART && draft.left < o.right + APART)
        .map(({ index }) => lanes[index]!),
    );
    let lane = 0;
    while (taken.has(lane)) lane++;
    lanes[draft.index] = lane;
    placed.push(draft);
  }
  return drafts.map(({ index, fromX, toX, line, labelX }) => ({ fromX, toX, line, labelX, lane: lanes[index]! }));
}

/** Where arcs touch their entities: side by side, in the order of where they lead. */
function endpoints(entities: readonly (readonly Box[])[], arcs: readonly ArcInput[]) {
  const ends = arcs.map(({ from, to }) => {
    const [fromBox, toBox] = facing(entities[from]!, entities[to]!);
    return { fromBox, toBox, fromX: middle(fromBox), toX: middle(toBox), line: Math.max(fromBox.line, toBox.line) };
  });
  for (const index of entities.keys()) {
    const here = arcs
      .flatMap(({ from, to }, i) => [
        ...(from === index
          ? [{ i, side: 'fromX' as const, box: ends[i]!.fromBox, leads: middle(ends[i]!.toBox) }]
          : []),
        ...(to === index ? [{ i, side: 'toX' as const, box: ends[i]!.toBox, leads: middle(ends[i]!.fromBox) }] : []),
      ])
      .sort((a, b) => a.leads - b.leads);
    for (const [n, { i, side, box }] of here.entries()) {
      const step = Math.min(SPREAD, (box.right - box.left) / (here.length + 1));
      ends[i]![side] = middle(box) + (n - (here.length - 1) / 2) * step;
    }
  }
  return ends;
}

/** The pieces of two entities that an arc should connect: the last of the upper one, the first of the lower one. */
function facing(from: readonly Box[], to: readonly Box[]): [Box, Box] {
  const [firstFrom, lastFrom] = [from[0]!, from.at(-1)!];
  const [firstTo, lastTo] = [to[0]!, to.at(-1)!];
  if (lastFrom.line <= firstTo.line) return [lastFrom, firstTo];
  return [firstFrom, lastTo];
}

const middle = ({ left, right }: Box): number => (left + right) / 2;

/** How many lanes the gap above each line needs; lines without arcs are left out. */
export function lanesOf(arcs: readonly Arc[]): ReadonlyMap<number, number> {
  const lanes = new Map<number, number>();
  for (const { line, lane } of arcs) lanes.set(line, Math.max(lanes.get(line) ?? 0, lane + 1));
  return lanes;
}
