import { expect, test } from 'vitest';
import { type Box, lanesOf, layOutArcs } from './arcLayout.ts';

const box = (line: number, left: number, right: number): Box => ({
  line,
  left,
  right,
  top: line * 60,
  bottom: line * 60 + 30,
});

test('arcs that would meet lie in different lanes, short ones lowest; others share one', () => {
  const entities = [[box(0, 0, 40)], [box(0, 100, 140)], [box(0, 300, 340)], [box(0, 400, 440)]];
  const arcs = layOutArcs(
    entities,
    [
      { from: 0, to: 3, width: 50 },
      { from: 0, to: 1, width: 50 },
      { from: 2, to: 3, width: 50 },
    ],
    600,
  );
  expect(arcs.map(({ lane }) => lane)).toEqual([1, 0, 0]);
  expect([...lanesOf(arcs)]).toEqual([[0, 2]]);
});

test('both directions of a pair stand side by side', () => {
  const [there, back] = layOutArcs(
    [[box(0, 0, 60)], [box(0, 200, 260)]],
    [
      { from: 0, to: 1, width: 40 },
      { from: 1, to: 0, width: 40 },
    ],
    600,
  );
  expect(there!.lane).not.toBe(back!.lane);
  expect(there!.fromX).not.toBe(back!.toX);
});

test('between lines an arc runs above the lower one, from the nearest pieces of wrapped entities', () => {
  const wrapped = [box(0, 500, 600), box(1, 0, 40)];
  const [down, up] = layOutArcs(
    [wrapped, [box(2, 300, 340)]],
    [
      { from: 0, to: 1, width: 40 },
      { from: 1, to: 0, width: 40 },
    ],
    600,
  );
  expect([down!.line, up!.line]).toEqual([2, 2]);
  expect(down!.fromX).toBeLessThan(40);
});

test('labels stay on the stage', () => {
  const [arc] = layOutArcs([[box(0, 0, 20)], [box(0, 30, 50)]], [{ from: 0, to: 1, width: 200 }], 300);
  expect(arc!.labelX).toBe(100);
});
