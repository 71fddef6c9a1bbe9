import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitWindow, indexInWindow, type MarkedSpan, type TokenSpan } from './window.ts';

const span = (start: number, end: number): TokenSpan => ({ start, end });
const marked = (start: number, end: number, open = 1, close = 1): MarkedSpan => ({
  open: span(start, start + open),
  close: span(end - close, end),
});

test('a sentence within the limit stays whole', () => {
  expect(fitWindow(10, 10, marked(0, 3), marked(5, 8))).toEqual({ fit: 'whole', keep: [span(0, 10)] });
});

test('one window around both, context shared, the rest to the side that has it', () => {
  expect(fitWindow(100, 20, marked(40, 43), marked(47, 50))).toEqual({ fit: 'window', keep: [span(35, 55)] });
  expect(fitWindow(100, 20, marked(1, 4), marked(8, 11))).toEqual({ fit: 'window', keep: [span(0, 20)] });
  expect(fitWindow(100, 20, marked(95, 98), marked(88, 91))).toEqual({ fit: 'window', keep: [span(80, 100)] });
});

test('two pieces where the entities are too far apart', () => {
  expect(fitWindow(100, 14, marked(10, 13), marked(80, 83))).toEqual({
    fit: 'pieces',
    keep: [span(8, 15), span(78, 85)],
  });
  expect(fitWindow(100, 14, marked(97, 100), marked(0, 3))).toEqual({
    fit: 'pieces',
    keep: [span(0, 7), span(93, 100)],
  });
});

test('words lose their middle where the entities themselves do not fit, markers nothing', () => {
  expect(fitWindow(60, 12, marked(0, 30), marked(30, 60, 3, 1))).toEqual({
    fit: 'cut',
    keep: [span(0, 3), span(28, 35), span(58, 60)],
  });
  expect(fitWindow(60, 5, marked(0, 30), marked(30, 60, 3, 1))).toBeNull();
});

/** Two marked entities, side by side or even sharing a token, somewhere in a sentence. */
const layout = fc
  .record({
    parts: fc.array(fc.nat(40), { minLength: 5, maxLength: 5 }),
    fences: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
    shared: fc.boolean(),
    swap: fc.boolean(),
    limit: fc.integer({ min: 1, max: 220 }),
  })
  .map(({ parts, fences, shared, swap, limit }) => {
    const [before, first, between, second, after] = parts as [number, number, number, number, number];
    const [open1, close1, open2, close2] = fences as [number, number, number, number];
    const end1 = before + open1 + first + close1;
    const start2 = shared ? end1 - 1 : end1 + between;
    const end2 = start2 + open2 + second + close2;
    const spans = [marked(before, end1, open1, close1), marked(start2, end2, open2, close2)] as const;
    return { length: end2 + after, limit, subject: spans[swap ? 1 : 0], object: spans[swap ? 0 : 1] };
  });

const indices = ({ start, end }: TokenSpan): number[] => Array.from({ length: end - start }, (_, i) => start + i);

test('never too long; markers whole and in order; positions keep their tokens', () => {
  fc.assert(
    fc.property(layout, ({ length, limit, subject, object }) => {
      const markers = [subject.open, subject.close, object.open, object.close].flatMap(indices);
      const window = fitWindow(length, limit, subject, object);
      if (window === null) {
        expect(new Set(markers).size).toBeGreaterThan(limit);
        return;
      }
      const kept = window.keep.flatMap(indices);
      expect(kept.length).toBeLessThanOrEqual(limit);
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      for (const index of markers) expect(kept[indexInWindow(window.keep, index)]).toBe(index);
      if (window.fit === 'cut') return;
      expect(kept.length).toBe(Math.min(length, limit));
      const words = [subject, object].flatMap(({ open, close }) => indices(span(open.start, close.end)));
      expect(kept).toEqual(expect.arrayContaining(words));
    }),
    { numRuns: 2000 },
  );
});

test('a token outside the window has no place in it', () => {
  expect(() => indexInWindow([span(2, 4)], 9)).toThrow(RangeError);
});
