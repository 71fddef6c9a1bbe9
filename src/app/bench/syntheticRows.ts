import { randomStream } from '../../base/core/random.ts';
import type { BatchRow } from '../../engine/nn/headPooling.ts';
import type { ModelSpec } from '../../engine/nn/model.ts';

/** Encoded rows of one batch and their label ids. */
export interface LabelledBatch {
  readonly rows: readonly BatchRow[];
  readonly labels: readonly number[];
}

/** Ids below this are special tokens in the vocabularies at hand. */
const FIRST_WORD = 5;

/** Row `index` of an endless sequence: seeded words, `length` tokens. */
export function syntheticRow(spec: ModelSpec, length: number, seed: number, index: number): BatchRow {
  const words = randomStream(seed, 'bench words', index);
  const range = spec.config.vocab_size - FIRST_WORD;
  const ids = Array.from({ length }, (_, place) => FIRST_WORD + (words.uint32(place) % range));
  const half = Math.floor(length / 2);
  const word = (start: number) => ({ start, end: start + 1 });
  return { ids, subjectStart: 1, objectStart: half, subjectWord: word(2), objectWord: word(half + 1) };
}

/** Batches that are full to the last token. */
export function fullBatches(
  spec: ModelSpec,
  { batches, size, length, seed }: { batches: number; size: number; length: number; seed: number },
): LabelledBatch[] {
  const labels = randomStream(seed, 'bench labels');
  return Array.from({ length: batches }, (_, batch) => ({
    rows: Array.from({ length: size }, (_, row) => syntheticRow(spec, length, seed, batch * size + row)),
    labels: Array.from({ length: size }, (_, row) => labels.uint32(batch * size + row) % spec.labels),
  }));
}

const SHORTEST = 16;
const LONGEST = 256;
/** Mean and deviation of the logarithm of KLUE-RE's lengths in tokens, rounded. */
const LOG_MEAN = 4.1;
const LOG_DEVIATION = 0.45;

/** Row `index` of an endless sequence whose lengths spread like sentences: log-normal, median 60 tokens, at most 256. */
export function syntheticSentence(spec: ModelSpec, seed: number, index: number): BatchRow {
  const length = Math.exp(LOG_MEAN + LOG_DEVIATION * randomStream(seed, 'bench lengths').normal(index));
  return syntheticRow(spec, Math.round(Math.min(LONGEST, Math.max(SHORTEST, length))), seed, index);
}
