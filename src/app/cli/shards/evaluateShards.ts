import { basename, parse } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { silentReporter } from '../../../base/core/reporter.ts';
import type { AnnotatedDocument, LabelledExample } from '../../../base/core/types.ts';
import { VERSION } from '../../../base/core/version.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { loadDocuments } from '../../../base/data/loadDocuments.ts';
import { within } from '../../../base/storage/storageOf.ts';
import { sumCounts, type TokenCounts } from '../../../base/text/unknownTokens.ts';
import { taskNameOf } from '../../../engine/nn/modelTask.ts';
import { modelIdentity } from '../../../inference/batch/identity.ts';
import { answerDocuments } from '../../../inference/extract/evaluateDocuments.ts';
import { checkRowsKnown, loadClassifier } from '../../../inference/predict/classifier.ts';
import type { FoundModel } from '../../../inference/predict/findModel.ts';
import { checkPairEncoding } from '../../../inference/predict/sharedSentence.ts';
import { type OpenSet, setDigest, setShards, setWork } from '../../../inference/shards/setWork.ts';
import type { Call } from '../command.ts';
import { isDocumentFile } from '../commands/documentRun.ts';
import { answerOptions, openDocuments, openExtractor, pairEncodingOf, resolveModel } from '../modelOptions.ts';
import type { ShardCommand } from './shardCommand.ts';
import { shardBytesOf } from './shardOptions.ts';

/** Rows, or documents, of a shard where nobody says it. */
const EACH = 2000;

/** `korex evaluate`, shard by shard: ranges of the rows, or documents, of the labelled set. */
export const evaluateShards: ShardCommand = {
  async source(call) {
    const model = await resolveModel(call);
    await refuseOthers(call, model);
    const { name, items } = await labelledSet(call);
    const { settings, options } = call;
    const { precision, data } = settings;
    const parts = [model.name, parse(basename(name)).name, ...(precision === 'fp32' ? [] : [precision])];
    const [size, version] = [items.length, setDigest(items)];
    const facts = { path: data, name, version, size };
    return {
      out: within(settings.out, 'evaluation', parts.join('-'), 'shards'),
      columns: null,
      async plan(asked, tasks) {
        const each = asked ?? shardBytesOf(options) ?? Math.max(1, Math.min(EACH, Math.ceil(size / tasks)));
        return { shard_size: each, files: 1, size, files_sha256: version, shards: Math.ceil(size / each) };
      },
      shards: ({ shard_size }) => setShards(facts, shard_size),
    };
  },
  async work(call) {
    const { settings, options, switches } = call;
    const { folder, name } = await resolveModel(call);
    const { marker, precision, seed, allowUnknownTokens } = settings;
    const isDocuments = await isDocumentFile(settings.data);
    return {
      ...{ command: 'evaluate', extension: '.jsonl', models: [await modelIdentity(folder, name)] },
      settings: {
        ...{ korex: VERSION, marker, precision, seed, allowUnknownTokens },
        ...{ of: isDocuments ? 'documents' : 'rows', data: (await labelledSet(call)).name },
        ...{ threshold: options.threshold ?? null, aim: options.aim ?? null, given: switches?.has('given') ?? false },
        pair_encoding: pairEncodingOf(options) ?? null,
      },
    };
  },
  open: async (call) =>
    (await isDocumentFile(call.settings.data)) ? setWork(await openDocumentSet(call)) : setWork(await openRowSet(call)),
};

/** The rows, or documents, as they are before a model has looked at them. */
async function labelledSet(call: Call): Promise<{
  readonly name: string;
  readonly items: readonly (LabelledExample | AnnotatedDocument)[];
}> {
  const { settings, reporter } = call;
  if (await isDocumentFile(settings.data)) {
    const { documents, file } = await loadDocuments(settings.data, { labels: null, entityTypes: null });
    return { name: file.path, items: documents };
  }
  const { name, test } = await loadDataset(settings, reporter, 'test');
  return { name, items: test };
}

async function refuseOthers({ options }: Call, { folder, name }: FoundModel): Promise<void> {
  if (options.priors !== undefined)
    throw usageError(
      { en: '--priors is for an evaluation in one run.', ko: '--priors는 한 번에 실행하는 평가에 쓴다.' },
      {
        en: 'Leave out --shard; or leave out --priors.',
        ko: '--shard를 빼거나 --priors를 뺀다.',
      },
    );
  if ((await taskNameOf(folder)) !== 'entities') return;
  throw usageError(
    {
      en: `${name} finds entities: its evaluation is not cut.`,
      ko: `${name}: 엔티티를 찾는 모델의 평가는 나누지 않는다.`,
    },
    { en: 'Leave out --shard.', ko: '--shard를 뺀다.' },
  );
}

async function openRowSet(call: Call): Promise<OpenSet<LabelledExample>> {
  const { settings, options } = call;
  const model = await resolveModel(call);
  const dataset = await loadDataset(settings, silentReporter, 'test');
  const marker = settings.marker === 'auto' ? null : settings.marker;
  const classifier = await loadClassifier(model.folder, settings, { marker, precision: settings.precision });
  const pairEncoding = pairEncodingOf(options) ?? 'inline';
  const { task } = classifier.model;
  checkPairEncoding(pairEncoding, task);
  checkRowsKnown(dataset, task, model.name);
  let counts: TokenCounts = { tokens: 0, unknown: 0 };
  return {
    items: dataset.test,
    async answer(examples, { careful, signal, onProgress }) {
      counts = { tokens: 0, unknown: 0 };
      const predictions = await classifier.predict(examples, {
        ...{ batchSize: careful ? 1 : settings.evalBatchSize, pairEncoding, signal, onProgress },
        onEncoded: (more) => {
          counts = sumCounts([counts, more]);
        },
      });
      return examples.map((example, i) => ({
        line: { example, prediction: predictions[i]! },
        isRight: predictions[i]!.predicted === example.label,
      }));
    },
    end: () => ({ ...counts, label_set: task.labelSet }),
    release: () => classifier.release(),
  };
}

async function openDocumentSet(call: Call): Promise<OpenSet<AnnotatedDocument>> {
  const { settings, options, switches } = call;
  const relations = await openExtractor(call);
  const extractor = openDocuments(call, relations);
  const { info, pairEncoding } = relations;
  const { documents } = await loadDocuments(settings.data, {
    labels: new Set(info.labels.map(({ relation }) => relation)),
    entityTypes: info.entity_types.length === 0 ? null : new Set(info.entity_types),
  });
  const { threshold = null } = answerOptions({ threshold: options.threshold });
  return {
    items: documents,
    async answer(asked, { signal, onProgress }) {
      const answered = await answerDocuments(extractor, asked, {
        ...{ givenOnly: switches?.has('given') ?? false, threshold, window: 1, pairEncoding },
        ...{ seed: settings.seed, signal, onProgress },
      });
      return answered.map((line) => ({ line, isRight: false }));
    },
    end: () => null,
    release: () => extractor.release(),
  };
}
