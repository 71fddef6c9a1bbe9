import type { TaskName } from '../../base/core/settings.ts';
import type { EntityModel } from '../nn/entityModel.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import { type EntityRow, entityTask } from './entityTask.ts';
import { relationTask } from './relationTask.ts';
import type { TrainingRow } from './trainingState.ts';
import type { TrainingTask } from './trainingTask.ts';

interface TaskTypes {
  readonly relation: TrainingTask<RelationModel, TrainingRow>;
  readonly entities: TrainingTask<EntityModel, EntityRow>;
}

/** All tasks that models are trained for. */
export const TRAINING_TASKS: { readonly [Name in TaskName]: TaskTypes[Name] } = {
  relation: relationTask,
  entities: entityTask,
};
