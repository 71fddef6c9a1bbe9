import { once } from 'node:events';
import { usageError } from '../../../base/core/errors.ts';
import { isLoopback, readKey } from '../../serve/guards.ts';
import { pageRoutes } from '../../serve/page/pageRoutes.ts';
import { parseServeOptions } from '../../serve/serveOptions.ts';
import { createLog, PAGE_FOLDER, startServer } from '../../serve/server.ts';
import type { Call, Command, CommandOption, CommandResult } from '../command.ts';
import { ANSWER_OPTIONS, openExtractor } from './predict.ts';

const option = (name: string, value: string, help: string): CommandOption => ({ name, value, help, required: false });

export const serveCommand: Command = {
  description:
    'Answers requests over HTTP until it is stopped: relations of one sentence or many, all pairs of a sentence, streams of any length. ' +
    'Requests of many clients are joined into batches. It listens on this machine alone unless --host says otherwise. ' +
    'SIGTERM and Ctrl-C let running requests end; a second one stops at once. Logs go to stderr, a line of JSON each, without any sentence.',
  settings: ['marker', 'out', 'data', 'precision', 'device', 'threads', 'json'],
  options: [
    ...ANSWER_OPTIONS.filter(({ name }) => name !== 'topK'),
    option('port', 'N', 'port to listen on; 0 takes any that is free (default 8080)'),
    option('host', 'ADDRESS', 'address to listen on; 0.0.0.0 is all of this machine (default 127.0.0.1)'),
    option('apiKeyFile', 'FILE', 'ask for the API key in this file; KOREX_API_KEY does the same'),
    option('cors', 'ORIGINS', 'let pages of these origins use the API, comma-separated, or * (default none)'),
    option('maxWaitMs', 'MS', 'how long a row waits for others to join its batch while clients are busy (default 5)'),
    option('maxBatch', 'ROWS', 'the most rows in a batch (default 64)'),
    option('maxQueue', 'ROWS', 'the most rows that wait; beyond it requests get 429 (default 2048)'),
    option('logLevel', 'LEVEL', 'silent, error, warn, info or debug (default info)'),
  ],
  writes: [],
  examples: [
    ['korex serve', 'the model in the box, at http://127.0.0.1:8080'],
    ['korex serve --model baseline --port 9000 --precision int8', 'a run by its name, with 8-bit weights'],
    ['korex serve --host 0.0.0.0 --api-key-file key.txt', 'for other machines, with a key'],
  ],
  run: serve,
};

async function serve(call: Call): Promise<CommandResult> {
  const { settings, options: given, reporter, signal } = call;
  const options = parseServeOptions(given);
  const apiKey = options.apiKeyFile === null ? keyOfEnvironment() : await readKey(options.apiKeyFile);
  if (apiKey === null && !isLoopback(options.host))
    reporter.warn(`whoever reaches ${options.host} may use this server: --api-key-file asks for a key.`);
  const extractor = await openExtractor(call);
  for (const note of extractor.notes) reporter.info(note);
  const log = createLog(options.logLevel);
  const pageApi = pageRoutes({ out: settings.out, data: settings.data, reporter });
  const server = await startServer({
    ...{ extractor, apiKey, log, pageApi, origins: options.cors, pageFolder: PAGE_FOLDER },
    ...options,
  });
  reporter.info(`${extractor.info.id} answers at ${server.url}; the API’s manual is ${server.url}/docs.`);
  log.info({ url: server.url, model: extractor.info.id, precision: settings.precision }, 'listening');
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  log.info('ended');
  return { text: 'Ended.', json: { url: server.url, model: extractor.info.id } };
}

/** Errors: `usage` for a variable that is set to no key. */
function keyOfEnvironment(): string | null {
  const key = process.env.KOREX_API_KEY;
  if (key === undefined) return null;
  if (/^\S+$/.test(key)) return key;
  throw usageError('KOREX_API_KEY holds no API key: expected one word.', 'Unset it to serve without a key.');
}
