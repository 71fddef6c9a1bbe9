import { usageError } from '../../base/core/errors.ts';
import type { PairEncoding } from '../../base/core/settings.ts';
import type { InputEncoder } from '../../base/text/inputEncoder.ts';
import type { EntityPair } from '../../base/text/sharedEncoder.ts';
import type { TokenCounts } from '../../base/text/unknownTokens.ts';
import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import { sharesPass } from '../../engine/nn/packedBatch.ts';
import { type PackedAnswers, packGroup } from '../../engine/nn/sharedRows.ts';

/** A sentence and the pairs of it that are asked about. */
export interface SentencePairs {
  readonly sentence: string;
  readonly pairs: readonly EntityPair[];
}

/** A sentence as a model reads it for all of its pairs. */
export interface EncodedPairs {
  /** What goes through the encoder; answers are indices of pairs. */
  readonly rows: readonly PackedAnswers[];
  /** Of each pair, whether only a part of the sentence was read for it. */
  readonly shortened: readonly boolean[];
  readonly counts: TokenCounts;
}

/** Errors: `usage` where pairs are to share a pass and the model was not trained for it. */
export function checkPairEncoding(asked: PairEncoding, task: Pick<TaskSpec, 'pairEncoding'>): void {
  if (asked === 'inline' || sharesPass(task)) return;
  const { message, hint } = onlyInline();
  throw usageError(message, hint);
}

/** What is said where pairs are to share a pass and the model was not trained for it. */
export const onlyInline = () => ({
  message: {
    en: 'The model was trained to read pairs one by one; it cannot read all pairs of a sentence in one pass.',
    ko: '이 모델은 쌍을 하나씩 읽도록 학습되어, 한 문장의 쌍을 한 번에 읽을 수 없다.',
  },
  hint: {
    en: 'Leave the pair encoding out, or take a model that was trained with --pair-encoding both.',
    ko: '쌍을 읽는 방식(pair encoding)을 빼거나, --pair-encoding both로 학습한 모델을 쓴다.',
  },
});

/**
 * Encodes a sentence once for all of its pairs; pair by pair where it is too long for that, each in a window of its own.
 *
 * Errors: those of `InputEncoder.encode`.
 */
export function encodePairs(
  { sentence, pairs }: SentencePairs,
  { encode, encodeShared }: Pick<InputEncoder, 'encode' | 'encodeShared'>,
): EncodedPairs {
  const shared = encodeShared(sentence, pairs);
  if (shared) {
    const rows = packGroup({ rows: pairs.map((_, pair) => pair), sentence: shared });
    return { rows, shortened: pairs.map(() => false), counts: shared.counts };
  }
  const encoded = pairs.map((pair) => encode({ sentence, ...pair }));
  return {
    rows: encoded.map((row, pair) => ({ row, answers: [pair] })),
    shortened: encoded.map(({ fit }) => fit !== 'whole'),
    counts: encoded[0]?.counts ?? { tokens: 0, unknown: 0 },
  };
}
