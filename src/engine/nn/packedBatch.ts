import type { HeadName, TrainedPairEncoding } from '../../base/core/settings.ts';
import type { SharedPair, SharedSentence } from '../../base/text/sharedEncoder.ts';
import type { TokenSpan } from '../../base/text/window.ts';
import { type Batch, collate } from './batch.ts';
import { type BatchRow, type PooledRow, partsOf, poolingSpans, statesPerAnswer } from './headPooling.ts';
import type { RelationSpec } from './model.ts';
import { type PaddingConfig, positionOffset } from './positions.ts';

/** A pair in a packed row: its markers, and what a head pools. */
type PackedPair = PooledRow & { readonly markers: TokenSpan };

/** A text and behind it the markers of its pairs: one row of the encoder for several answers. */
export interface PackedRow {
  readonly ids: readonly number[];
  /** The place of each token in the text, from 0; markers share those of their words. */
  readonly positions: readonly number[];
  /** Tokens of the text, which come first. */
  readonly text: number;
  readonly pairs: readonly PackedPair[];
}

/** The most pairs in a row: the attention of a row grows with the square of its tokens. */
export const MOST_PAIRS = 32;

/**
 * Added to the scores of tokens that another does not see. Such a token weighs e⁻⁷⁰ of what it would, far below the rounding of
 * a sum; the weights of anything much smaller are denormal numbers, which processors compute with slowly.
 */
const UNSEEN_BIAS = -70;

/** Whether a head reads a pair's own markers, without which pairs of one text are all alike to it. */
export const readsMarkers = (head: HeadName): boolean => partsOf(head).includes('subject-start');

/**
 * Some pairs of a sentence as rows, in their order and as even as can be.
 *
 * @param pairs indices in `sentence.pairs`
 */
export function packPairs(
  { ids, pairs: all }: SharedSentence,
  pairs: readonly number[] = all.map((_, index) => index),
  most = MOST_PAIRS,
): PackedRow[] {
  const rows = Math.ceil(pairs.length / most);
  return Array.from({ length: rows }, (_, row) => {
    const from = Math.floor((row * pairs.length) / rows);
    const to = Math.floor(((row + 1) * pairs.length) / rows);
    return packed(
      ids,
      pairs.slice(from, to).map((index) => all[index]!),
    );
  });
}

function packed(text: readonly number[], pairs: readonly SharedPair[]): PackedRow {
  const ids = [...text];
  const positions = text.map((_, position) => position);
  const places = pairs.map((pair): PackedPair => {
    const start = ids.length;
    ids.push(...pair.ids);
    positions.push(...pair.positions);
    return {
      markers: { start, end: ids.length },
      subjectStart: start,
      objectStart: start + pair.objectAt,
      subjectWord: pair.subjectWord,
      objectWord: pair.objectWord,
    };
  });
  return { ids, positions, text: text.length, pairs: places };
}

/** A row of one pair with its markers in the text. */
export const asPacked = ({ ids, ...pair }: BatchRow): PackedRow => ({
  ids,
  positions: ids.map((_, position) => position),
  text: ids.length,
  pairs: [{ ...pair, markers: { start: ids.length, end: ids.length } }],
});

/** Whether a model is trained to read all pairs of a sentence in one pass: its graph then takes packed rows. */
export const sharesPass = ({ pairEncoding = 'inline' }: { readonly pairEncoding?: TrainedPairEncoding }): boolean =>
  pairEncoding === 'both';

/** A row as a model takes it. */
export type ModelRow = BatchRow | PackedRow;

/** The answers that a row asks for. */
export const answersOf = (row: ModelRow): number => ('pairs' in row ? row.pairs.length : 1);

/** What of a model's `RelationSpec` the layout of its batches depends on. */
export interface RowLayout extends Pick<RelationSpec, 'head' | 'packed'> {
  readonly config: PaddingConfig;
}

/** The inputs of a model's graph for some rows; one of packed rows takes rows of one pair too. */
export function batchOf(rows: readonly ModelRow[], { config, head, packed }: RowLayout): Batch {
  if (packed)
    return collatePacked(
      rows.map((row) => ('pairs' in row ? row : asPacked(row))),
      config,
      head,
    );
  return collate(
    rows.map((row) => {
      if ('pairs' in row) throw new Error('A graph of single pairs takes no packed rows.');
      return row;
    }),
    config,
    head,
  );
}

