import { resolveEncoder } from '../nn/encoderFolder.ts';
import { createRelationModel, type RelationModel } from '../nn/relationModel.ts';
import { derivedMaxLength } from './eda/summary.ts';
import { markerOf } from './encoderView.ts';
import type { StageContext } from './stage.ts';

/**
 * The encoder of the settings under a head that has learnt nothing: its weights are drawn with the seed. Reads the longest
 * input from stage 01 where the settings leave it open.
 */
export async function openUntrainedModel({ settings, dataset, out }: StageContext): Promise<RelationModel> {
  const task = {
    marker: markerOf(settings),
    head: settings.head === 'auto' ? 'entity-start' : settings.head,
    maxLength: settings.maxLength === 'auto' ? await derivedMaxLength(out) : settings.maxLength,
    labelSet: dataset.labelSet,
    entityTypes: dataset.entityTypes,
  } as const;
  const layers = settings.encoderLayers === 'auto' ? null : settings.encoderLayers;
  return createRelationModel(await resolveEncoder(settings.encoder), task, { layers, seed: settings.seed });
}
