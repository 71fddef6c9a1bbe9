import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import { PROMOTED_FILE } from '../../inference/predict/promotedModel.ts';
import type { Project } from './project.ts';
import { hasModel, roundModel, roundName } from './rounds.ts';

/**
 * Lets the model of a round answer from now on, here and wherever `--model PROJECT` is given; the models of all rounds stay.
 *
 * @param round 0: the model that the project began with
 * Errors: `usage` where the round left no model.
 */
export async function promoteRound(project: Project, person: string, round: number): Promise<void> {
  if (round !== 0 && !hasModel(project, round))
    throw usageError(
      { en: `Round ${round} has no model.`, ko: `${round}번째 학습에 모델이 없다.` },
      { en: 'Choose a round that was finished.', ko: '끝난 학습을 고른다.' },
    );
  project.change(person, { promoted: round });
  const path = join(project.folder, PROMOTED_FILE);
  const folder = round === 0 ? null : roundModel(project, round).slice(project.folder.length + 1);
  await writeJson(path, { round, model: round === 0 ? null : roundName(project, round), folder });
}