/**
 * Values (Σ answers, width) of the answers of rows, one after the other, as a batch has them: (rows · most answers, width),
 * with zeros for those that a row lacks.
 */
export function padAnswers(values: Float32Array, rows: readonly ModelRow[], most: number): Float32Array {
  const counts = rows.map(answersOf);
  const width = values.length / counts.reduce((sum, count) => sum + count, 0);
  const padded = new Float32Array(rows.length * most * width);
  let done = 0;
  for (const [row, count] of counts.entries()) {
    padded.set(values.subarray(done * width, (done + count) * width), row * most * width);
    done += count;
  }
  return padded;
}

/**
 * Pads packed rows to the longest, and to equally many pairs, and lays them out as the graph's inputs. `attention_bias`
 * (b, 1, l, l) lets every token see the text and markers those of their own pair: so what a model answers to a pair does not
 * depend on the pairs beside it. Pairs that a row lacks pool nothing.
 */
export function collatePacked(rows: readonly PackedRow[], config: PaddingConfig, head: HeadName): Batch {
  const size = rows.length;
  const width = Math.max(...rows.map(({ ids }) => ids.length));
  const answers = Math.max(...rows.map(({ pairs }) => pairs.length));
  const offset = positionOffset(config);
  const ids = new BigInt64Array(size * width).fill(BigInt(config.pad_token_id));
  const positions = new BigInt64Array(size * width).fill(BigInt(offset > 0 ? config.pad_token_id : 0));
  const bias = new Float32Array(size * width * width).fill(UNSEEN_BIAS);
  for (const [index, row] of rows.entries()) {
    const start = index * width;
    for (const [column, id] of row.ids.entries()) {
      ids[start + column] = BigInt(id);
      positions[start + column] = BigInt(row.positions[column]! + offset);
    }
    for (let token = 0; token < width; token++)
      bias.fill(0, (start + token) * width, (start + token) * width + row.text);
    for (const { markers } of row.pairs)
      for (let token = markers.start; token < markers.end; token++)
        bias.fill(0, (start + token) * width + markers.start, (start + token) * width + markers.end);
  }
  const { readWidth, ...read } = pooledTokens(rows, { width, answers, head });
  return {
    ...{ size, width, answers, readWidth },
    inputs: {
      attention_bias: { data: bias, dims: [size, 1, width, width] },
      ids: { data: ids, dims: [size * width] },
      positions: { data: positions, dims: [size * width] },
      ...read,
    },
  };
}

/**
 * The positions (b · p) of the tokens that the head pools for any of a row's pairs, each once, and the matrix
 * (b, answers · states, p) that averages them. Rows with fewer repeat their last token, without weight.
 */
function pooledTokens(
  rows: readonly PackedRow[],
  { width, answers, head }: { readonly width: number; readonly answers: number; readonly head: HeadName },
) {
  const states = statesPerAnswer(head);
  const spans = rows.map(({ pairs }) => pairs.flatMap((pair) => poolingSpans(head, pair)));
  const tokens = spans.map((each) => {
    const read = new Set<number>();
    for (const { start, end } of each) for (let token = start; token < end; token++) read.add(token);
    return [...read].sort((a, b) => a - b);
  });
  const readWidth = Math.max(...tokens.map(({ length }) => length));
  const reads = new BigInt64Array(rows.length * readWidth);
  const pooling = new Float32Array(rows.length * answers * states * readWidth);
  for (const [row, own] of tokens.entries()) {
    for (let i = 0; i < readWidth; i++) reads[row * readWidth + i] = BigInt(row * width + (own[i] ?? own.at(-1)!));
    const columns = new Map(own.map((token, column) => [token, column]));
    for (const [read, { start, end }] of spans[row]!.entries()) {
      const at = (row * answers * states + read) * readWidth + columns.get(start)!;
      // Tokens of a span are read side by side.
      pooling.fill(1 / (end - start), at, at + end - start);
    }
  }
  return {
    readWidth,
    reads: { data: reads, dims: [reads.length] },
    pooling: { data: pooling, dims: [rows.length, answers * states, readWidth] },
  };
}
