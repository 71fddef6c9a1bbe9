import type { OperatorRun } from '../../engine/runtime/operatorProfile.ts';

/** Operators that are a matrix product (with or without bias and activation), named by the domain that defines them. */
const PRODUCTS: Readonly<Record<string, { readonly domain: '' | 'com.microsoft' }>> = {
  Gemm: { domain: '' },
  MatMul: { domain: '' },
  FusedGemm: { domain: 'com.microsoft' },
  FusedMatMul: { domain: 'com.microsoft' },
};

/** A matrix product: op(A) · op(B) with `batch` matrices each, (rows, inner) · (inner, columns). */
export interface MatrixProduct {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

/**
 * The matrix product that an operator ran, from the shapes of its operands; null for any other operator.
 *
 * A profile tells no attributes: which operand is transposed follows from the shapes; of square matrices the one with
 * B transposed is taken, the layout of transformers' weights.
 */
export function productOf({
  op,
  inputs,
  outputs,
}: Pick<OperatorRun, 'op' | 'inputs' | 'outputs'>): MatrixProduct | null {
  const [a, b] = inputs;
  const [out] = outputs;
  if (!Object.hasOwn(PRODUCTS, op) || !a || !b || !out || a.length < 2 || b.length < 2 || out.length < 2) return null;
  const [rows, columns] = out.slice(-2) as [number, number];
  const batch = sizeOf(out) / (rows * columns);
  const inner = sizeOf(a) / (batch * rows);
  const fits = (shape: readonly number[], first: number, second: number) =>
    shape.at(-2) === first && shape.at(-1) === second;
  return { batch, rows, inner, columns, transA: !fits(a, rows, inner), transB: fits(b, columns, inner) };
}

/** Multiplications and additions. */
export const operationsOf = ({ batch, rows, inner, columns }: MatrixProduct): number =>
  2 * batch * rows * inner * columns;

/** `2304×384 · 384×1536ᵀ`, with the count of matrices in front where there are several. */
export function productName({ batch, rows, inner, columns, transA, transB }: MatrixProduct): string {
  const factor = (first: number, second: number, flipped: boolean) =>
    flipped ? `(${second}×${first})ᵀ` : `${first}×${second}`;
  return `${batch > 1 ? `${batch} × ` : ''}${factor(rows, inner, transA)} · ${factor(inner, columns, transB)}`;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
