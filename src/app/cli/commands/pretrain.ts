import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReplaceable } from '../../../base/core/folders.ts';
import { loadDataset } from '../../../base/data/loadDataset.ts';
import { PRETRAINING_FILE } from '../../../engine/train/pretrainRun.ts';
import { pretrainTask } from '../../../study/stages/training/pretrainTask.ts';
import type { Call, Command, CommandResult } from '../command.ts';

export const pretrainCommand: Command = {
  description: {
    en:
      'Masked-language-model pretraining on the sentences of the training rows (TAPT), half of them marked as the relation model reads them. Sentences of ' +
      'validation and test rows are left out, and the loss on validation sentences is reported before and after. The result is an encoder folder that ' +
      '--encoder takes, here and in transformers. Ctrl-C saves; the same command goes on and ends in the same bytes as one that was never interrupted. ' +
      '`korex train --tapt-epochs N` does the same before fine-tuning.',
    ko: '학습 행의 문장으로 마스크 언어 모델 사전학습을 한다(TAPT). 절반은 관계 모델이 읽는 대로 엔티티를 표시한다. 검증과 평가 행의 문장은 빼고, 검증 문장의 손실을 전과 후에 알린다. 결과는 --encoder가 여기서도 transformers에서도 받는 인코더 폴더다. Ctrl-C는 저장하고, 같은 명령이 이어 가며, 중단하지 않은 것과 같은 바이트로 끝난다. `korex train --tapt-epochs N`은 미세조정 전에 같은 일을 한다.',
  },
  settings: [
    ...([
      'data',
      'trainRows',
      'evalRows',
      'onBadRow',
      'columns',
      'allowUnknownTokens',
      'validation',
      'encoder',
      'encoderLayers',
      'marker',
    ] as const),
    ...(['question', 'maxLength', 'epochs', 'batchSize', 'lr', 'weightDecay', 'clip', 'dropout', 'seed'] as const),
    ...(['device', 'threads', 'force'] as const),
  ],
  options: [
    { name: 'to', value: 'FOLDER', help: { en: 'the encoder folder to write', ko: '쓸 인코더 폴더' }, required: true },
  ],
  writes: [
    [
      'FOLDER/config.json, model.safetensors, tokenizer*.json',
      { en: 'the encoder with its head for masked tokens', ko: '마스크 토큰 헤드가 든 인코더' },
    ],
    [
      'FOLDER/pretraining.json, pretraining_log.jsonl',
      { en: 'the plan, loss on held-out sentences, loss by step', ko: '계획, 남겨 둔 문장의 손실, 스텝별 손실' },
    ],
    ['FOLDER.checkpoint/', { en: 'the state of the work, until it is done', ko: '끝날 때까지, 어디까지 했는지' }],
  ],
  examples: [
    [
      'korex pretrain --data klue --epochs 10 --to encoders/klue-tapt',
      { en: 'the bundled encoder on KLUE-RE’s sentences', ko: '함께 들어 있는 인코더를 KLUE-RE의 문장으로' },
    ],
    [
      'korex pretrain --data klue --marker typed-punct --encoder klue/roberta-base --to encoders/roberta-tapt',
      {
        en: 'another encoder, with the marker that the relation model will have',
        ko: '다른 인코더를, 관계 모델이 쓸 마커로',
      },
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
