import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { usageError } from '../../../base/core/errors.ts';
import { readText } from '../../../base/core/files.ts';
import { isLoopback } from '../../../base/core/loopback.ts';
import { packagePath } from '../../../base/core/packagePath.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { promotedModel } from '../../../inference/predict/promotedModel.ts';
import type { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { labelledRows } from '../../../study/labelling/labelledData.ts';
import { createLabelling, type Labelling } from '../../../study/labelling/labelling.ts';
import { openProject, type Project } from '../../../study/labelling/project.ts';
import { promoteRound } from '../../../study/labelling/promotion.ts';
import { LEAST_ROWS, splitRows } from '../../../study/labelling/retrain.ts';
import { beginRound, endRound, lastRound, readRounds, trainingOut } from '../../../study/labelling/rounds.ts';
import { createSuggester } from '../../../study/labelling/suggester.ts';
import { pageRoutes } from '../../serve/page/pageRoutes.ts';
import { type Identity, mayChooseName, readPeople } from '../../serve/people.ts';
import type { LabelServing } from '../../serve/routes/label.ts';
import { parseServeOptions } from '../../serve/serveOptions.ts';
import { PAGE_FOLDER, startServer } from '../../serve/server.ts';
import { createLog } from '../../serve/serverLog.ts';
import { type Call, type Command, type CommandArgument, type CommandResult, option } from '../command.ts';
import {
  ANSWER_OPTIONS,
  ENTITY_MODEL_OPTION,
  MODEL_OPTION,
  openDocuments,
  openExtractor,
  resolveModel,
} from '../modelOptions.ts';
import { apiKeyOf, LISTEN_OPTIONS } from './serve.ts';

export const PROJECT_ARGUMENT: CommandArgument = {
  name: 'project',
  value: 'PROJECT',
  help: {
    en: 'a folder with data; labels.sqlite in it holds all labels',
    ko: '데이터가 든 폴더. 라벨은 모두 그 안의 labels.sqlite에 있다',
  },
  required: true,
};

export const labelCommand: Command = {
  description: {
    en:
      'Opens a folder of texts, documents or rows for labelling and serves the page with its Label view, beside everything that `korex serve` serves. ' +
      'One sentence at a time with its entities and relations as the model sees them: a key confirms, another one corrects. What anybody does is an event in PROJECT/labels.sqlite that is never deleted; ' +
      'it can be stopped at any time, and several people and programs may have it open at once. A relation_list.json in the folder names relations of your own; files whose name begins with "gold" are hidden gold rows.',
    ko: '글, 문서, 행이 든 폴더를 열어 라벨을 달게 하고, `korex serve`가 하는 모든 일에 더해 라벨 보기가 있는 페이지를 연다. 문장 하나씩, 모델이 본 엔티티와 관계를 곁들여 보여 준다. 키 하나로 확인하고, 다른 키로 고친다. 누가 한 일이든 PROJECT/labels.sqlite에 사건으로 남아 지워지지 않는다. 언제든 멈출 수 있고, 여러 사람과 프로그램이 함께 열 수 있다. 폴더의 relation_list.json은 직접 정한 관계의 목록이고, 이름이 "gold"로 시작하는 파일은 숨은 정답이다.',
  },
  settings: ['marker', 'allowUnknownTokens', 'out', 'data', 'device', 'threads'],
  arguments: [PROJECT_ARGUMENT],
  options: [
    MODEL_OPTION,
    ENTITY_MODEL_OPTION,
    ...ANSWER_OPTIONS.filter(({ name }) => name === 'threshold'),
    option(
      'add',
      'FILE',
      { en: 'a file elsewhere whose sentences are to be added', ko: '다른 곳에 있는 파일의 문장을 더한다' },
      { repeatable: true },
    ),
    option('rows', 'FILE', {
      en: 'label these sentences alone: a guid a line, as the Data view exports them, or a CSV with a column guid, such as a run’s error_samples.csv',
      ko: '이 문장들에만 라벨을 단다: 줄마다 guid(데이터 보기에서 내보낸 것), 또는 guid 열이 있는 CSV(학습의 error_samples.csv 등)',
    }),
    option('people', 'FILE', {
      en: 'who may label: a line NAME KEY each; requests need one of the keys, which says who it is',
      ko: '라벨을 달 사람: 줄마다 이름과 키. 요청에는 키가 필요하고, 키가 누구인지 말한다',
    }),
    option('userHeader', 'HEADER', {
      en: 'the header in which a reverse proxy that people log in at says who it is, e.g. X-Forwarded-User',
      ko: '사람이 로그인하는 리버스 프록시가 누구인지 적는 헤더, 예: X-Forwarded-User',
    }),
    ...LISTEN_OPTIONS,
  ],
  writes: [
    ['PROJECT/labels.sqlite', { en: 'sentences, people and all that they did', ko: '문장, 사람, 한 모든 일' }],
    ['PROJECT/trained/', { en: 'trainings, each with its model', ko: '학습과 그 모델' }],
    ['PROJECT/promoted.json', { en: 'which model answers', ko: '답하는 모델' }],
  ],
  examples: [
    [
      'korex label reviews',
      {
        en: 'the texts of the folder reviews, at http://127.0.0.1:8080/#/label',
        ko: 'reviews 폴더의 글, http://127.0.0.1:8080/#/label에서',
      },
    ],
    [
      'korex label reviews --add errors.jsonl --port 9000',
      { en: 'with rows of a file elsewhere', ko: '다른 파일의 행과 함께' },
    ],
    [
      'korex label reviews --host 0.0.0.0 --people people.txt',
      { en: 'for several people, each with a key', ko: '여러 사람이, 저마다의 키로' },
    ],
  ],
  run: label,
};

/** What a training that the page began says, in the folder of trainings. */
const LOG = 'retrain.log';
/** Characters of a training's last words that are kept where it could not begin. */
const MOST_SAID = 2_000;

/** How often it is looked at whether another model answers by now; another process may have chosen it. */
const LOOK_MS = 1_000;

async function label(call: Call): Promise<CommandResult> {
  const { options: given, settings, reporter, signal } = call;
  const folder = given.project!;
  const options = parseServeOptions(given);
  const rows = given.rows === undefined ? null : await guidsOf(given.rows);
  const identity: Identity = {
    keys: given.people === undefined ? [] : await readPeople(given.people),
    header: headerOf(given.userHeader),
  };
  const apiKey = await apiKeyOf(options);
  if (apiKey === null && mayChooseName(identity) && !isLoopback(options.host))
    reporter.warn({
      en: `Whoever reaches ${options.host} may label under any name: --people asks for a key of each.`,
      ko: `${options.host}에 접속하는 누구나 아무 이름으로 라벨을 달 수 있다. --people은 사람마다 키를 요구한다.`,
    });
  const log = createLog(options.logLevel);
  const first = await openExtractor(call, await modelOf(call, folder));
  const { labels, no_relation, entity_types } = first.info;
  const project = await openProject(
    folder,
    { labels: labels.map(({ relation }) => relation), noRelation: no_relation, entityTypes: entity_types },
    { more: call.lists?.add ?? [], onNote: (note) => reporter.info(note) },
  );
  let { port } = options;
  let url = '';
  try {
    const place =
      rows === null ? '#/label' : `#/label?${new URLSearchParams({ tab: 'desk', guids: wanted(project, rows) })}`;
    for (let extractor: RelationExtractor | null = first; extractor !== null; ) {
      const round = project.config().promoted;
      const documents = openDocuments(call, extractor);
      const labelling = createLabelling(project, createSuggester(extractor, documents.parts.recognizer));
      const stop = new AbortController();
      const server = await startServer({
        ...{ extractor, documents, apiKey, log, origins: options.cors, pageFolder: PAGE_FOLDER, ...options, port },
        pageApi: pageRoutes({ out: settings.out, data: settings.data, reporter, labels: true }),
        labels: servingOf(project, labelling, identity, extractor.info.id, call),
      });
      url = server.url;
      port = Number(new URL(url).port);
      reporter.info({
        en: `${extractor.info.id} answers; label at ${url}/${place}`,
        ko: `${extractor.info.id}이(가) 답한다. 라벨 달기: ${url}/${place}`,
      });
      log.info({ url, model: extractor.info.id, project: project.name }, 'listening');
      const scoring = labelling
        .scoreAll(AbortSignal.any([signal, stop.signal]))
        .catch((error: unknown) => log.error({ err: error }, 'suggestions could not be made'));
      await untilOther(project, round, signal);
      stop.abort();
      await scoring;
      // The old model answers until the new one is open.
      extractor = signal.aborted ? null : await openExtractor(call, await modelOf(call, folder));
      await server.close();
    }
  } finally {
    project.close();
  }
  log.info('ended');
  return { text: call.settings.lang === 'ko' ? '끝났다.' : 'Ended.', json: { url, project: project.name } };
}

/** The most sentences that an address names; the next ones come with the next file. */
const MOST_NAMED = 200;

/** The guids of a file: a line each, or the column `guid` of a CSV. Errors: `usage` where it cannot be read or has none. */
async function guidsOf(path: string): Promise<string[]> {
  const records: string[][] = parse(await readText(path), { bom: true, relax_column_count: true, relax_quotes: true });
  const at = Math.max(0, records[0]?.indexOf('guid') ?? 0);
  const guids = records.flatMap((cells) => cells[at]?.trim() || []).filter((guid) => guid !== 'guid');
  if (guids.length > 0) return guids;
  throw usageError(
    { en: `${path} names no rows.`, ko: `${path}: 행의 guid가 없다.` },
    { en: 'Give a guid a line, or a CSV with a column guid.', ko: '줄마다 guid 하나, 또는 guid 열이 있는 CSV를 준다.' },
  );
}

/** Those of the guids that the project has, for an address. Errors: `usage` where it has none. */
function wanted(project: Project, guids: readonly string[]): string {
  const known = new Set(project.sentences().map(({ guid }) => guid));
  const found = guids.filter((guid) => known.has(guid));
  if (found.length > 0) return found.slice(0, MOST_NAMED).join('\n');
  throw usageError(
    { en: 'The project has none of the rows that --rows names.', ko: '--rows가 가리키는 행이 프로젝트에 없다.' },
    { en: 'Add the file that holds them with --add FILE.', ko: '그 행이 든 파일을 --add FILE로 더한다.' },
  );
}

/** What answers: the model that the project promoted, else the one that `--model` names. */
const modelOf = async (call: Call, folder: string): Promise<FoundModel> =>
  (await promotedModel(folder)) ?? resolveModel(call);

/** Errors: `usage` for what is no name of a header. */
function headerOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[\w-]+$/.test(text)) return text.toLowerCase();
  throw usageError(
    {
      en: `--user-header is ${JSON.stringify(text)}: no name of a header.`,
      ko: `--user-header의 값 ${JSON.stringify(text)}: 헤더의 이름이 아니다.`,
    },
    { en: 'E.g. X-Forwarded-User.', ko: '예: X-Forwarded-User.' },
  );
}

