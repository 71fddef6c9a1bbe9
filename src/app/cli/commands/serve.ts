import { once } from 'node:events';
import { usageError } from '../../../base/core/errors.ts';
import { isLoopback } from '../../../base/core/loopback.ts';
import { openQueue } from '../../../base/queue/openQueue.ts';
import { queueStateNow } from '../../../base/queue/works.ts';
import { readKey } from '../../serve/guards.ts';
import { pageRoutes } from '../../serve/page/pageRoutes.ts';
import { parseServeOptions, type ServeOptions } from '../../serve/serveOptions.ts';
import { PAGE_FOLDER, startServer } from '../../serve/server.ts';
import { createLog } from '../../serve/serverLog.ts';
import { type Call, type Command, type CommandOption, type CommandResult, option } from '../command.ts';
import {
  ANSWER_OPTIONS,
  ENTITY_MODEL_OPTION,
  openDocuments,
  openExtractor,
  PAIR_ENCODING_OPTION,
} from '../modelOptions.ts';
import { addressOf, WATCH_OPTIONS } from '../queueOptions.ts';

/** Where and how a server listens, for commands that serve. */
export const LISTEN_OPTIONS: readonly CommandOption[] = [
  option('port', 'N', {
    en: 'port to listen on; 0 takes any that is free (default 8080)',
    ko: '접속을 받을 포트. 0은 비어 있는 포트 (기본값 8080)',
  }),
  option('host', 'ADDRESS', {
    en: 'address to listen on; 0.0.0.0 is all of this machine (default 127.0.0.1)',
    ko: '접속을 받을 주소. 0.0.0.0은 이 컴퓨터의 모든 주소 (기본값 127.0.0.1)',
  }),
  option('apiKeyFile', 'FILE', {
    en: 'ask for the API key in this file; KOREX_API_KEY does the same',
    ko: '이 파일의 API 키를 요구한다. KOREX_API_KEY도 같다',
  }),
  option('cors', 'ORIGINS', {
    en: 'let pages of these origins use the API, comma-separated, or * (default none)',
    ko: '이 출처의 페이지가 API를 쓰게 한다, 쉼표로, 또는 * (기본값 없음)',
  }),
  option('maxWaitMs', 'MS', {
    en: 'how long a row waits for others to join its batch while clients are busy (default 5)',
    ko: '여러 클라이언트가 쓸 때 한 행이 배치를 기다리는 시간 (기본값 5)',
  }),
  option('maxBatch', 'ROWS', { en: 'the most rows in a batch (default 64)', ko: '배치의 최대 행 수 (기본값 64)' }),
  option('maxQueue', 'ROWS', {
    en: 'the most rows that wait; beyond it requests get 429 (default 2048)',
    ko: '기다리는 행의 최대 수. 넘으면 429를 받는다 (기본값 2048)',
  }),
  option('logLevel', 'LEVEL', {
    en: 'silent, error, warn, info or debug (default info)',
    ko: 'silent, error, warn, info 또는 debug (기본값 info)',
  }),
];

