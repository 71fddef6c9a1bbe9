import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KorexError, usageError } from '../../base/core/errors.ts';
import type { TaskName } from '../../base/core/settings.ts';
import { nameOf, parseModel, type Repository } from '../../base/hub/repository.ts';
import type { HubOptions } from '../../base/hub/snapshot.ts';
import { schemeOf } from '../../base/storage/storageOf.ts';
import { pullStoredModel } from '../../base/storage/storedModel.ts';
import { bundledFolder } from '../../engine/nn/bundledModels.ts';
import { hubFolder } from '../../engine/nn/encoderFolder.ts';
import { modelFilesDigest, partOfModel } from '../../engine/nn/weights/weightFiles.ts';
import { BEST_FOLDER, bestFolder, checkpointStep, holdsModel } from '../../engine/runs/runFolder.ts';
import { promotedModel } from './promotedModel.ts';

/** A folder that holds a model, and what to call it. */
export interface FoundModel {
  readonly folder: string;
  readonly name: string;
}

/** The relation model in the box. */
export const BOXED_MODEL: FoundModel = { folder: bundledFolder('korex-small')!, name: 'korex-small' };

/** The model in the box that finds entities. */
export const BOXED_ENTITIES: FoundModel = { folder: bundledFolder('korex-entities')!, name: 'korex-entities' };

/** More options of `findModel`. */
export interface FindOptions extends HubOptions {
  /** What the model is for: which one in the box is meant where none is named. Relations without it. */
  readonly task?: TaskName;
  /** Takes the newest run, not the model in the box, where none is named. */
  readonly newest?: boolean;
  /** What an error calls the option that names the model. */
  readonly option?: string;
}

/**
 * Finds the model that `--model` names: a folder with a model, a run folder (its best model), a run's name below
 * `runsFolder`, a label project (the model that it promoted), the model in the box by its name, `s3://BUCKET/FOLDER`, or `ORG/NAME[@REVISION]` of the Hugging Face Hub; what is elsewhere is downloaded unless the cache holds it. Null takes
 * the model in the box, or the newest run.
 *
 * Errors: `usage` where there is none, with the places that were looked at and the runs there are; those of a download.
 */
export async function findModel(
  model: string | null,
  runsFolder: string,
  { newest = false, option = '--model', task = 'relation', ...hub }: FindOptions = {},
): Promise<FoundModel> {
  const runs = await runsBelow(runsFolder);
  if (model === null) {
    if (!newest) return task === 'entities' ? BOXED_ENTITIES : BOXED_MODEL;
    const [name] = runs;
    if (name === undefined)
      throw usageError(
        { en: `There is no trained model below ${runsFolder}.`, ko: `${runsFolder} 아래에 학습된 모델이 없다.` },
        {
          en: 'Run `npm start` first (or `korex train`), or name a model with --model.',
          ko: '먼저 `npm start`나 `korex train`을 실행하거나, --model로 모델을 준다.',
        },
      );
    return { folder: bestFolder(join(runsFolder, name)), name };
  }
  if (schemeOf(model) !== null) {
    const folder = await pullStoredModel(model, hub);
    return { folder, name: basename(folder) };
  }
  const places = [model, bestFolder(model), bestFolder(join(runsFolder, model))];
  const folder = places.find(holdsModel);
  if (folder !== undefined) return { folder, name: folderName(folder) };
  const promoted = await promotedModel(model);
  if (promoted !== null) return promoted;
  const boxed = [BOXED_MODEL, BOXED_ENTITIES].find(({ name }) => name === model);
  if (boxed) return boxed;
  for (const place of places) {
    const part = await partOfModel(place);
    if (part !== null) throw part;
  }
  const repository = parseModel(model);
  if (repository !== null) return hubModel(repository, places, option, hub);
  throw usageError(
    {
      en: `${option} ${model}: no model there; looked at ${places.join(', ')}. A name on the Hugging Face Hub reads ORG/NAME or ORG/NAME@REVISION.`,
      ko: `${option} ${model}: 모델이 없다. 찾아본 곳: ${places.join(', ')}. Hugging Face Hub의 이름은 ORG/NAME이나 ORG/NAME@REVISION이다.`,
    },
    runs.length > 0
      ? { en: `Runs below ${runsFolder}: ${runs.join(', ')}.`, ko: `${runsFolder} 아래의 학습: ${runs.join(', ')}.` }
      : { en: 'Train one with `korex train`.', ko: '`korex train`으로 학습한다.' },
  );
}

/** A model of the Hub, by its name there without the owner's. An error also says where else a model was looked for. */
async function hubModel(
  repository: Repository,
  places: readonly string[],
  option: string,
  options: HubOptions,
): Promise<FoundModel> {
  try {
    const folder = await hubFolder(repository, '--model', options);
    return { folder, name: nameOf(repository).split('/').slice(1).join('-') };
  } catch (error) {
    if (!(error instanceof KorexError)) throw error;
    const { message, hint } = error.words;
    const asked = `${option} ${nameOf(repository)}`;
    throw new KorexError(
      error.kind,
      {
        en: `${asked}: no model in ${places.join(', ')}; on the Hub: ${message.en}`,
        ko: `${asked}: ${places.join(', ')}에는 모델이 없다. Hub에서는: ${message.ko}`,
      },
      hint,
      error,
    );
  }
}

/** A run is called as its folder, a checkpoint of it by both. */
function folderName(folder: string): string {
  const path = resolve(folder);
  const [parent, own] = [basename(dirname(path)), basename(path)];
  if (own === BEST_FOLDER) return parent;
  return checkpointStep(own) !== null ? `${parent}-${own}` : own;
}

/** Names of the runs that have a model, newest first. */
async function runsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && holdsModel(bestFolder(join(folder, entry.name))));
  const aged = await Promise.all(
    names.map(async ({ name }) => ({
      name,
      time: (await stat(join(bestFolder(join(folder, name)), 'config.json'))).mtimeMs,
    })),
  );
  return aged.sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

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
 * Errors: `usage` where one is not there, or one is named twice.
 */
export async function findTeachers(list: string, runsFolder: string, options: FindOptions = {}): Promise<Teacher[]> {
  const teachers: Teacher[] = [];
  for (const name of list.split(',').map((part) => part.trim())) {
    if (name === '')
      throw usageError(
        { en: `--teacher ${list}: a name is empty.`, ko: `--teacher ${list}: 빈 이름이 있다.` },
        { en: 'Put one comma between two names.', ko: '이름 사이에 쉼표를 하나씩 쓴다.' },
      );
    const found = await findModel(name, runsFolder, { ...options, option: '--teacher' });
    const digest = await modelFilesDigest(found.folder);
    const same = teachers.find((teacher) => teacher.digest === digest);
    if (same)
      throw usageError(
        {
          en: `--teacher ${list}: ${name} is the same model as ${same.name}.`,
          ko: `--teacher ${list}: ${name}과(와) ${same.name}이(가) 같은 모델이다.`,
        },
        { en: 'Name each model once.', ko: '모델을 한 번씩만 쓴다.' },
      );
    teachers.push({ ...found, digest });
  }
  return teachers;
}

/** What identifies teachers in a plan: renamed or moved they are the same, trained again they are others. */
export const teachersDigest = (teachers: readonly Teacher[]): string =>
  teachers.map(({ digest }) => digest.slice(0, 16)).join(',');
