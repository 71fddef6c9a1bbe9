import { join } from 'node:path';
import { z } from 'zod';
import { bestFolder, holdsModel, runFolder } from '../../engine/runs/runFolder.ts';
import { LABEL_SCHEMAS, type LabelRound } from '../../inference/predict/api/labelSchema.ts';
import { isBeingWritten } from '../pipeline/lock.ts';
import type { Project } from './project.ts';

/** The folder of a project that trainings write to, like an `--out` of its own. */
export const trainingOut = (projectFolder: string): string => join(projectFolder, 'trained');
/** A round's run, and what its model is called. */
export const roundName = (project: Pick<Project, 'name'>, round: number): string => `${project.name}-${round}`;
/** The model of a round. */
export const roundModel = (project: Pick<Project, 'name' | 'folder'>, round: number): string =>
  bestFolder(runFolder(trainingOut(project.folder), roundName(project, round)));

const shape = LABEL_SCHEMAS.LabelRound.shape;
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text) => schema.parse(JSON.parse(text)) as z.output<T>)
    .nullable();
const roundRow = z.object({
  id: z.number(),
  model: z.string(),
  began: z.string(),
  ended: z.string().nullable(),
  started_from: z.string(),
  rows: json(shape.rows.unwrap()),
  progress: json(shape.progress.unwrap()),
  result: json(shape.result.unwrap()),
  error: z.string().nullable(),
});

/** The trainings of a project, newest first. */
export async function readRounds(project: Project): Promise<LabelRound[]> {
  const isRunning = await isBeingWritten(trainingOut(project.folder));
  const { promoted } = project.config();
  return project.database
    .all(
      'SELECT id, model, began, ended, started_from, rows, progress, result, error FROM rounds ORDER BY id DESC',
      roundRow,
    )
    .map(({ id, ended, started_from, error, ...row }, i) => ({
      ...row,
      round: id,
      ended,
      from: started_from,
      error,
      state: error !== null ? 'failed' : ended !== null ? 'done' : isRunning && i === 0 ? 'running' : 'interrupted',
      promoted: id === promoted,
    }));
}

/** The number of the newest training; 0 where there was none. */
export const lastRound = ({ database }: Project): number =>
  database.all('SELECT COALESCE(MAX(id), 0) AS last FROM rounds', z.object({ last: z.number() }))[0]!.last;

/** What a training has to tell while it goes on. */
export interface RoundNotes {
  rows?: NonNullable<LabelRound['rows']>;
  progress?: NonNullable<LabelRound['progress']>;
  result?: NonNullable<LabelRound['result']>;
}

/** A training as it begins; its number. */
export const beginRound = (project: Project, from: string): number =>
  project.database.together(() => {
    const { id } = project.database.run(
      'INSERT INTO rounds (model, began, started_from) VALUES (?, ?, ?)',
      '',
      new Date().toISOString(),
      from,
    );
    project.database.run('UPDATE rounds SET model = ? WHERE id = ?', roundName(project, id), id);
    return id;
  });

export function noteRound({ database }: Project, round: number, { rows, progress, result }: RoundNotes): void {
  if (rows) database.run('UPDATE rounds SET rows = ? WHERE id = ?', JSON.stringify(rows), round);
  if (progress) database.run('UPDATE rounds SET progress = ? WHERE id = ?', JSON.stringify(progress), round);
  if (result) database.run('UPDATE rounds SET result = ? WHERE id = ?', JSON.stringify(result), round);
}

export const endRound = ({ database }: Project, round: number, error: string | null): void =>
  void database.run('UPDATE rounds SET ended = ?, error = ? WHERE id = ?', new Date().toISOString(), error, round);

/** Whether a round left a model. */
export const hasModel = (project: Pick<Project, 'name' | 'folder'>, round: number): boolean =>
  holdsModel(roundModel(project, round));
