import type { Example } from '../../../base/core/types.ts';
import { relationDescription } from '../../../base/data/relations.ts';
import { softmax } from '../../../base/eval/softmax.ts';
import type { Encoded } from '../../../base/text/inputEncoder.ts';
import type { TaskSpec } from '../../../engine/nn/relationModel.ts';
import type { Trace } from './designFiles.ts';

export interface TracedRow {
  readonly example: Example;
  readonly encoded: Encoded;
  readonly logits: Float32Array;
  readonly task: Pick<TaskSpec, 'labelSet' | 'marker' | 'head' | 'maxLength'>;
  readonly encoder: { readonly name: string; readonly layers: number };
  readonly seed: number;
}

const TOP = 3;

/** What each step makes of a row. */
export function traceOf({ example, encoded, logits, task, encoder, seed }: TracedRow): Trace {
  const { labels } = task.labelSet;
  const shares = softmax(logits);
  const probabilities = labels.map((relation, id) => ({ relation, probability: shares[id]! }));
  const top = probabilities.toSorted((a, b) => b.probability - a.probability).slice(0, TOP);
  const { relation, probability } = top[0]!;
  const { guid, sentence, subject, object, label } = example;
  return {
    note: {
      ko: '3단계는 학습보다 먼저 실행되므로 분류 헤드는 시드로 초기화한 상태 그대로다. 값은 모두 실제로 계산한 것이지만, 예측한 관계에는 아직 의미가 없다.',
      en: 'Stage 03 runs before training, so the head still has the initial weights that the seed gives. All values are really computed, but the predicted relation means nothing yet.',
    },
    model: {
      encoder: encoder.name,
      layers: encoder.layers,
      marker: task.marker,
      head: task.head,
      max_length: task.maxLength,
      head_trained: false,
      seed,
    },
    input: { guid, sentence, subject, object },
    preprocess: {
      question: encoded.question,
      marked_text: encoded.marked.text,
      tokens: encoded.tokens(),
      ids: encoded.ids,
      subject_start: encoded.subjectStart,
      object_start: encoded.objectStart,
      fit: encoded.fit,
    },
    inference: { logits: labels.map((name, id) => ({ relation: name, logit: logits[id]! })) },
    postprocess: { probabilities, label_id: labels.indexOf(relation) },
    output: {
      relation,
      description: { ko: relationDescription(relation, 'ko'), en: relationDescription(relation, 'en') },
      confidence: probability,
      top,
      gold: label,
    },
  };
}
