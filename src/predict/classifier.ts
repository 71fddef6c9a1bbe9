import type { MarkerName, Settings } from '../core/settings.ts';
import type { Dataset, Example, Prediction } from '../core/types.ts';
import { predictionOf } from '../eval/softmax.ts';
import type { BatchRow } from '../nn/batch.ts';
import { resolveEncoder } from '../nn/encoderFolder.ts';
import { createRelationModel, loadRelationModel, type RelationModel, type TaskSpec } from '../nn/relationModel.ts';
import { type ForwardOptions, openForwardPass } from '../runtime/forwardPass.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { markerOf, recipeOf } from '../train/recipes.ts';

/** A model that answers rows. */
export interface Classifier {
  readonly model: RelationModel;
  /** Logits (labels) per encoded row, in order. */
  logits(rows: readonly BatchRow[], options?: Partial<ForwardOptions>): Promise<readonly Float32Array[]>;
  /** The states (reads · hidden) that the head looks at, per encoded row. */
  states(rows: readonly BatchRow[], options?: Partial<ForwardOptions>): Promise<readonly Float32Array[]>;
  /** The most probable label of each row and all probabilities. */
  predict(examples: readonly Example[], options?: Partial<ForwardOptions>): Promise<readonly Prediction[]>;
  release(): Promise<void>;
}

const DEFAULTS: ForwardOptions = { batchSize: 32 };

/** Opens a model for answering. */
export async function openClassifier(model: RelationModel, options: SessionOptions): Promise<Classifier> {
  const forward = await openForwardPass(model.spec, model.weights, 'fixed', options);
  const run = (rows: readonly BatchRow[], changes?: Partial<ForwardOptions>) =>
    forward.run(rows, { ...DEFAULTS, ...changes });
  const { labels } = model.task.labelSet;
  return {
    model,
    logits: async (rows, changes) => (await run(rows, changes)).logits,
    states: async (rows, changes) => (await run(rows, changes)).states,
    async predict(examples, changes) {
      const { logits } = await run(
        examples.map((example) => model.inputs.encode(example)),
        changes,
      );
      return examples.map(({ guid }, row) => predictionOf(guid, logits[row]!, labels));
    },
    release: () => forward.release(),
  };
}

/**
 * Opens the model of a checkpoint or run folder, or a classifier fine-tuned in Python.
 *
 * @param marker how a classifier made elsewhere marks entities, where its tokenizer does not tell
 * Errors: `usage` where the folder holds none.
 */
export const loadClassifier = async (
  folder: string,
  options: SessionOptions,
  marker: MarkerName | null = null,
): Promise<Classifier> => openClassifier(await loadRelationModel(folder, marker), options);

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
  settings: Pick<Settings, 'encoder' | 'marker' | 'head'>,
  { labelSet, entityTypes }: Pick<Dataset, 'labelSet' | 'entityTypes'>,
  maxLength: number,
): TaskSpec => {
  return {
    marker: markerOf(settings),
    head: settings.head === 'auto' ? recipeOf(settings.encoder).head : settings.head,
    maxLength,
    labelSet,
    entityTypes,
  };
};
