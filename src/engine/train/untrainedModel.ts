import type { Settings } from '../../base/core/settings.ts';
import type { Dataset } from '../../base/core/types.ts';
import { resolveEncoder } from '../nn/encoderFolder.ts';
import { createRelationModel, type RelationModel, type TaskSpec } from '../nn/relationModel.ts';
import { markerOf, recipeOf } from './recipes.ts';

/** The pretrained encoder with a head that was never trained, drawn with the seed. */
export async function untrainedModel(
  settings: Pick<Settings, 'encoder' | 'encoderLayers' | 'seed'>,
  task: TaskSpec,
): Promise<RelationModel> {
  const { encoder, encoderLayers, seed } = settings;
  const layers = encoderLayers === 'auto' ? recipeOf(encoder).layers : encoderLayers;
  return createRelationModel(await resolveEncoder(encoder), task, { layers, seed });
}

/** What a model for a dataset has to do, `auto` settled by the encoder's recipe. */
export const taskOf = (
  settings: Pick<Settings, 'encoder' | 'marker' | 'head' | 'question' | 'pairEncoding'>,
  { labelSet, entityTypes }: Pick<Dataset, 'labelSet' | 'entityTypes'>,
  maxLength: number,
): TaskSpec => {
  return {
    marker: markerOf(settings),
    head: settings.head === 'auto' ? recipeOf(settings.encoder).head : settings.head,
    question: settings.question,
    pairEncoding: settings.pairEncoding,
    maxLength,
    labelSet,
    entityTypes,
  };
};
