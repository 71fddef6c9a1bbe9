import type { Reporter } from '../../base/core/reporter.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { taskOf, untrainedModel } from '../../engine/train/untrainedModel.ts';
import { maxLengthOf } from './eda/summary.ts';
import type { StageContext } from './stage.ts';

/**
 * The encoder of the settings under a head that has learnt nothing: its weights are drawn with the seed. Reads the longest
 * input from stage 01 where the settings leave it open.
 */
export async function openUntrainedModel({ settings, dataset, out }: StageContext): Promise<RelationModel> {
  return untrainedModel(settings, taskOf(settings, dataset, await maxLengthOf(settings, out)));
}

/** Makes models as `make` does and tells once what is out of the ordinary in how their weights were read. */
export function tellingNotes(make: () => Promise<RelationModel>, reporter: Reporter): () => Promise<RelationModel> {
  const told = new Set<string>();
  return async () => {
    const model = await make();
    for (const note of model.notes ?? []) {
      if (!told.has(note)) reporter.info(note);
      told.add(note);
    }
    return model;
  };
}
