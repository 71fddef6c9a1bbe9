import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { type CachedModel, cachedModels } from '../../../base/hub/cachedModels.ts';
import { hubEnvironment } from '../../../base/hub/environment.ts';
import { nameOf, parseModel } from '../../../base/hub/repository.ts';
import { bundledFolder, bundledLicence, bundledNames } from '../../../engine/nn/bundledModels.ts';
import { readEncoderConfig } from '../../../engine/nn/encoderConfig.ts';
import { BUNDLED_FOLDER, pullEncoder } from '../../../engine/nn/encoderFolder.ts';
import { CANDIDATES, type Candidate, isTrainable } from '../../../study/stages/selection/candidates.ts';
import { weightBytes } from '../../../study/stages/selection/costModel.ts';
import type { Call, Command, CommandResult } from '../command.ts';
import { textTable } from '../textTable.ts';
import { HUB_HELP } from './hubHelp.ts';

const MB = 1e6;
/** The encoder that texts recommend to those who have a network and some hours, or a GPU. */
const RECOMMENDED = 'klue/roberta-base';

export const modelsPullCommand: Command = {
  description:
    'Downloads what korex needs of an encoder: config.json, the tokenizer, and one set of weights (safetensors before pytorch_model.bin, whole or in ' +
    'shards). BERT, RoBERTa, XLM-R and ELECTRA are understood. --encoder downloads what is missing by itself; this command does it beforehand, and ' +
    `brings a branch that has moved on up to date.\n\n${HUB_HELP}`,
  settings: ['json'],
  arguments: [
    {
      name: 'model',
      value: 'ORG/NAME[@REVISION]',
      help: 'its name on the Hub; REVISION is a branch, tag or commit, main without it',
      required: true,
    },
  ],
  writes: [['CACHE/models--ORG--NAME/', 'the encoder’s files']],
  examples: [
    [
      'korex models pull klue/roberta-base',
      'KLUE’s own encoder, 444 MB; then e.g. `korex run --encoder klue/roberta-base`',
    ],
    [
      'korex models pull klue/roberta-base@02f94ba5e3fcb7e2a58a390b8639b0fac974a8da',
      'the same at one commit, for good',
    ],
  ],
  run: pullModel,
};

async function pullModel({ options, reporter, signal }: Call): Promise<CommandResult> {
  const repository = parseModel(options.model ?? '');
  if (repository === null)
    throw usageError(
      `"${options.model}" is no name on the Hugging Face Hub; expected ORG/NAME or ORG/NAME@REVISION.`,
      'For example klue/roberta-base; `korex models list` shows more.',
    );
  const { folder, commit, fetched } = await pullEncoder(repository, { reporter, signal });
  const name = nameOf(repository);
  return {
    text: [
      `${name}: ${fetched === 0 ? 'all in the cache already' : `${(fetched / MB).toFixed(1)} MB downloaded`}, commit ${commit}`,
      `Folder: ${folder}`,
      `Use it: korex run --encoder ${name}`,
    ].join('\n'),
    json: { model: repository.id, revision: repository.revision, commit, folder, fetchedBytes: fetched },
  };
}

export const modelsListCommand: Command = {
  description:
    'Lists the encoders that --encoder can name: those in the box, those that stage 04 compares, and every other one in the cache that korex ' +
    'understands, with size and licence, and whether the cache holds them. Asks nothing of the network.',
  settings: ['json'],
  writes: [],
  examples: [
    ['korex models list', 'what there is'],
    ['korex models list --json', 'the same for programs, with folders and commits'],
  ],
  run: listModels,
};

interface ListedEncoder {
  readonly encoder: string;
  readonly recommended: boolean;
  readonly layers: number;
  readonly hidden: number;
  /** Bytes of its files where they are here, else of its weights as 32-bit floats. */
  readonly bytes: number;
  /** Null where korex does not know it: the model's page on the Hub does. */
  readonly licence: string | null;
  readonly cached: readonly Omit<CachedModel, 'id'>[];
}

async function listModels(): Promise<CommandResult> {
  const { cache } = hubEnvironment();
  const cached = await cachedModels(cache);
  const candidates = CANDIDATES.filter(isTrainable);
  const known = new Set(candidates.map(({ id }) => id));
  const others = [...new Set(cached.map(({ id }) => id))].filter((id) => !known.has(id));
  const encoders = [
    ...candidates.map((candidate) => listedCandidate(candidate, cached)),
    ...(await Promise.all(bundledNames().flatMap((name) => (known.has(name) ? [] : [listedBoxed(name)])))),
    ...(await Promise.all(others.map((id) => listedOther(id, cached)))).flat(),
  ];
  const table = encoders.map(({ encoder, recommended, layers, hidden, bytes, licence, cached: copies }) => ({
    encoder: recommended ? `${encoder} (recommended)` : encoder,
    build: `${layers} × ${hidden}`,
    MB: Math.round(bytes / MB),
    licence: licence ?? 'see its page',
    cached: bundledFolder(encoder) !== undefined ? 'in the box' : copies.map(copyText).join(', ') || 'no',
  }));
  return {
    text: `${textTable(table)}\n\nCache: ${cache}\nDownload one: korex models pull ${RECOMMENDED}`,
    json: { cache, encoders },
  };
}

const copyText = ({ commit, revisions }: Pick<CachedModel, 'commit' | 'revisions'>): string =>
  revisions.length > 0 ? revisions.join(', ') : commit.slice(0, 7);

const copiesOf = (id: string, cached: readonly CachedModel[]) =>
  cached.filter((model) => model.id === id).map(({ id: _, ...copy }) => copy);

function listedCandidate({ id, architecture, licence }: Candidate, cached: readonly CachedModel[]): ListedEncoder {
  const copies = copiesOf(id, cached);
  const { layers, hidden } = architecture;
  return {
    encoder: id,
    recommended: id === RECOMMENDED,
    layers,
    hidden,
    bytes: copies[0]?.bytes ?? (id === 'bundled' ? folderBytes(BUNDLED_FOLDER) : weightBytes(architecture)),
    licence: licence.name,
    cached: copies,
  };
}

/** One in the box beside the bundled encoder. */
async function listedBoxed(name: string): Promise<ListedEncoder> {
  const folder = bundledFolder(name)!;
  const { num_hidden_layers: layers, hidden_size: hidden } = await readEncoderConfig(join(folder, 'config.json'));
  return {
    encoder: name,
    recommended: false,
    layers,
    hidden,
    bytes: folderBytes(folder),
    licence: bundledLicence(name)!,
    cached: [],
  };
}

/** Of all files: weights in the box have few bits, which the cost model does not know of. */
const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );

/** A cached model that no table of ours names; none where korex does not understand its configuration. */
async function listedOther(id: string, cached: readonly CachedModel[]): Promise<ListedEncoder[]> {
  const copies = copiesOf(id, cached);
  const config = await readEncoderConfig(join(copies[0]!.folder, 'config.json')).catch(() => null);
  if (config === null) return [];
  const { num_hidden_layers: layers, hidden_size: hidden } = config;
  return [{ encoder: id, recommended: false, layers, hidden, bytes: copies[0]!.bytes, licence: null, cached: copies }];
}
