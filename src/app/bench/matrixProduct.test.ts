import { expect, test } from 'vitest';
import { operationsOf, productName, productOf } from './matrixProduct.ts';

test.each([
  ['Gemm', [[4, 2], [3, 2], [3]], [4, 3], '4×2 · (3×2)ᵀ', 2 * 4 * 2 * 3],
  [
    'Gemm',
    [
      [4, 5],
      [4, 3],
    ],
    [5, 3],
    '(4×5)ᵀ · 4×3',
    2 * 5 * 4 * 3,
  ],
  [
    'MatMul',
    [
      [4, 2],
      [2, 3],
    ],
    [4, 3],
    '4×2 · 2×3',
    2 * 4 * 2 * 3,
  ],
  [
    'FusedMatMul',
    [
      [8, 12, 6, 2],
      [8, 12, 5, 2],
    ],
    [8, 12, 6, 5],
    '96 × 6×2 · (5×2)ᵀ',
    96 * 2 * 6 * 2 * 5,
  ],
  [
    'Gemm',
    [
      [4, 3],
      [3, 3],
    ],
    [4, 3],
    '4×3 · (3×3)ᵀ',
    2 * 4 * 3 * 3,
  ],
])('the product behind %s of %j', (op, inputs, output, name, operations) => {
  const product = productOf({ op, inputs, outputs: [output] })!;
  expect(productName(product)).toBe(name);
  expect(operationsOf(product)).toBe(operations);
});

test('other operators are no products', () => {
  expect(
    productOf({
      op: 'Add',
      inputs: [
        [4, 2],
        [4, 2],
      ],
      outputs: [[4, 2]],
    }),
  ).toBeNull();
  expect(productOf({ op: 'Gemm', inputs: [], outputs: [] })).toBeNull();
});
