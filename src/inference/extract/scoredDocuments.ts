import type { AnnotatedDocument } from '../../base/core/types.ts';
import { pairsOf } from '../predict/extraction.ts';
import type { Extractor } from '../predict/extractor.ts';
import type { ScoredDocument } from './fitTextSetting.ts';
import type { PairScorer } from './pairScorer.ts';
import { scorerOf } from './sharedPass.ts';

/** Documents scored at a time: enough to fill batches of similar length. */
const PORTION = 64;

/** Documents with the model's logits for all typed pairs of their entities, each document asked as one sentence. */
export async function scoredDocuments(
  extractor: Extractor,
  documents: readonly AnnotatedDocument[],
  {
    scorer = scorerOf(extractor),
    signal,
    onProgress,
  }: { readonly scorer?: PairScorer; readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<ScoredDocument[]> {
  const scored: ScoredDocument[] = [];
  for (let start = 0; start < documents.length; start += PORTION) {
    const portion = documents.slice(start, start + PORTION);
    const pairs = await scorer.score(
      portion.map(({ text, entities }) => ({
        sentence: text,
        entities,
        pairs: pairsOf(entities, 'typed', extractor.info),
      })),
      signal ? { signal } : {},
    );
    scored.push(...portion.map((document, i) => ({ document, pairs: pairs[i]! })));
    onProgress?.(scored.length);
  }
  return scored;
}
