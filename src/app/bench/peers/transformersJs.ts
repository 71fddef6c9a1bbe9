import { join } from 'node:path';
import { z } from 'zod';
import type { Example } from '../../../base/core/types.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import type { BenchContext } from '../context.ts';
import { runKorex } from '../freshProcess.ts';
import { answeringSide, singleTexts } from './answers.ts';
import { saveForPeers, saveRows } from './modelFiles.ts';

const BATCH_SIZES = [1, 4, 8, 16, 32] as const;

/**
 * transformers.js's text-classification pipeline on the model as `korex export` writes it, in file order, at several batch
 * sizes: it does not sort rows, so that small batches may be its best.
 */
export async function openTransformersJs(context: BenchContext, model: RelationModel, rows: readonly Example[]) {
  const { scratch, threads } = context;
  const folder = join(scratch, 'exported');
  await runKorex(context, ['export', '--model', await saveForPeers(scratch, model), folder]);
  const peer = context.openNodeProgram('transformersJs.mjs');
  const texts = singleTexts(model, rows);
  const versions = await peer.ask(
    { do: 'load', folder, rows: await saveRows(scratch, 'texts', texts), threads, max_length: model.task.maxLength },
    z.object({ transformersjs: z.string() }),
  );
  const sides = BATCH_SIZES.map((size) =>
    answeringSide(`transformers.js, batch ${size}, file order`, peer, { batch_size: size }),
  );
  return { versions, sides };
}
