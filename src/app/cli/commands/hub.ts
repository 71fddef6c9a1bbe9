import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { grouped } from '../../../base/core/format.ts';
import type { Localized } from '../../../base/core/types.ts';
import { findDataSource } from '../../../base/data/dataSource.ts';
import { loadRows } from '../../../base/data/loadRows.ts';
import { joinTextRelations, textRelationsFolder } from '../../../base/data/textRelations.ts';
import { type CachedModel, cachedModels } from '../../../base/hub/cachedModels.ts';
import { hubEnvironment } from '../../../base/hub/environment.ts';
import type { FileSelection } from '../../../base/hub/fileSelection.ts';
import { KLUE_DATASET, KLUE_FILES, KLUE_TEXT_FILES } from '../../../base/hub/klueDataset.ts';
import { nameOf, parseModel } from '../../../base/hub/repository.ts';
import { pullSnapshot } from '../../../base/hub/snapshot.ts';
import { bundledFolder, bundledLicence, bundledNames } from '../../../engine/nn/bundledModels.ts';
import { readEncoderConfig } from '../../../engine/nn/encoderConfig.ts';
import { BUNDLED_FOLDER, pullEncoder } from '../../../engine/nn/encoderFolder.ts';
import { CANDIDATES, type Candidate, isTrainable } from '../../../study/stages/selection/candidates.ts';
import { weightBytes } from '../../../study/stages/selection/costModel.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { textTable } from '../tables.ts';

/** What holds for every download, at the end of the help of each command that downloads. */
const DOWNLOADS: Localized = {
  en:
    'Files go to the cache that all Hugging Face libraries share (~/.cache/huggingface/hub); what one of them downloaded is found by the others. ' +
    'A download that was interrupted goes on where it stopped; size and checksum are verified.\n\n' +
    'Environment: HF_HOME or HF_HUB_CACHE moves the cache, HF_ENDPOINT names a mirror, HF_TOKEN opens private and gated repositories (a token of ' +
    '`hf auth login` is found too), HF_HUB_OFFLINE=1 forbids to use the network.',
  ko:
    '파일은 모든 Hugging Face 라이브러리가 함께 쓰는 캐시(~/.cache/huggingface/hub)에 놓이고, 하나가 내려받은 것을 나머지도 찾는다. ' +
    '중단된 내려받기는 멈춘 곳에서 이어 가며, 크기와 체크섬을 확인한다.\n\n' +
    '환경 변수: HF_HOME이나 HF_HUB_CACHE는 캐시의 위치, HF_ENDPOINT는 미러, HF_TOKEN은 비공개 저장소의 토큰(`hf auth login`의 토큰도 찾는다), ' +
    'HF_HUB_OFFLINE=1은 네트워크를 쓰지 않게 한다.',
};

export const dataPullCommand: Command = {
  description: {
    en:
      'Downloads the training and dev rows of KLUE-RE from KLUE’s own dataset on the Hugging Face Hub (klue/klue, at a fixed commit; CC BY-SA 4.0; ' +
      `8 MB), and reads them once to see that they are whole. After that --data klue means them.\n\n${DOWNLOADS.en}`,
    ko:
      'Hugging Face Hub에 있는 KLUE의 데이터셋(klue/klue, 고정된 커밋, CC BY-SA 4.0, 8 MB)에서 KLUE-RE의 학습과 dev 행을 내려받고, 온전한지 한 번 읽어 본다. ' +
      `그다음부터 --data klue가 이것을 뜻한다.\n\n${DOWNLOADS.ko}`,
  },
  settings: [],
  options: [
    option('text', undefined, {
      en: 'also texts with all entities and relations: the annotations in the box, joined to the sentences of KLUE-NER and KLUE-RE (31 MB more)',
      ko: '모든 엔티티와 관계가 있는 글도: 함께 들어 있는 주석을 KLUE-NER와 KLUE-RE의 문장에 붙인다(31 MB 더)',
    }),
  ],
  writes: [
    ['CACHE/datasets--klue--klue/', { en: 'the rows as Parquet files', ko: 'Parquet 파일로 된 행' }],
    [
      'CACHE/korex--text-relations/',
      {
        en: 'with --text, documents: pairs_train.jsonl and text_train.jsonl to train on, pairs_dev.jsonl and wiki_dev.jsonl to measure on',
        ko: '--text를 주면 문서: 학습할 pairs_train.jsonl과 text_train.jsonl, 측정할 pairs_dev.jsonl과 wiki_dev.jsonl',
      },
    ],
  ],
  examples: [
    [
      'korex data pull --text',
      {
        en: 'once; then e.g. `korex train --data klue --text-data klue --name texts`',
        ko: '한 번만. 그다음 예: `korex train --data klue --text-data klue --name texts`',
      },
    ],
    [
      'korex data pull',
      {
        en: 'once; then e.g. `korex run --data klue --train-rows 2000 --out klue`',
        ko: '한 번만. 그다음 예: `korex run --data klue --train-rows 2000 --out klue`',
      },
    ],
  ],
  run: pullData,
};

