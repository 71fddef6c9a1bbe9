import { usageError } from '../../../base/core/errors.ts';
import { columnMapping } from '../../../base/data/formats/columns.ts';
import { modelIdentity } from '../../../inference/batch/identity.ts';
import { csv, jsonl } from '../../../inference/batch/lines.ts';
import { batchWork } from '../../../inference/shards/batchWork.ts';
import type { ResultExtension } from '../../../inference/shards/shardFolder.ts';
import { batchSettings, onBadRowOf } from '../answerSettings.ts';
import type { Call } from '../command.ts';
import { answerOptions, openExtractor, resolveModel } from '../modelOptions.ts';
import { fileSource, inputAndFolder, type ShardCommand } from './shardCommand.ts';

/** `korex batch`, shard by shard. */
export const batchShards: ShardCommand = {
  async source({ settings, options }) {
    const [input, out] = inputAndFolder(options);
    return fileSource(out, { inputs: [input], kind: 'rows', columns: columnMapping(settings.columns) });
  },
  async work(call) {
    const { folder, name } = await resolveModel(call);
    const settings = { ...(await batchSettings(call)), on_bad_row: onBadRowOf(call.options.onBadRow) };
    return { command: 'batch', models: [await modelIdentity(folder, name)], settings, extension: extensionOf(call) };
  },
  async open(call) {
    const { settings, options, switches } = call;
    // Row by row, so that one that cannot be read is one bad row.
    const model = await openExtractor(call, undefined, { allowUnknownTokens: true });
    return batchWork({
      ...{ model, labels: model.labels.labels.map(({ relation }) => relation) },
      format: extensionOf(call) === '.csv' ? csv : jsonl,
      answers: { ...answerOptions(options), probabilities: switches?.has('probabilities') ?? false },
      columns: columnMapping(settings.columns),
      onBadRow: onBadRowOf(options.onBadRow),
      allowUnknownTokens: settings.allowUnknownTokens,
      batchSize: settings.evalBatchSize,
    });
  },
};

function extensionOf({ options: { format = 'jsonl' } }: Call): ResultExtension {
  if (format === 'jsonl' || format === 'csv') return `.${format}`;
  throw usageError(
    { en: `--format is "${format}".`, ko: `--format의 값이 "${format}"이다.` },
    { en: 'Write jsonl or csv.', ko: 'jsonl이나 csv로 쓴다.' },
  );
}