/** Waits until another round's model is to answer, or the command ends. */
async function untilOther(project: Project, round: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const other = new AbortController();
  const timer = setInterval(() => {
    if (project.config().promoted !== round) other.abort();
  }, LOOK_MS);
  const either = AbortSignal.any([signal, other.signal]);
  if (!either.aborted) await once(either, 'abort');
  clearInterval(timer);
}

function servingOf(
  project: Project,
  labelling: Labelling,
  identity: Identity,
  model: string,
  call: Call,
): LabelServing {
  const { settings, options, signal } = call;
  let training = false;
  return {
    ...{ labelling, identity, model, leastRows: LEAST_ROWS },
    rounds: () => readRounds(project),
    async train(person, { epochs, promote = 'auto' }) {
      const [last] = await readRounds(project);
      if (training || last?.state === 'running')
        throw usageError(
          { en: 'A training is going on.', ko: '학습이 이미 진행 중이다.' },
          { en: 'Wait until it has ended.', ko: '끝날 때까지 기다린다.' },
        );
      splitRows(labelledRows(project));
      await mkdir(trainingOut(project.folder), { recursive: true });
      // To a file and no pipe: it may outlive this process.
      const log = join(trainingOut(project.folder), LOG);
      const file = openSync(log, 'w');
      // In a process of its own: labelling goes on meanwhile, and what it computes keeps nobody waiting.
      const child = spawn(
        process.execPath,
        [
          ...[packagePath('dist/app/cli/main.js'), 'retrain', project.folder, '--promote', promote, '--person', person],
          ...(options.model === undefined ? [] : ['--model', options.model]),
          ...(epochs === undefined ? [] : ['--epochs', String(epochs)]),
          ...['--out', settings.out, '--device', settings.device, '--lang', settings.lang],
        ],
        { stdio: ['ignore', 'ignore', file], signal },
      );
      closeSync(file);
      training = true;
      const ended = (why: string) => {
        training = false;
        if (!signal.aborted && lastRound(project) === (last?.round ?? 0))
          endRound(project, beginRound(project, model), why);
      };
      child.once('error', ({ message }) => ended(message));
      child.once('exit', () => ended(readFileSync(log, 'utf8').trim().slice(-MOST_SAID)));
    },
    promote: (person, round) => promoteRound(project, person, round),
  };
}
