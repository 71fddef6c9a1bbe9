import type { LabelledExample } from '../../base/core/types.ts';
import { tally } from '../../base/data/grouping.ts';
import { type AnalyzedRow, shownRow } from './analyzedRow.ts';
import type { ErrorAnalysis } from './schema.ts';

/** Rows with the states that the classifier reads of them. */
export interface EncodedRows<Row> {
  readonly rows: readonly Row[];
  readonly states: readonly Float32Array[];
}

export interface Neighbour {
  readonly index: number;
  readonly similarity: number;
}

/** The `count` vectors most similar to `query` by cosine, the most similar first; of equals the first. */
export function nearest(query: Float32Array, vectors: readonly Float32Array[], count: number): Neighbour[] {
  const best: Neighbour[] = [];
  for (const [index, vector] of vectors.entries()) {
    const similarity = dot(query, vector);
    if (best.length === count && similarity <= best.at(-1)!.similarity) continue;
    const at = best.findIndex((other) => other.similarity < similarity);
    best.splice(at < 0 ? best.length : at, 0, { index, similarity });
    if (best.length > count) best.pop();
  }
  return best;
}

/** Scaled to length 1, so that products are cosines; a vector of zeros stays one. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const PER_CASE = 3;

/**
 * The training rows nearest to errors by the states that the classifier reads, and whose label they carry: the gold one (the
 * rows were there, the classifier drew the line elsewhere), the predicted one (the error follows its training rows) or another.
 *
 * @param shown guids of the errors whose neighbours are listed
 */
export function errorNeighbours(
  errors: EncodedRows<AnalyzedRow>,
  training: EncodedRows<LabelledExample> & { readonly sampled: boolean },
  shown: ReadonlySet<string>,
): NonNullable<ErrorAnalysis['neighbours']> {
  const vectors = training.states.map(unit);
  const carry = { gold: 0, predicted: 0, other: 0 };
  const cases: NonNullable<ErrorAnalysis['neighbours']>['cases'] = [];
  for (const [i, { example, predicted }] of errors.rows.entries()) {
    const found = nearest(unit(errors.states[i]!), vectors, PER_CASE);
    const label = carriedLabel(found.map(({ index }) => training.rows[index]!.label));
    carry[label === example.label ? 'gold' : label === predicted ? 'predicted' : 'other']++;
    if (shown.has(example.guid))
      cases.push({
        guid: example.guid,
        neighbours: found.map(({ index, similarity }) => {
          const row = training.rows[index]!;
          return { ...shownRow(row), label: row.label, similarity };
        }),
      });
  }
  return {
    encoded: training.rows.length,
    sampled: training.sampled,
    errors: errors.rows.length,
    per_case: PER_CASE,
    carry,
    cases,
  };
}

/** The label that most of the neighbours have; the nearest one's among equals. */
const carriedLabel = (labels: readonly string[]): string =>
  [...tally(labels)].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
