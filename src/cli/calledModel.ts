import { join } from 'node:path';
import { type FoundModel, findModel } from '../predict/findModel.ts';
import { TRAINING_FOLDER } from '../predict/trainingFolder.ts';
import type { Call } from './command.ts';

/** What `--model` takes, for help. */
export const MODEL_HELP =
  'a run’s name below --out, a run or checkpoint folder, or ORG/NAME[@REVISION] of the Hub; the model in the box without it where there is one, else the newest run';

/** The model that `--model` names, or the one that is taken without it, which may be that in the box; a download shows how far it is and can be stopped. */
export const calledModel = (
  { settings, options, reporter, signal }: Call,
  { fromBox = true } = {},
): Promise<FoundModel> =>
  findModel(options.model ?? null, join(settings.out, TRAINING_FOLDER), {
    reporter,
    signal,
    ...(fromBox ? {} : { boxed: null }),
  });
