import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedCalibrationError, type Judged, reliabilityBins } from './reliability.ts';

test('rows go to their bins, edges to the lower one', () => {
  const rows: Judged[] = [
    { confidence: 0, isRight: false },
    { confidence: 0.5, isRight: true },
    { confidence: 0.51, isRight: false },
    { confidence: 1, isRight: true },
  ];
  const bins = reliabilityBins(rows, 2);
  expect(bins).toEqual([
    { from: 0, to: 0.5, rows: 2, confidence: 0.25, accuracy: 0.5 },
    { from: 0.5, to: 1, rows: 2, confidence: 0.755, accuracy: 0.5 },
  ]);
  expect(expectedCalibrationError(bins)).toBeCloseTo(0.5 * 0.25 + 0.5 * 0.255, 12);
});

test('without a number there are 15 bins, as in Guo et al.', () => {
  const bins = reliabilityBins([{ confidence: 0.1, isRight: true }]);
  expect(bins.map(({ rows }) => rows)).toEqual([0, 1, ...Array(13).fill(0)]);
});

test('every row is counted once, and the error is between 0 and 1', () => {
  const row = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isRight: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const bins = reliabilityBins(rows);
      expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
      const error = expectedCalibrationError(bins);
      expect(error).toBeGreaterThanOrEqual(0);
      expect(error).toBeLessThanOrEqual(1);
    }),
  );
});
