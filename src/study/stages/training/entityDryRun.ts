import type { EntitySentence } from '../../../base/data/entities/entitySentence.ts';
import { tagNames, UNKNOWN_TAG } from '../../../base/text/bio.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import type { StageContext } from '../stage.ts';
import { type DryRun, epochView, type ShownRow } from './dryRun.ts';
import { prepareEntities } from './prepareEntities.ts';

/** The plan and the first batches of a training of entities; writes nothing and reads no weights. */
export async function entityDryRun(
  context: Pick<StageContext, 'settings' | 'reporter' | 'signal'>,
  sentences: readonly EntitySentence[],
  count: number,
): Promise<DryRun> {
  const { model, rows, plan, teachers, memory } = await prepareEntities(context, sentences);
  const { train, validation } = rows;
  const { tokenizer } = model.inputs;
  const names = tagNames(model.task.types);
  const shown = (row: number, width: number): ShownRow => {
    const { ids, tags, sentence } = train[row]!;
    const padding = width - ids.length;
    const isSpecial = (at: number) => at === 0 || at === ids.length - 1;
    return {
      ...{ guid: sentence.id, augmentation: null, label: null, labelId: null, length: ids.length, padding },
      tokens: [
        ...ids.map((id, at) => ({
          ...{ text: tokenizer.token(id), part: null },
          ...(!isSpecial(at) && { tag: tags[at] === UNKNOWN_TAG ? null : names[tags[at]!]! }),
        })),
        ...Array.from({ length: padding }, () => ({ text: tokenizer.token(tokenizer.padId), part: null })),
      ],
    };
  };
  const groups = TRAINING_TASKS.entities.groupsOf(train);
  return {
    plan,
    trainRows: train.length,
    textRows: 0,
    augmentedRows: {},
    validationRows: validation.length,
    memory,
    pretraining: null,
    teachers: teachers.map(({ name }) => name),
    ...epochView(plan, { groups, lengths: train.map(({ ids }) => ids.length) }, count, shown),
  };
}
