import type { LabelledExample, LabelSet, Prediction } from '../core/types.ts';

/** A wrongly predicted row with the system's probabilities, which are null where it gives none. */
export interface ErrorSample {
  readonly example: LabelledExample;
  readonly predicted: string;
  /** Probability of the predicted label. */
  readonly confidence: number | null;
  /** The most probable label but the predicted one, and its probability. */
  readonly runnerUp: string | null;
  readonly runnerUpProbability: number | null;
  /** Probability of the gold label. */
  readonly goldProbability: number | null;
}

/** All wrong rows, the most confident mistakes first; without probabilities in the order of the rows. */
export function errorSamples(
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
  { labels }: LabelSet,
): ErrorSample[] {
  const samples = examples.flatMap((example, row): ErrorSample[] => {
    const { predicted, probabilities } = predictions[row]!;
    if (predicted === example.label) return [];
    if (probabilities === null)
      return [
        { example, predicted, confidence: null, runnerUp: null, runnerUpProbability: null, goldProbability: null },
      ];
    const probabilityOf = (label: string) => probabilities[labels.indexOf(label)]!;
    const others = labels.filter((label) => label !== predicted);
    const runnerUp = others.reduce((best, label) => (probabilityOf(label) > probabilityOf(best) ? label : best));
    return [
      {
        example,
        predicted,
        confidence: probabilityOf(predicted),
        runnerUp,
        runnerUpProbability: probabilityOf(runnerUp),
        goldProbability: probabilityOf(example.label),
      },
    ];
  });
  return samples.sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
}
