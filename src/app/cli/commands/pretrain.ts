import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReplaceable } from '../../../base/core/folders.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { PRETRAINING_FILE } from '../../../engine/train/pretrainRun.ts';
import { pretrainTask } from '../../../study/stages/training/pretrainTask.ts';
import type { Call, Command, CommandResult } from '../command.ts';

export const pretrainCommand: Command = {
  description:
    'Masked-language-model pretraining on the sentences of the training rows (TAPT), half of them marked as the relation model reads them. Sentences of ' +
    'validation and test rows are left out, and the loss on validation sentences is told before and after. The result is an encoder folder that ' +
    '--encoder takes, here and in transformers. Ctrl-C saves; the same command goes on and ends in the same bytes as one that was never interrupted. ' +
    '`korex train --tapt-epochs N` does the same before fine-tuning.',
  settings: [
    ...(['data', 'trainRows', 'evalRows', 'onBadRow', 'validation', 'encoder', 'encoderLayers', 'marker'] as const),
    ...(['question', 'maxLength', 'epochs', 'batchSize', 'lr', 'weightDecay', 'clip', 'dropout', 'seed'] as const),
    ...(['device', 'threads', 'force', 'json'] as const),
  ],
  options: [{ name: 'to', value: 'FOLDER', help: 'the encoder folder to write', required: true }],
  writes: [
    ['FOLDER/config.json, model.safetensors, tokenizer*.json', 'the encoder with its head for masked tokens'],
    ['FOLDER/pretraining.json, pretraining_log.jsonl', 'the plan, loss on held-out sentences, loss by step'],
    ['FOLDER.checkpoint/', 'where it stands, until it is done'],
  ],
  examples: [
    ['korex pretrain --data klue --epochs 10 --to encoders/klue-tapt', 'the bundled encoder on KLUE-RE’s sentences'],
    [
      'korex pretrain --data klue --marker typed-punct --encoder klue/roberta-base --to encoders/roberta-tapt',
      'another encoder, with the marker that the relation model will have',
    ],
  ],
  run: pretrain,
};

async function pretrain({ settings, options, reporter, signal }: Call): Promise<CommandResult> {
  const folder = options.to!;
  if (!settings.force) await checkReplaceable(folder, PRETRAINING_FILE, 'korex pretrain');
  // What reading rows may leave behind, such as a list of rejected ones, goes with this folder.
  const out = await mkdtemp(join(tmpdir(), 'korex-pretrain-'));
  try {
    const dataset = await loadDataset({ ...settings, out }, reporter);
    const result = await pretrainTask(folder, { settings, dataset, out, reporter, signal });
    return { text: summary(folder, result), json: { folder, ...result } };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function summary(
  folder: string,
  { held_out_loss: { before, after }, ...result }: Awaited<ReturnType<typeof pretrainTask>>,
) {
  const loss =
    before === null || after === null
      ? 'no held-out sentences'
      : `held-out loss ${before.toFixed(4)} → ${after.toFixed(4)} (${result.held_out_sentences} sentences)`;
  return `${result.sentences} sentences, ${result.steps} steps, ${loss}\nEncoder: ${folder}`;
}
