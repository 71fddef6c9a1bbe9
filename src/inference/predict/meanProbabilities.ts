import { usageError } from '../../base/core/errors.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { LabelledExample, LabelSet } from '../../base/core/types.ts';
import { MARKERS } from '../../base/text/markers.ts';
import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import type { SessionOptions } from '../../engine/runtime/session.ts';
import { loadClassifier } from './classifier.ts';

export interface MeanOptions extends SessionOptions {
  /** What an error calls one of the models. */
  readonly role: 'teacher' | 'member';
  readonly batchSize: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * The mean of several models' probabilities (softmax of the logits, uncalibrated) for each row, in the label set's order.
 * One model is in memory at a time.
 *
 * Errors: `usage` for a model of other labels, or one that needs entity types that rows lack.
 */
export async function meanProbabilities(
  models: readonly { readonly name: string; readonly folder: string }[],
  rows: readonly LabelledExample[],
  labelSet: LabelSet,
  options: MeanOptions,
): Promise<number[][]> {
  const { labels } = labelSet;
  const { role, batchSize, reporter, signal } = options;
  const sums = rows.map(() => new Array<number>(labels.length).fill(0));
  for (const { name, folder } of models) {
    const classifier = await loadClassifier(folder, options);
    const { task } = classifier.model;
    const bar = reporter.progress(`ask ${name}`, rows.length, 'rows');
    try {
      checkLabels(`${role} ${name}`, task.labelSet.labels, labels);
      checkTypes(`${role} ${name}`, task, rows);
      const onProgress = (done: number) => bar.update(done);
      const predictions = await classifier.predict(rows, { batchSize, signal, onProgress });
      const ids = labels.map((label) => task.labelSet.labels.indexOf(label));
      for (const [row, { probabilities }] of predictions.entries())
        for (const [label, id] of ids.entries()) sums[row]![label]! += probabilities![id]! / models.length;
    } finally {
      bar.end();
      await classifier.release();
    }
    signal.throwIfAborted();
  }
  return sums;
}

function checkLabels(model: string, known: readonly string[], labels: readonly string[]): void {
  const list = (names: readonly string[]) => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  const missing = labels.filter((label) => !known.includes(label));
  const surplus = known.filter((label) => !labels.includes(label));
  if (missing.length + surplus.length === 0) return;
  const lacks = missing.length > 0 ? [`it lacks ${list(missing)}`] : [];
  const has = surplus.length > 0 ? [`it has ${list(surplus)} besides`] : [];
  throw usageError(
    {
      en: `The ${model} has other labels than these rows: ${[...lacks, ...has].join('; ')}.`,
      ko: `${model}: 라벨이 이 행들과 다르다: ${[...lacks, ...has].join('; ')}.`,
    },
    {
      en: 'Take models that were trained with the same label set; relation_list.json beside the rows fixes it.',
      ko: '같은 라벨 목록으로 학습한 모델을 쓴다. 행 옆의 relation_list.json이 목록을 정한다.',
    },
  );
}

function checkTypes(
  model: string,
  { marker, entityTypes }: Pick<TaskSpec, 'marker' | 'entityTypes'>,
  rows: readonly LabelledExample[],
): void {
  const { typed, special } = MARKERS[marker];
  if (!typed) return;
  const untyped = rows.filter(({ subject, object }) => subject.type === null || object.type === null).length;
  if (untyped > 0)
    throw usageError(
      {
        en: `The ${model} marks entities with their types (${marker}), which ${untyped} of the ${rows.length} rows lack.`,
        ko: `${model}: 엔티티를 유형과 함께 표시하는데(${marker}), ${rows.length}행 가운데 ${untyped}행에 유형이 없다.`,
      },
      {
        en: 'Take models with the marker entity or entity-punct, or rows with entity types.',
        ko: '마커가 entity나 entity-punct인 모델을 쓰거나, 엔티티 유형이 있는 행을 쓴다.',
      },
    );
  const types = new Set(rows.flatMap(({ subject, object }) => [subject.type, object.type]));
  const unknown = [...types].filter((type) => special && type !== null && !entityTypes.includes(type));
  if (unknown.length > 0)
    throw usageError(
      {
        en: `The ${model} has no marker tokens for the entity types ${unknown.join(', ')}.`,
        ko: `${model}: 다음 엔티티 유형의 마커 토큰이 없다: ${unknown.join(', ')}.`,
      },
      { en: `It knows ${entityTypes.join(', ')}.`, ko: `아는 것: ${entityTypes.join(', ')}.` },
    );
}
