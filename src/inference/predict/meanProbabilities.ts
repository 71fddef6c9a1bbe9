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
    `The ${model} has other labels than these rows: ${[...lacks, ...has].join('; ')}.`,
    'Take models that were trained with the same label set; relation_list.json beside the rows fixes it.',
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
      `The ${model} marks entities with their types (${marker}), which ${untyped} of the ${rows.length} rows lack.`,
      'Take models with the marker entity or entity-punct, or rows with entity types.',
    );
  const types = new Set(rows.flatMap(({ subject, object }) => [subject.type, object.type]));
  const unknown = [...types].filter((type) => special && type !== null && !entityTypes.includes(type));
  if (unknown.length > 0)
    throw usageError(
      `The ${model} has no marker tokens for the entity types ${unknown.join(', ')}.`,
      `It knows ${entityTypes.join(', ')}.`,
    );
}
