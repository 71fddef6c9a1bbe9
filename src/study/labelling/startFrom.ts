import type { TaskSpec } from '../../engine/nn/modelTask.ts';
import { createRelationModel, loadRelationModel, type RelationModel } from '../../engine/nn/relationModel.ts';

/**
 * A trained model to go on from: its encoder, and of its head all that still has a meaning. A relation that it knew keeps
 * its row of the last layer; that of a new one is drawn with the seed.
 *
 * Errors: `usage` where the folder holds no model, or one that reads sentences in another way than the task says.
 */
export async function startFrom(folder: string, task: TaskSpec, seed: number): Promise<RelationModel> {
  const known = await loadRelationModel(folder, task.marker);
  const model = await createRelationModel(folder, task, { layers: null, seed });
  const before = known.task.labelSet.labels;
  const rows = task.labelSet.labels.map((label) => before.indexOf(label));
  for (const [name, values] of model.weights) {
    const old = known.weights.get(name);
    if (old === undefined) continue;
    if (!LAST_LAYER.test(name)) {
      if (old.length === values.length) values.set(old);
      continue;
    }
    const width = values.length / rows.length;
    for (const [row, from] of rows.entries())
      if (from >= 0) values.set(old.subarray(from * width, (from + 1) * width), row * width);
  }
  return { ...model, notes: [] };
}

/** A row for each relation. */
const LAST_LAYER = /^classifier(\.out_proj)?\.(weight|bias)$/;
