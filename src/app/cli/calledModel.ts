import { join } from 'node:path';
import { TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import { type FoundModel, findModel } from '../../inference/predict/findModel.ts';
import type { Call } from './command.ts';

/** What `--model` takes, for help. */
export const MODEL_HELP =
  'a run’s name below --out, a run or checkpoint folder, or ORG/NAME[@REVISION] of the Hub; without it korex-small, the model in the box';

/** The model that `--model` names, without it that in the box or the newest run; a download shows how far it is and can be stopped. */
export const calledModel = (
  { settings, options, reporter, signal }: Call,
  { newest = false } = {},
): Promise<FoundModel> =>
  findModel(options.model ?? null, join(settings.out, TRAINING_FOLDER), { reporter, signal, newest });