async function pullData({ reporter, signal, switches }: Call): Promise<CommandResult> {
  const withTexts = switches?.has('text') ?? false;
  const selection = withTexts ? KLUE_TEXT_FILES : KLUE_FILES;
  const { commit, fetched, folder: snapshot } = await pullSnapshot(KLUE_DATASET, selection, { reporter, signal });
  const { train, test } = await findDataSource('klue', 'train');
  const counts = await Promise.all([train, test].map(async (path) => (path ? await countRows(path) : 0)));
  const folder = dirname(train ?? '');
  const texts = withTexts ? await pullTexts(snapshot) : null;
  return {
    text: [
      `KLUE-RE: ${grouped(counts[0]!)} training rows, ${grouped(counts[1]!)} dev rows${fetched === 0 ? ' (all in the cache already)' : ''}`,
      `Folder: ${folder}`,
      'Use them: korex run --data klue',
      ...(texts ? textsText(texts) : []),
    ].join('\n'),
    json: {
      ...{ dataset: KLUE_DATASET.id, commit, folder, train: counts[0], dev: counts[1], fetchedBytes: fetched },
      ...(texts && { texts }),
    },
  };
}

/** Puts the texts into the annotations in the box. */
async function pullTexts(snapshot: string) {
  const files = choosePaths(KLUE_TEXT_FILES).map((path) => join(snapshot, path));
  const folder = textRelationsFolder(hubEnvironment().cache);
  return { folder, documents: await joinTextRelations(files, folder) };
}

const choosePaths = ({ manual }: FileSelection): string[] => manual.map(({ path }) => path);

const textsText = ({ folder, documents }: Awaited<ReturnType<typeof pullTexts>>): string[] => [
  `Texts: ${Object.entries(documents)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join(', ')}`,
  `Folder: ${folder}`,
  'Train on them: korex train --data klue --text-data klue --name NAME',
];

const countRows = async (path: string): Promise<number> => (await loadRows(path, { onBadRow: 'error' })).rows.length;

const MB = 1e6;
/** The encoder that texts recommend to those who have a network and some hours, or a GPU. */
const RECOMMENDED = 'klue/roberta-base';

export const modelsPullCommand: Command = {
  description: {
    en:
      'Downloads what korex needs of an encoder: config.json, the tokenizer, and one set of weights (safetensors before pytorch_model.bin, whole or in ' +
      'shards). BERT, RoBERTa, XLM-R and ELECTRA are understood. --encoder downloads what is missing by itself; this command does it beforehand, and ' +
      `brings a branch that has moved on up to date.\n\n${DOWNLOADS.en}`,
    ko:
      '인코더에서 korex에 필요한 것을 내려받는다: config.json, 토크나이저, 가중치 한 벌(pytorch_model.bin보다 safetensors가 먼저, 하나든 나뉘었든). ' +
      'BERT, RoBERTa, XLM-R, ELECTRA를 안다. --encoder는 빠진 것을 알아서 내려받는다. 이 명령은 미리 내려받고, ' +
      `바뀐 브랜치를 최신으로 맞춘다.\n\n${DOWNLOADS.ko}`,
  },
  settings: [],
  arguments: [
    {
      name: 'model',
      value: 'ORG/NAME[@REVISION]',
      help: {
        en: 'its name on the Hub; REVISION is a branch, tag or commit, main without it',
        ko: 'Hub에서의 이름. REVISION은 브랜치, 태그, 커밋이고 없으면 main',
      },
      required: true,
    },
  ],
  writes: [['CACHE/models--ORG--NAME/', { en: 'the encoder’s files', ko: '인코더의 파일' }]],
  examples: [
    [
      'korex models pull klue/roberta-base',
      {
        en: 'KLUE’s own encoder, 444 MB; then e.g. `korex run --encoder klue/roberta-base`',
        ko: 'KLUE의 인코더, 444 MB. 그다음 예: `korex run --encoder klue/roberta-base`',
      },
    ],
    [
      'korex models pull klue/roberta-base@02f94ba5e3fcb7e2a58a390b8639b0fac974a8da',
      { en: 'the same at one commit, for good', ko: '같은 것을 한 커밋으로 고정해서' },
    ],
  ],
  run: pullModel,
};

async function pullModel({ options, reporter, signal }: Call): Promise<CommandResult> {
  const repository = parseModel(options.model ?? '');
  if (repository === null)
    throw usageError(
      {
        en: `"${options.model}" is no name on the Hugging Face Hub; expected ORG/NAME or ORG/NAME@REVISION.`,
        ko: `"${options.model}": Hugging Face Hub의 이름이 아니다. ORG/NAME이나 ORG/NAME@REVISION으로 쓴다.`,
      },
      {
        en: 'For example klue/roberta-base; `korex models list` shows more.',
        ko: '예: klue/roberta-base. `korex models list`가 더 보인다.',
      },
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
  description: {
    en:
      'Lists the encoders that --encoder can name: those in the box, those that stage 04 compares, and every other one in the cache that korex ' +
      'understands, with size and licence, and whether the cache holds them. Asks nothing of the network.',
    ko: '--encoder가 받을 수 있는 인코더를 크기, 라이선스, 캐시 여부와 함께 보인다: 함께 들어 있는 것, 04단계가 비교하는 것, 캐시에 있고 korex가 아는 나머지. 네트워크는 쓰지 않는다.',
  },
  settings: [],
  writes: [],
  examples: [
    ['korex models list', { en: 'what there is', ko: '무엇이 있는지' }],
    [
      'korex models list --json',
      { en: 'the same for programs, with folders and commits', ko: '프로그램을 위한 같은 내용, 폴더와 커밋까지' },
    ],
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
