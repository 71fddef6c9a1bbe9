import type { HeadName } from '../../base/core/settings.ts';
import { PADDING_BIAS } from './encoder.ts';
import type { Value } from './graph/value.ts';
import { type BatchRow, poolingSpans, poolsWords, type TokenRow } from './headPooling.ts';
import { type PaddingConfig, positionOffset } from './positions.ts';

/** Inputs of an encoder graph for some rows, padded to the longest. */
export interface Batch {
  readonly size: number;
  readonly width: number;
  /** Output positions per row: the tokens whose last states the head pools. */
  readonly readWidth: number;
  /** What each row is answered for, padding included: pairs, or tokens where the head answers them. */
  readonly answers: number;
  /** `reads` where the head does not answer every token, `pooling` where it takes means. */
  readonly inputs: Readonly<
    Record<'attention_bias' | 'ids' | 'positions', Value> & Partial<Record<'reads' | 'pooling', Value>>
  >;
}

/** Pads rows to the longest and lays them out as the graph's inputs. */
export function collate(rows: readonly BatchRow[], config: PaddingConfig, head: HeadName): Batch {
  const { width, inputs } = padIds(
    rows.map(({ ids }) => ids),
    config,
  );
  const { readWidth, ...read } = pooledTokens(rows, width, head);
  return { size: rows.length, width, readWidth, answers: 1, inputs: { ...inputs, ...read } };
}

/** The same for a head that answers every token. */
export function collateTokens(rows: readonly TokenRow[], config: PaddingConfig): Batch {
  const { width, inputs } = padIds(
    rows.map(({ ids }) => ids),
    config,
  );
  return { size: rows.length, width, readWidth: width, answers: width, inputs };
}

/** The inputs of an encoder for rows of ids, padded to the longest. */
export function padIds(rows: readonly (readonly number[])[], config: PaddingConfig) {
  const size = rows.length;
  const width = Math.max(...rows.map(({ length }) => length));
  const ids = new BigInt64Array(size * width).fill(BigInt(config.pad_token_id));
  const attentionBias = new Float32Array(size * width).fill(PADDING_BIAS);
  for (const [index, row] of rows.entries()) {
    const start = index * width;
    for (const [column, id] of row.entries()) ids[start + column] = BigInt(id);
    attentionBias.fill(0, start, start + row.length);
  }
  const lengths = rows.map(({ length }) => length);
  return {
    width,
    inputs: {
      attention_bias: { data: attentionBias, dims: [size, 1, 1, width] },
      ids: { data: ids, dims: [size * width] },
      positions: { data: positionIds(config, lengths, width), dims: [size * width] },
    },
  };
}

/**
 * The positions of the tokens that a head pools (b · p), equally many per row, and for means the matrix (b, states, p) that
 * averages them. Rows with shorter words repeat their last token, without weight.
 */
function pooledTokens(rows: readonly BatchRow[], width: number, head: HeadName) {
  const spans = rows.map((row) => poolingSpans(head, row));
  const columns = spans.map((each) => each.flatMap(({ start, end }) => range(start, end)));
  const readWidth = Math.max(...columns.map(({ length }) => length));
  const places = columns.flatMap((each, row) =>
    Array.from({ length: readWidth }, (_, i) => BigInt(row * width + (each[i] ?? each.at(-1)!))),
  );
  const reads = { data: BigInt64Array.from(places), dims: [places.length] };
  if (!poolsWords(head)) return { readWidth, reads };
  const count = spans[0]!.length;
  const pooling = new Float32Array(rows.length * count * readWidth);
  for (const [row, each] of spans.entries()) {
    let column = 0;
    for (const [read, { start, end }] of each.entries()) {
      const at = (row * count + read) * readWidth + column;
      pooling.fill(1 / (end - start), at, at + end - start);
      column += end - start;
    }
  }
  return { readWidth, reads, pooling: { data: pooling, dims: [rows.length, count, readWidth] } };
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

/** Position ids of a padded batch: 0, 1, 2, … per row, from the offset on; RoBERTa gives padding the padding id. */
function positionIds(config: PaddingConfig, lengths: readonly number[], width: number): BigInt64Array {
  const offset = positionOffset(config);
  const ids = new BigInt64Array(lengths.length * width);
  for (const [row, length] of lengths.entries())
    for (let column = 0; column < width; column++)
      ids[row * width + column] = BigInt(offset > 0 && column >= length ? config.pad_token_id : column + offset);
  return ids;
}
