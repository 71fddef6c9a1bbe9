import { join } from 'node:path';
import { TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import { modelIdentity } from '../../../inference/batch/identity.ts';
import { findEntityModel } from '../../../inference/extract/openDocumentExtractor.ts';
import { extractWork } from '../../../inference/shards/extractWork.ts';
import { extractSettings, onBadRowOf, wantedOfTexts } from '../answerSettings.ts';
import { openDocuments, openExtractor, resolveModel } from '../modelOptions.ts';
import { fileSource, inputAndFolder, type ShardCommand } from './shardCommand.ts';

/** `korex extract`, shard by shard. Graphs are kept as JSON lines; the merge writes them in any format. */
export const extractShards: ShardCommand = {
  async source({ options }) {
    const [input, out] = inputAndFolder(options);
    return fileSource(out, { inputs: [input], kind: 'texts', columns: {} });
  },
  async work(call) {
    const { settings, options, reporter, signal } = call;
    const relations = await resolveModel(call);
    const runs = join(settings.out, TRAINING_FOLDER);
    const entities = await findEntityModel(options.entityModel ?? null, runs, { reporter, signal });
    const models = [];
    for (const { folder, name } of [relations, entities]) models.push(await modelIdentity(folder, name));
    const asked = { ...(await extractSettings(call)), on_bad_row: onBadRowOf(options.onBadRow) };
    return { command: 'extract', models, settings: asked, extension: '.jsonl' };
  },
  async open(call) {
    const relations = await openExtractor(call);
    const extractor = openDocuments(call, relations);
    return extractWork({ extractor, wanted: wantedOfTexts(call), onBadRow: onBadRowOf(call.options.onBadRow) });
  },
};
