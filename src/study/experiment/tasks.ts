import type { TaskName } from '../../base/core/settings.ts';
import { entityExperiment } from './entityExperiment.ts';
import type { ExperimentTask } from './experimentTask.ts';
import { relationExperiment } from './relationExperiment.ts';

/** How the models of each task are experimented with. */
export const EXPERIMENT_TASKS: Readonly<Record<TaskName, ExperimentTask>> = {
  relation: relationExperiment,
  entities: entityExperiment,
};
