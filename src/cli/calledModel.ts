import { join } from 'node:path';
import { type FoundModel, findModel } from '../predict/findModel.ts';
import { TRAINING_FOLDER } from '../predict/trainingFolder.ts';
import type { Call } from './command.ts';

/** The model that `--model` names, or the one that is taken without it; a download shows how far it is and can be stopped. */
export const calledModel = ({ settings, options, reporter, signal }: Call): Promise<FoundModel> =>
  findModel(options.model ?? null, join(settings.out, TRAINING_FOLDER), { reporter, signal });
