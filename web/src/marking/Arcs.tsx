import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { probability } from '../../../src/base/core/format.ts';
import type { Decision } from '../../../src/inference/predict/schema.ts';
import { type Arc, type Box, lanesOf, layOutArcs } from './arcLayout.ts';

/** A relation to draw: from the subject to the object, by their indices. */
export interface DrawnRelation {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly confidence: number;
  readonly decision: Decision;
}

export interface ArcsProps {
  readonly relations: readonly DrawnRelation[];
  /** What the text looks like: arcs are laid out again when it changes. */
  readonly of: string;
  /** Whether they answer what was asked before: dimmed until the new answer is there. */
  readonly isOld?: boolean;
  readonly highlighted: string | null;
  /** The only entity whose relations are shown, where there is one. */
  readonly only?: number | null;
  readonly onHighlight: (key: string | null) => void;
}

const LANE = 30;
const LABEL_HEIGHT = 22;
const LABEL_PADDING = 9;
const FONT = "600 12.5px 'Pretendard', 'Noto Sans KR', 'Noto Sans CJK KR', system-ui, sans-serif";

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly entities: readonly (readonly Box[])[];
  readonly arcs: readonly Arc[];
  readonly labels: readonly string[];
  readonly widths: readonly number[];
}

/**
 * Relations as arcs over the stage's text. It gives each line the room that its own arcs need, so that none runs through
 * words of its own lines. The table beside it says the same to screen readers.
 */
