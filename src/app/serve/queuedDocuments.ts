import type { PairEncoding } from '../../base/core/settings.ts';
import type { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import type { PairQuestion, PairScorer } from '../../inference/extract/pairScorer.ts';
import { createQueue, systemClock } from './queue.ts';

/** Sentences that a model of entities, and of whose pairs a model of relations, answers together. */
const BATCH = 16;
/** Sentences that may wait. Documents wait for a place; how many of them there are is limited. */
const WAITING = 4_096;

/**
 * Makes graphs of texts with models that many requests share: their sentences are answered in batches, in the order in
 * which they came, so that a long text keeps nobody waiting for its end.
 */
export function queuedDocuments(documents: DocumentExtractor) {
  const { recognizer, scorers } = documents.parts;
  const options = { maxBatch: BATCH, maxQueue: WAITING, parallel: 1, maxWaitMs: 0, clock: systemClock };
  const sentences = createQueue({
    ...options,
    answer: async (rows: readonly string[]) => (await recognizer?.recognize(rows)) ?? [],
  });
  const questionsFor = (scorer: PairScorer) =>
    createQueue({ ...options, answer: (rows: readonly PairQuestion[]) => scorer.score(rows) });
  const questions = { inline: questionsFor(scorers.inline), shared: questionsFor(scorers.shared) };
  const queued = (encoding: PairEncoding): PairScorer => ({
    score: (rows, { signal } = {}) => questions[encoding].submit(rows, patient(signal)),
  });
  const patient = (signal: AbortSignal | undefined) => ({ patient: true, ...(signal && { signal }) });
  return {
    taskOf: documents.taskOf.bind(documents),
    parts: {
      ...documents.parts,
      scorers: { inline: queued('inline'), shared: queued('shared') },
      recognizer: recognizer && {
        get name() {
          return recognizer.name;
        },
        recognize: (rows, { signal } = {}) => sentences.submit(rows, patient(signal)),
        release: () => recognizer.release(),
      },
    } satisfies DocumentExtractor['parts'],
    /** Ends when all that was taken is done. */
    close: async () => {
      await Promise.all([sentences.close(), questions.inline.close(), questions.shared.close()]);
    },
  };
}
