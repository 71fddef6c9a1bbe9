import { usageError } from '../../base/core/errors.ts';
import { modelFilesDigest } from '../../engine/nn/weights/weightFiles.ts';
import { type FindOptions, findModel } from './findModel.ts';

/** A trained model that another one learns from. */
export interface Teacher {
  readonly name: string;
  readonly folder: string;
  /** Of the model's files. */
  readonly digest: string;
}

/**
 * The models that `--teacher` names, each as `--model` names one.
 *
 * Errors: `usage` where one is not there, or the same stands there twice.
 */
export async function findTeachers(list: string, runsFolder: string, options: FindOptions = {}): Promise<Teacher[]> {
  const teachers: Teacher[] = [];
  for (const name of list.split(',').map((part) => part.trim())) {
    if (name === '')
      throw usageError(`--teacher ${list}: a name is empty.`, 'Names stand with one comma between them.');
    const found = await findModel(name, runsFolder, { ...options, option: '--teacher' });
    const digest = await modelFilesDigest(found.folder);
    const same = teachers.find((teacher) => teacher.digest === digest);
    if (same)
      throw usageError(`--teacher ${list}: ${name} is the same model as ${same.name}.`, 'Name each model once.');
    teachers.push({ ...found, digest });
  }
  return teachers;
}

/** What identifies teachers in a plan: renamed or moved they are the same, trained anew they are others. */
export const teachersDigest = (teachers: readonly Teacher[]): string =>
  teachers.map(({ digest }) => digest.slice(0, 16)).join(',');