export const serveCommand: Command = {
  description: {
    en:
      'Answers requests over HTTP until it is stopped: relations of one sentence or many, all pairs of a sentence, streams of any length. ' +
      'Requests of many clients are joined into batches. It listens on this machine alone unless --host says otherwise. ' +
      'SIGTERM and Ctrl-C let running requests end; a second one stops at once. Logs go to stderr, without any sentence: lines to read on a terminal, a line of JSON each elsewhere.',
    ko: '멈출 때까지 HTTP로 답한다: 문장 하나나 여럿의 관계, 문장 안의 모든 쌍, 길이에 제한 없는 스트림. 여러 클라이언트의 요청을 배치로 묶는다. --host가 없으면 이 컴퓨터에서만 접속할 수 있다. SIGTERM과 Ctrl-C는 처리 중인 요청을 끝내고 멈추며, 두 번째에는 바로 멈춘다. 기록은 표준 오류로 나간다: 터미널에서는 읽기 좋은 줄로, 파이프에서는 JSON 한 줄씩; 문장은 적지 않는다.',
  },
  settings: ['marker', 'allowUnknownTokens', 'out', 'data', 'precision', 'device', 'threads'],
  options: [
    ...ANSWER_OPTIONS.filter(({ name }) => name !== 'topK'),
    ENTITY_MODEL_OPTION,
    PAIR_ENCODING_OPTION,
    ...LISTEN_OPTIONS,
    ...WATCH_OPTIONS,
  ],
  writes: [],
  examples: [
    [
      'korex serve',
      { en: 'the model in the box, at http://127.0.0.1:8080', ko: '함께 들어 있는 모델, http://127.0.0.1:8080에서' },
    ],
    [
      'korex serve --model baseline --port 9000 --precision int8',
      { en: 'a run by its name, with 8-bit weights', ko: '학습 이름으로, 8비트 가중치로' },
    ],
    [
      'korex serve --queue redis://127.0.0.1:6379',
      { en: 'with the works of a queue in the view Work', ko: '보기 "작업"에 대기열의 작업을' },
    ],
    [
      'korex serve --host 0.0.0.0 --api-key-file key.txt',
      { en: 'for other machines, with a key', ko: '다른 컴퓨터에서도, 키와 함께' },
    ],
  ],
  run: serve,
};

async function serve(call: Call): Promise<CommandResult> {
  const { settings, options: given, reporter, signal } = call;
  const options = parseServeOptions(given);
  const apiKey = await apiKeyOf(options);
  if (apiKey === null && !isLoopback(options.host))
    reporter.warn({
      en: `whoever reaches ${options.host} may use this server: --api-key-file asks for a key.`,
      ko: `${options.host}에 닿는 누구나 이 서버를 쓸 수 있다. --api-key-file을 주면 키를 요구한다.`,
    });
  const extractor = await openExtractor(call);
  const documents = openDocuments(call, extractor);
  for (const note of extractor.notes) reporter.info(note);
  const log = createLog(options.logLevel);
  const queue = given.queue === undefined ? null : await openQueue(addressOf(given.queue, call), reporter);
  const work = queue ? { queue, origins: options.cors } : undefined;
  const pageApi = pageRoutes({ out: settings.out, data: settings.data, reporter, work });
  const server = await startServer({
    ...{ extractor, documents, apiKey, log, pageApi, origins: options.cors, pageFolder: PAGE_FOLDER },
    ...(queue && { works: () => queueStateNow(queue) }),
    ...options,
  });
  reporter.info({
    en: `${extractor.info.id} answers at ${server.url}; the API’s manual is ${server.url}/docs.`,
    ko: `${extractor.info.id}: ${server.url}에서 답한다. API 설명서는 ${server.url}/docs에 있다.`,
  });
  log.info({ url: server.url, model: extractor.info.id, precision: settings.precision }, 'listening');
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  await queue?.close();
  log.info('ended');
  return { text: { en: 'Ended.', ko: '끝났다.' }[settings.lang], json: { url: server.url, model: extractor.info.id } };
}

/** The key that requests need; null without one. Errors: `usage` where there should be one. */
export const apiKeyOf = async ({ apiKeyFile }: Pick<ServeOptions, 'apiKeyFile'>): Promise<string | null> =>
  apiKeyFile === null ? keyOfEnvironment() : readKey(apiKeyFile);

/** Errors: `usage` for a variable that is set to no key. */
function keyOfEnvironment(): string | null {
  const key = process.env.KOREX_API_KEY;
  if (key === undefined) return null;
  if (/^\S+$/.test(key)) return key;
  throw usageError(
    {
      en: 'KOREX_API_KEY holds no API key: expected one word.',
      ko: 'KOREX_API_KEY에 API 키가 없다. 공백 없는 한 단어여야 한다.',
    },
    { en: 'Unset it to serve without a key.', ko: '키 없이 쓰려면 이 변수를 지운다.' },
  );
}
