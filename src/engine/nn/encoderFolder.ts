import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { findSnapshot } from '../../base/hub/cache.ts';
import { encoderFiles } from '../../base/hub/encoderFiles.ts';
import { hubEnvironment } from '../../base/hub/environment.ts';
import type { FileSelection } from '../../base/hub/fileSelection.ts';
import { parseModel, type Repository } from '../../base/hub/repository.ts';
import { type HubOptions, pullSnapshot, type Snapshot } from '../../base/hub/snapshot.ts';
import { schemeOf } from '../../base/storage/storageOf.ts';
import { pullStoredModel } from '../../base/storage/storedModel.ts';
import { bundledFolder } from './bundledModels.ts';
import { readEncoderConfig } from './encoderConfig.ts';
import { partOfModel } from './weights/weightFiles.ts';

/** The default encoder. */
export const BUNDLED_FOLDER = bundledFolder('bundled')!;

/**
 * The folder that holds an encoder's files: a bundled model, a Hugging Face folder on disk or at `s3://BUCKET/FOLDER`, or `ORG/NAME[@REVISION]` of the
 * Hub. Except for `bundled`, a folder of that name has precedence. A cached encoder is used without asking the Hub, so that a
 * branch that moves on does not change results; others are downloaded.
 *
 * Errors: `usage` for what is none of these; those of `pullEncoder`.
 */
export async function resolveEncoder(encoder: string, options: HubOptions = {}): Promise<string> {
  if (encoder === 'bundled') return BUNDLED_FOLDER;
  if (schemeOf(encoder) !== null) return pullStoredModel(encoder, options);
  const found = await stat(encoder).catch(() => null);
  if (found?.isDirectory()) {
    const part = await partOfModel(encoder);
    if (part !== null) throw part;
    return encoder;
  }
  const bundled = found === null ? bundledFolder(encoder) : undefined;
  if (bundled !== undefined) return bundled;
  const repository = found === null ? parseModel(encoder) : null;
  if (repository !== null) return hubFolder(repository, '--encoder', options);
  throw usageError(
    found === null
      ? {
          en: `--encoder ${encoder}: there is no such folder, and a name on the Hugging Face Hub reads ORG/NAME or ORG/NAME@REVISION.`,
          ko: `--encoder ${encoder}: 그런 폴더가 없다. Hugging Face Hub의 이름은 ORG/NAME이나 ORG/NAME@REVISION이다.`,
        }
      : {
          en: `--encoder ${encoder} is a file; expected the folder that holds it.`,
          ko: `--encoder ${encoder}: 파일이다. 그 파일이 든 폴더를 준다.`,
        },
    {
      en: 'Use bundled, encoder-ko-klue or korex-small, a name such as klue/roberta-base (`korex models list` shows more), or a folder that holds config.json, tokenizer.json and model.safetensors.',
      ko: 'bundled, encoder-ko-klue, korex-small, klue/roberta-base 같은 이름(`korex models list`가 더 보인다), 또는 config.json, tokenizer.json, model.safetensors가 든 폴더를 준다.',
    },
  );
}

/** The folder of a model of the Hub: of the cache, or else downloaded. Errors: those of `pullEncoder`. */
export async function hubFolder(
  repository: Repository,
  option: '--encoder' | '--model',
  options: HubOptions = {},
): Promise<string> {
  const { cache } = options.environment ?? hubEnvironment();
  const cached = await findSnapshot(cache, repository, encoderFiles(repository, option));
  return cached ?? (await pullEncoder(repository, options, option)).folder;
}

/**
 * Downloads an encoder or a trained model of the Hub, or brings a cached one up to date.
 *
 * Errors: `usage` for an architecture that korex does not build, found before the weights are fetched; those of
 * `pullSnapshot`.
 */
export async function pullEncoder(
  repository: Repository,
  options: HubOptions = {},
  option: '--encoder' | '--model' = '--encoder',
): Promise<Snapshot> {
  const all = encoderFiles(repository, option);
  const { folder, fetched } = await pullSnapshot(repository, { ...all, choose: onlyConfig(all) }, options);
  await readEncoderConfig(join(folder, 'config.json'));
  const snapshot = await pullSnapshot(repository, all, options);
  return { ...snapshot, fetched: fetched + snapshot.fetched };
}

const onlyConfig =
  ({ choose }: FileSelection): FileSelection['choose'] =>
  (paths) =>
    paths.includes('config.json') ? { paths: ['config.json'] } : choose(paths);
