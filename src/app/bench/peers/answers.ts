import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import type { Example } from '../../../base/core/types.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import type { Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { runKorex } from '../freshProcess.ts';
import { type Peer, saveForPeers, saveRows } from './peer.ts';
import { versionsSchema } from './torchSteps.ts';

const answersSchema = z.object({ seconds: z.number(), labels: z.array(z.string()) });

/** A system that labels rows; `labels` are those of its last run. */
export interface AnsweringSide extends Side {
  readonly labels: () => readonly string[];
}

/** Hugging Face's pipeline in file order, and PyTorch fed batches sorted by length; both on the same model. */
export async function openTorchAnswers(context: BenchContext, model: RelationModel, rows: readonly Example[]) {
  const { batchSize, threads, scratch } = context;
  const peer = await context.openScript('torch_inference.py');
  const texts = singleTexts(model, rows);
  const versions = await peer.ask(
    {
      do: 'load',
      folder: await saveForPeers(scratch, model),
      rows: await saveRows(scratch, 'texts', texts),
      threads,
      batch_size: batchSize,
      max_length: model.task.maxLength,
    },
    versionsSchema,
  );
  const sides = [
    answeringSide('Hugging Face pipeline, file order', peer, { how: 'pipeline' }),
    answeringSide('PyTorch, sorted batches', peer, { how: 'sorted' }),
  ];
  return { versions, sides };
}

/** The rows as others read them. Errors: `usage` for a model that is asked a question, as they get one text a row. */
export function singleTexts({ task, inputs }: RelationModel, rows: readonly Example[]): string[] {
  if (task.question)
    throw usageError(
      {
        en: 'The model reads a question beside each sentence; the other systems are given sentences alone.',
        ko: '이 모델은 문장과 함께 질문도 읽는데, 다른 시스템에는 문장만 준다.',
      },
      {
        en: 'Measure it without --against, or a model that was trained without --question.',
        ko: '--against 없이 재거나, --question 없이 학습한 모델을 쓴다.',
      },
    );
  return rows.map((row) => inputs.encode(row).marked.text);
}

/** A process that answers `{"do": "run", …}` with its seconds and labels. */
export function answeringSide(system: string, peer: Peer, request: Readonly<Record<string, unknown>>): AnsweringSide {
  let labels: readonly string[] = [];
  return {
    system,
    labels: () => labels,
    async run() {
      const answer = await peer.ask({ do: 'run', ...request }, answersSchema);
      labels = answer.labels;
      return answer.seconds;
    },
  };
}

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
