import { failure } from '../../base/core/errors.ts';
import type { LabelledExample, LabelSet, Prediction } from '../../base/core/types.ts';
import { softmax } from '../../base/eval/softmax.ts';
import type { ShownRow } from './schema.ts';

/** A test row with the model's answer. */
export interface AnalyzedRow {
  readonly example: LabelledExample;
  readonly predicted: string;
  /** Calibrated, in label order. */
  readonly probabilities: readonly number[];
  /** Calibrated probability of the predicted label and of the gold label. */
  readonly confidence: number;
  readonly goldProbability: number;
  readonly isRight: boolean;
}

/**
 * Rows joined with their predictions, `predictions[i]` of `examples[i]`, the confidence calibrated by the temperature. A
 * temperature keeps the order of labels, so the answers stay those of the model.
 *
 * Errors: `failed` for a prediction without probabilities.
 */
export const analyzedRows = (
  examples: readonly LabelledExample[],
  predictions: readonly Prediction[],
  { labels }: LabelSet,
  temperature: number,
): AnalyzedRow[] =>
  examples.map((example, row) => {
    const { predicted, probabilities: given } = predictions[row]!;
    if (given === null)
      throw failure(
        { en: `The prediction of ${example.guid} has no probabilities.`, ko: `${example.guid}: 예측에 확률이 없다.` },
        {
          en: 'An error analysis needs those of all labels: train the run again, or analyse a model with --model.',
          ko: '오류 분석에는 모든 라벨의 확률이 필요하다. 다시 학습하거나, --model로 모델을 분석한다.',
        },
      );
    const probabilities = tempered(given, temperature);
    return {
      example,
      predicted,
      probabilities,
      confidence: probabilities[labels.indexOf(predicted)]!,
      goldProbability: probabilities[labels.indexOf(example.label)]!,
      isRight: predicted === example.label,
    };
  });

/** Probabilities as if their logits had been divided by the temperature: softmax(log p / T). */
export const tempered = (probabilities: readonly number[], temperature: number): number[] =>
  softmax(probabilities.map((p) => Math.log(p) / temperature));

/** A row as it is shown. */
export const shownRow = ({ guid, sentence, subject, object }: LabelledExample): ShownRow => ({
  guid,
  sentence,
  subject,
  object,
});

/** The most confident first, those alike in their order. */
export const byConfidence = (rows: readonly AnalyzedRow[]): AnalyzedRow[] =>
  rows.toSorted((a, b) => b.confidence - a.confidence);

export const guidsOf = (rows: readonly AnalyzedRow[], most: number): string[] =>
  rows.slice(0, most).map(({ example }) => example.guid);
