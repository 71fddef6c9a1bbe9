import { expect, test } from 'vitest';
import { denseGradient, tableGradient } from './gradient.ts';
import { createOptimizer } from './optimizer.ts';

const options = { lr: 0.1, weightDecay: 0.1, clip: 0 };

test('a table steps as a dense parameter would, rows that were never looked up included', () => {
  const start = () => Float32Array.from({ length: 12 }, (_, i) => i - 5);
  const dense = new Map([['e.weight', start()]]);
  const table = new Map([['e.weight', start()]]);
  const [optimizeDense, optimizeTable] = [createOptimizer(dense), createOptimizer(table)];
  for (const rows of [[1], [1, 3], [0], []]) {
    const values = new Float32Array(12);
    for (const row of rows) values.fill(row + 1, row * 3, row * 3 + 3);
    const gradient = tableGradient(values, 3);
    for (const row of rows) gradient.table!.rows.add(row);
    const norm = optimizeTable.step(new Map([['e.weight', gradient]]), options);
    expect(norm).toBe(optimizeDense.step(new Map([['e.weight', denseGradient(values.slice())]]), options));
    expect(table.get('e.weight')).toEqual(dense.get('e.weight'));
  }
});

test('which rows were looked up is known from the moments: an optimizer made again from them goes on the same', () => {
  const weights = new Map([['e.weight', Float32Array.of(1, 2, 3, 4)]]);
  const first = createOptimizer(weights);
  const gradient = tableGradient(Float32Array.of(0, 0, 1, 1), 2);
  gradient.table!.rows.add(1);
  first.step(new Map([['e.weight', gradient]]), options);

  const copy = new Map([['e.weight', weights.get('e.weight')!.slice()]]);
  const second = createOptimizer(copy);
  second.steps = first.steps;
  second.moments.get('e.weight')!.first.set(first.moments.get('e.weight')!.first);
  second.moments.get('e.weight')!.second.set(first.moments.get('e.weight')!.second);
  const none = () => new Map([['e.weight', tableGradient(new Float32Array(4), 2)]]);
  first.step(none(), options);
  second.step(none(), options);
  expect(copy.get('e.weight')).toEqual(weights.get('e.weight'));
});

test('clipping scales the gradient to the norm', () => {
  const weights = new Map([['a.weight', Float32Array.of(0, 0)]]);
  const optimizer = createOptimizer(weights);
  const norm = optimizer.step(new Map([['a.weight', denseGradient(Float32Array.of(3, 4))]]), { ...options, clip: 1 });
  expect(norm).toBe(5);
  const { first } = optimizer.moments.get('a.weight')!;
  expect(first[0]).toBeCloseTo(0.06, 6);
  expect(first[1]).toBeCloseTo(0.08, 6);
});
