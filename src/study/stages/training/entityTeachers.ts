import { usageError } from '../../../base/core/errors.ts';
import type { Reporter } from '../../../base/core/reporter.ts';
import type { Settings } from '../../../base/core/settings.ts';
import { unitScores } from '../../../base/text/bio.ts';
import { type EntityModel, loadEntityModel } from '../../../engine/nn/entityModel.ts';
import { openTokenPass } from '../../../engine/runtime/forwardPass.ts';
import { softened } from '../../../engine/train/distillation.ts';
import type { EntityRow } from '../../../engine/train/entityTask.ts';
import type { Teacher } from '../../../inference/predict/findModel.ts';

/** Rows that are compared to see that student and teacher read alike. */
const COMPARED = 50;

/**
 * What teachers make of each token of some rows: their mean distribution, softened (ids · tags). Tokens of sentences without
 * known entities are then learned from it alone: self-training.
 *
 * Errors: `usage` for a teacher with other types or another tokenizer.
 */
export async function teacherTags(
  teachers: readonly Teacher[],
  rows: readonly EntityRow[],
  student: Pick<EntityModel, 'task' | 'spec'>,
  options: Pick<Settings, 'device' | 'threads' | 'evalBatchSize' | 'distillTemperature'> & {
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
  },
): Promise<Float32Array[]> {
  const tags = student.spec.labels;
  const sums = rows.map(({ ids }) => new Float32Array(ids.length * tags));
  for (const { folder, name } of teachers) {
    const model = await loadEntityModel(folder);
    checkAlike(model, student, name, rows);
    const bar = options.reporter.progress(`teacher ${name}`, rows.length, 'sentences');
    const forward = await openTokenPass(model.spec, model.weights, 'fixed', options);
    try {
      const { logits } = await forward.run(rows, {
        batchSize: options.evalBatchSize,
        signal: options.signal,
        onProgress: (done) => bar.update(done),
      });
      for (const [row, { ids }] of rows.entries()) {
        const tokens = ids.map((_, token) => ({ token }));
        const own = unitScores(logits[row]!, tokens, tags);
        for (let i = 0; i < own.length; i++) sums[row]![i]! += Math.exp(own[i]!) / teachers.length;
      }
    } finally {
      bar.end();
      await forward.release();
    }
  }
  return sums.map((sum) => {
    const soft = new Float32Array(sum.length);
    for (let at = 0; at < sum.length; at += tags)
      soft.set(softened(sum.subarray(at, at + tags), options.distillTemperature), at);
    return soft;
  });
}

function checkAlike(
  teacher: EntityModel,
  student: Pick<EntityModel, 'task'>,
  name: string,
  rows: readonly EntityRow[],
): void {
  if (teacher.task.types.join() !== student.task.types.join())
    throw usageError(
      {
        en: `The teacher ${name} knows the types ${teacher.task.types.join(', ')}; the training sentences have ${student.task.types.join(', ')}.`,
        ko: `교사 ${name}이(가) 아는 유형은 ${teacher.task.types.join(', ')}인데, 학습 문장의 유형은 ${student.task.types.join(', ')}이다.`,
      },
      { en: 'Take a teacher that was trained on the same types.', ko: '같은 유형으로 학습한 교사를 쓴다.' },
    );
  const same = rows.slice(0, COMPARED).every(({ sentence, ids }) => {
    const own = teacher.inputs.encode(sentence.sentence)[0]!.ids;
    return own.length >= ids.length && ids.slice(1, -1).every((id, i) => own[i + 1] === id);
  });
  if (!same)
    throw usageError(
      {
        en: `The teacher ${name} has another tokenizer than the encoder, so that their tokens do not fit each other.`,
        ko: `교사 ${name}의 토크나이저가 인코더의 것과 달라 토큰이 서로 맞지 않는다.`,
      },
      { en: 'Take a teacher with the same tokenizer.', ko: '토크나이저가 같은 교사를 쓴다.' },
    );
}
