import { padIds } from './batch.ts';
import type { Value } from './graph/value.ts';
import type { PaddingConfig } from './positions.ts';

/** A sentence with some of its tokens hidden. */
export interface MaskedRow {
  /** With masks in place. */
  readonly ids: readonly number[];
  /** Positions of the tokens to predict, ascending. */
  readonly places: readonly number[];
  /** The original ids there. */
  readonly gold: readonly number[];
}

/** Inputs of a masked-language-model graph for some rows, padded to the longest. */
export interface MaskedBatch {
  readonly size: number;
  readonly width: number;
  /** Output positions per row: as many as the row with most masked tokens has. */
  readonly readWidth: number;
  readonly inputs: Readonly<Record<'attention_bias' | 'ids' | 'positions' | 'reads' | 'gold' | 'weights', Value>>;
}

/**
 * Pads rows to the longest and lays them out as the graph's inputs. Rows with fewer masked tokens are
 * filled up with their first token, without weight.
 *
 * @param weight of each masked token in the loss
 */
export function collateMasked(
  rows: readonly MaskedRow[],
  config: PaddingConfig & { readonly vocab_size: number },
  weight: number,
): MaskedBatch {
  const size = rows.length;
  const { width, inputs } = padIds(
    rows.map(({ ids }) => ids),
    config,
  );
  const readWidth = Math.max(1, ...rows.map(({ places }) => places.length));
  const count = size * readWidth;
  const reads = new BigInt64Array(count);
  const gold = new BigInt64Array(count);
  const weights = new Float32Array(count);
  for (const [row, { places, gold: ids }] of rows.entries())
    for (let i = 0; i < readWidth; i++) {
      const at = row * readWidth + i;
      reads[at] = BigInt(row * width + (places[i] ?? 0));
      gold[at] = BigInt(at * config.vocab_size + (ids[i] ?? 0));
      weights[at] = i < places.length ? weight : 0;
    }
  return {
    size,
    width,
    readWidth,
    inputs: {
      ...inputs,
      reads: { data: reads, dims: [count] },
      gold: { data: gold, dims: [count] },
      weights: { data: weights, dims: [size, readWidth] },
    },
  };
}