export function Arcs({ relations, of, isOld, highlighted, only = null, onHighlight }: ArcsProps) {
  const svg = useRef<SVGSVGElement>(null);
  const arrow = useId();
  const [layout, setLayout] = useState<Layout | null>(null);
  const measure = useRef(() => {});
  measure.current = () => {
    const stage = svg.current?.parentElement;
    if (!stage) return;
    const labels = relations.map((relation) => fitted(relation, stage.clientWidth - 2 * LABEL_PADDING - 2));
    const widths = labels.map((label) => labelWidth(label) + 2 * LABEL_PADDING);
    const inputs = relations.map(({ from, to }, i) => ({ from, to, width: widths[i]! }));
    let entities = boxesOf(stage);
    if (inputs.some(({ from, to }) => !entities[from]?.length || !entities[to]?.length)) return setLayout(null);
    const arcs = layOutArcs(entities, inputs, stage.clientWidth);
    // Lanes move lines down, never words to other lines: what was measured sideways still holds.
    makeRoom(stage, entities, lanesOf(arcs));
    entities = boxesOf(stage);
    setLayout({ width: stage.clientWidth, height: stage.clientHeight, entities, arcs, labels, widths });
  };

  useLayoutEffect(() => measure.current(), [relations, of]);
  useLayoutEffect(() => {
    const stage = svg.current!.parentElement!;
    let width = stage.clientWidth;
    const observer = new ResizeObserver(() => {
      if (stage.clientWidth === width) return;
      width = stage.clientWidth;
      measure.current();
    });
    observer.observe(stage);
    document.fonts.ready.then(() => measure.current());
    return () => observer.disconnect();
  }, []);

  return (
    <svg
      class={isOld ? 'arcs waits' : 'arcs'}
      ref={svg}
      aria-hidden="true"
      width={layout?.width ?? 0}
      height={layout?.height ?? 0}
      viewBox={layout ? `0 0 ${layout.width} ${layout.height}` : undefined}
    >
      <defs>
        <marker id={arrow} viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0.5 7.5 4 0 7.5z" fill="context-stroke" />
        </marker>
      </defs>
      {/* All lines first: labels hide those that run behind them. */}
      {layout?.arcs.map((arc, i) => {
        const relation = relations[i];
        if (relation === undefined) return null;
        const { from, to, key } = relation;
        const [start, end] = [layout.entities[from]!, layout.entities[to]!];
        return (
          <path
            key={key}
            class={classOf(relation, highlighted, only)}
            d={pathOf(arc, laneY(arc, layout.entities), start, end)}
            fill="none"
            marker-end={`url(#${arrow})`}
          />
        );
      })}
      {layout?.arcs.map((arc, i) => {
        const relation = relations[i];
        if (relation === undefined) return null;
        const y = laneY(arc, layout.entities);
        const width = layout.widths[i]!;
        return (
          <g
            key={relation.key}
            class={classOf(relation, highlighted, only)}
            onMouseEnter={() => onHighlight(relation.key)}
            onMouseLeave={() => onHighlight(null)}
          >
            <rect
              x={arc.labelX - width / 2}
              y={y - LABEL_HEIGHT / 2}
              width={width}
              height={LABEL_HEIGHT}
              rx={LABEL_HEIGHT / 2}
            />
            <text x={arc.labelX} y={y + 4.5} text-anchor="middle">
              {layout.labels[i]}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function classOf({ key, decision, from, to }: DrawnRelation, highlighted: string | null, only: number | null): string {
  const isGone = only !== null && only !== from && only !== to;
  const light = isGone ? 'arc-gone' : highlighted === null ? '' : highlighted === key ? 'arc-on' : 'arc-off';
  return `arc arc-${decision} ${light}`;
}

/** What an arc says, its relation cut where the stage is narrower. */
function fitted({ label, confidence, decision }: DrawnRelation, room: number): string {
  const behind = `${decision === 'uncertain' ? ' ?' : ''} ${probability(confidence)}`;
  let shown = `${label}${behind}`;
  for (let length = label.length - 1; length > 0 && labelWidth(shown) > room; length--)
    shown = `${label.slice(0, length)}…${behind}`;
  return shown;
}

let canvas: CanvasRenderingContext2D | null | undefined;
function labelWidth(text: string): number {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return text.length * 8;
  canvas.font = FONT;
  return canvas.measureText(text).width;
}

/**
 * Gives each line as much room above its words as its lanes need, through an entity that begins in it: the one of an arc's
 * two that comes later in the text begins in the arc's line.
 */
function makeRoom(stage: HTMLElement, entities: readonly (readonly Box[])[], lanes: ReadonlyMap<number, number>): void {
  for (const first of stage.querySelectorAll<HTMLElement>('.bit-first')) {
    const line = entities[Number(first.dataset.mark)]?.[0]?.line;
    const needed = line === undefined ? undefined : lanes.get(line);
    if (needed === undefined) first.style.removeProperty('--lanes');
    else first.style.setProperty('--lanes', String(needed));
  }
}

/** The pieces of each entity on the stage, joined line by line. */
function boxesOf(stage: HTMLElement): Box[][] {
  const origin = stage.getBoundingClientRect();
  const rects: (DOMRect & { mark?: number })[] = [];
  const marks: number[] = [];
  for (const bit of stage.querySelectorAll<HTMLElement>('[data-mark]'))
    for (const rect of bit.getClientRects()) {
      if (rect.width === 0) continue;
      rects.push(rect);
      marks.push(Number(bit.dataset.mark));
    }
  const tops = [...new Set(rects.map(({ top }) => Math.round(top)))].sort((a, b) => a - b);
  const boxes: Box[][] = [];
  for (const [i, rect] of rects.entries()) {
    const line = tops.findIndex((top) => Math.abs(top - rect.top) <= 2);
    const box = {
      line,
      left: rect.left - origin.left,
      right: rect.right - origin.left,
      top: rect.top - origin.top,
      bottom: rect.bottom - origin.top,
    };
    boxes[marks[i]!] ??= [];
    const pieces = boxes[marks[i]!]!;
    const last = pieces.at(-1);
    if (last?.line === line) pieces[pieces.length - 1] = { ...last, right: Math.max(last.right, box.right) };
    else pieces.push(box);
  }
  return boxes;
}

/** Lines are numbered among those that hold entities; the gap above a line begins at its words' upper edge. */
function laneY({ line, lane }: Arc, entities: readonly (readonly Box[])[]): number {
  const top = Math.min(
    ...entities.flatMap((pieces) => pieces.filter((box) => box.line === line).map((box) => box.top)),
  );
  return top - LANE * (lane + 0.75);
}

const RADIUS = 10;

/** Up from the subject, along the lane, down to the object; from an upper line, down out of the subject instead. */
function pathOf({ fromX, toX, line }: Arc, y: number, from: readonly Box[], to: readonly Box[]): string {
  const start = from.find((box) => box.line === line)?.top ?? below(from);
  const end = to.find((box) => box.line === line)?.top ?? below(to);
  const turn = Math.min(RADIUS, Math.abs(toX - fromX) / 2);
  const along = Math.sign(toX - fromX) || 1;
  const out = start > y ? 1 : -1;
  const into = end > y ? 1 : -1;
  return [
    `M${fromX} ${start - out * 2}`,
    `V${y + out * turn}`,
    `Q${fromX} ${y} ${fromX + along * turn} ${y}`,
    `H${toX - along * turn}`,
    `Q${toX} ${y} ${toX} ${y + into * turn}`,
    `V${end - into * 3}`,
  ].join('');
}

/** Under an entity's caption. */
const below = (pieces: readonly Box[]): number => pieces.at(-1)!.bottom + 16;
