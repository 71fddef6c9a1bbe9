import type { HeadName } from '../core/settings.ts';
import type { Encoded } from '../text/inputEncoder.ts';
import { PADDING_BIAS } from './encoder.ts';
import type { Value } from './graph/value.ts';
import { type PaddingConfig, positionIds } from './positions.ts';

/** Inputs of an encoder graph for some rows, padded to the longest. */
export interface Batch {
  readonly size: number;
  readonly width: number;
  readonly inputs: Readonly<Record<'attention_bias' | 'ids' | 'positions' | 'reads', Value>>;
}

/** What a batch needs of an encoded row. */
export type BatchRow = Pick<Encoded, 'ids' | 'subjectStart' | 'objectStart'>;

/** Which tokens of a row each head reads, as in `HEADS`. */
const READS: Record<HeadName, (row: BatchRow) => readonly number[]> = {
  cls: () => [0],
  'entity-start': (row) => [row.subjectStart, row.objectStart],
};

/** Pads rows to the longest and lays them out as the graph's inputs. */
export function collate(rows: readonly BatchRow[], config: PaddingConfig, head: HeadName): Batch {
  const size = rows.length;
  const width = Math.max(...rows.map((row) => row.ids.length));
  const ids = new BigInt64Array(size * width).fill(BigInt(config.pad_token_id));
  const attentionBias = new Float32Array(size * width).fill(PADDING_BIAS);
  const reads: bigint[] = [];
  for (const [index, row] of rows.entries()) {
    const start = index * width;
    for (const [column, id] of row.ids.entries()) ids[start + column] = BigInt(id);
    attentionBias.fill(0, start, start + row.ids.length);
    for (const column of READS[head](row)) reads.push(BigInt(start + column));
  }
  const lengths = rows.map((row) => row.ids.length);
  const positions = positionIds(config, lengths, width);
  return {
    size,
    width,
    inputs: {
      attention_bias: { data: attentionBias, dims: [size, 1, 1, width] },
      ids: { data: ids, dims: [size * width] },
      positions: { data: positions, dims: [size * width] },
      reads: { data: BigInt64Array.from(reads), dims: [reads.length] },
    },
  };
}
