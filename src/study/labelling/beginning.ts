import { join } from 'node:path';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import { readEncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { readTask } from '../../engine/nn/modelTask.ts';
import type { FoundModel } from '../../inference/predict/findModel.ts';
import type { Beginning } from './project.ts';

/** What a model knows, for a project that begins with it; its weights are not read. */
export async function readBeginning({ folder }: FoundModel): Promise<Beginning> {
  const config = await readEncoderConfig(join(folder, 'config.json'));
  const { task } = await readTask(folder, config, await loadTokenizer(folder), null);
  return { labels: task.labelSet.labels, noRelation: task.labelSet.noRelation, entityTypes: task.entityTypes };
}
