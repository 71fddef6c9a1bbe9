import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type RunningServer, type ServerOptions, startServer } from '../../src/app/serve/server.ts';
import { createRelationModel } from '../../src/engine/nn/relationModel.ts';
import { DocumentExtractor } from '../../src/inference/extract/documentExtractor.ts';
import { openClassifier } from '../../src/inference/predict/classifier.ts';
import { RelationExtractor } from '../../src/inference/predict/relationExtractor.ts';
import type { PredictRequest } from '../../src/inference/predict/schema.ts';
import { namesRecognizer } from './namesRecognizer.ts';
import { writeTinyEncoder } from './tinyEncoder.ts';

const labelSet = { labels: ['no_relation', 'a', 'b', 'c'], noRelation: 'no_relation' };
const task = { marker: 'entity', head: 'entity-start', maxLength: 64, labelSet, entityTypes: ['PER', 'ORG'] } as const;

/** A model of random weights that answers in less than a millisecond. */
export async function openTinyExtractor(): Promise<RelationExtractor> {
  const folder = await mkdtemp(join(tmpdir(), 'korex-serve-'));
  await writeTinyEncoder(folder);
  const model = await createRelationModel(folder, task, { layers: null, seed: 5 });
  await rm(folder, { recursive: true });
  return RelationExtractor.of(await openClassifier(model, { device: 'cpu', threads: 1 }), { name: 'tiny' });
}

/** A request whose sentence is as long as `words` says. */
export const tinyRequest = (words = 1): PredictRequest => ({
  sentence: `가온은 ${'아주 '.repeat(words)}나루에서 일했다`,
  subject: { word: '가온', type: 'PER' },
  object: { word: '나루' },
});

export const silentLog = pino({ level: 'silent' });

/** That model, served on a free port of this machine. */
export const startTinyServer = async (changes: Partial<ServerOptions> = {}): Promise<RunningServer> => {
  const extractor = changes.extractor ?? (await openTinyExtractor());
  return startServer({
    ...{ extractor, documents: new DocumentExtractor(extractor, namesRecognizer) },
    ...{ port: 0, host: '127.0.0.1', apiKey: null, origins: [], pageFolder: join(tmpdir(), 'korex-no-page') },
    ...{ maxWaitMs: 2, maxBatch: 64, maxQueue: 4_096, threshold: null, log: silentLog },
    ...changes,
  });
};
