import type { Reporter } from '../../base/core/reporter.ts';
import type { LabelledExample } from '../../base/core/types.ts';
import type { ForwardOptions } from '../../engine/runtime/forwardPass.ts';
import type { Classifier } from '../../inference/predict/classifier.ts';
import type { AskedModel } from './analyzeErrors.ts';

export interface AskOptions {
  readonly batchSize: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** An open classifier as the analysis asks it, with a progress bar for each question. */
export function askedModel(classifier: Classifier, { batchSize, reporter, signal }: AskOptions): AskedModel {
  const withBar = async <T>(
    title: string,
    rows: readonly LabelledExample[],
    work: (options: Partial<ForwardOptions>) => Promise<T>,
  ): Promise<T> => {
    signal.throwIfAborted();
    const bar = reporter.progress(title, rows.length, 'rows');
    return work({ batchSize, signal, onProgress: (done) => bar.update(done) }).finally(() => bar.end());
  };
  return {
    predict: (rows, title) => withBar(title, rows, (options) => classifier.predict(rows, options)),
    states: (rows, title) =>
      withBar(title, rows, (options) =>
        classifier.states(
          rows.map((row) => {
            // Without texts and tokens, which thousands of rows need not be kept with.
            const { ids, subjectStart, objectStart, subjectWord, objectWord } = classifier.model.inputs.encode(row);
            return { ids, subjectStart, objectStart, subjectWord, objectWord };
          }),
          options,
        ),
      ),
  };
}
