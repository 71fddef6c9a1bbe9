import type { RelationModel } from '../../nn/relationModel.ts';
import { untrainedModel } from '../../predict/classifier.ts';
import type { StageContext } from '../stage.ts';
import { tellingNotes } from '../untrainedModel.ts';
import type { PreparedRuns } from './preparedRuns.ts';

/** Makes the model that a training starts from: the encoder of the settings under a head drawn with the training seed. */
export function startingPoint(
  { settings, reporter }: Pick<StageContext, 'settings' | 'reporter'>,
  { task }: Pick<PreparedRuns, 'task'>,
): () => Promise<RelationModel> {
  const seed = settings.trainingSeed ?? settings.seed;
  return tellingNotes(() => untrainedModel({ ...settings, seed }, task), reporter);
}
