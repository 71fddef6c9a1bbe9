import type { Reporter } from '../../../base/core/reporter.ts';
import type { Localized } from '../../../base/core/types.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import { untrainedModel } from '../../../engine/train/untrainedModel.ts';
import type { StageContext } from '../stage.ts';
import type { PreparedRuns } from './prepareRuns.ts';
import { type Pretraining, pretrainedFolder, runPretraining } from './pretraining.ts';

/**
 * Makes the model that a training starts from: the encoder of the settings, pretrained on the training sentences where they
 * ask for it, under a head drawn with the training seed. It pretrains, or finds what was pretrained so before, when first called.
 */
export function startingPoint(
  context: StageContext,
  { task, pretraining }: Pick<PreparedRuns, 'task' | 'pretraining'>,
): () => Promise<RelationModel> {
  const { settings, reporter } = context;
  const seed = settings.trainingSeed ?? settings.seed;
  let pretrained: Promise<string> | null = null;
  const make = async () => {
    if (!pretraining) return untrainedModel({ ...settings, seed }, task);
    pretrained ??= pretrainedEncoder(context, pretraining);
    // It has the layers in use and no others, and its head for masked tokens is left out on purpose.
    return { ...(await untrainedModel({ encoder: await pretrained, encoderLayers: 'auto', seed }, task)), notes: [] };
  };
  return reportingNotes(make, reporter);
}

/** The folder of the encoder that was pretrained on the training sentences, now or for an earlier run. */
async function pretrainedEncoder(context: StageContext, pretraining: Pretraining): Promise<string> {
  const folder = pretrainedFolder(context.out, pretraining.plan);
  await runPretraining(folder, pretraining, context);
  return folder;
}

/** Makes models as `make` does and reports each note on how their weights were read, once. */
export function reportingNotes<Model extends { readonly notes?: readonly Localized[] }>(
  make: () => Promise<Model>,
  reporter: Pick<Reporter, 'info'>,
): () => Promise<Model> {
  const reported = new Set<string>();
  return async () => {
    const model = await make();
    for (const note of model.notes ?? []) {
      if (!reported.has(note.en)) reporter.info(note);
      reported.add(note.en);
    }
    return model;
  };
}
