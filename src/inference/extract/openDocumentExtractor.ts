import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../base/core/settings.ts';
import { TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import { BOXED_ENTITIES, type FindOptions, type FoundModel, findModel } from '../predict/findModel.ts';
import { type ExtractorOptions, RelationExtractor } from '../predict/relationExtractor.ts';
import { DocumentExtractor } from './documentExtractor.ts';
import { recognizerWhenNeeded } from './recognizer.ts';
import { loadTokenRecognizer } from './tokenRecognizer.ts';

/** How both models are found and opened. */
export interface DocumentExtractorOptions extends ExtractorOptions {
  /** Which model finds entities, named as the model of relations is; that in the box without it. */
  readonly entityModel?: string | null;
}

/**
 * Opens the models that make graphs of texts: one of relations, one of entities.
 *
 * @param model of relations, named as for `RelationExtractor.load`
 * Errors: `usage` where there is none, or where it does not fit the options.
 */
export async function openDocumentExtractor(
  model: string | null = null,
  { entityModel = null, ...options }: DocumentExtractorOptions = {},
): Promise<DocumentExtractor> {
  const runs = join(options.out ?? DEFAULT_SETTINGS.out, TRAINING_FOLDER);
  const relations = await RelationExtractor.load(model, options);
  return withEntities(relations, () => findEntityModel(entityModel, runs, options.hub), options);
}

/** The model that `--entity-model` names, without it that in the box. Errors: as those of `findModel`. */
export const findEntityModel = (
  model: string | null,
  runsFolder: string,
  options: FindOptions = {},
): Promise<FoundModel> => findModel(model, runsFolder, { ...options, task: 'entities', option: '--entity-model' });

/** A model of relations that is open already, with one that finds entities, which is looked for and opened when a text needs it. */
export const withEntities = (
  relations: RelationExtractor,
  find: () => Promise<FoundModel>,
  { device = 'cpu', threads = null, precision = 'fp32' }: Pick<ExtractorOptions, 'device' | 'threads' | 'precision'>,
): DocumentExtractor =>
  new DocumentExtractor(
    relations,
    recognizerWhenNeeded(BOXED_ENTITIES.name, async () =>
      loadTokenRecognizer(await find(), { device, threads, precision }),
    ),
  );
