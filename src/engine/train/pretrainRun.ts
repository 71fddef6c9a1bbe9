import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../base/core/errors.ts';
import { readJson, toJsonLines, writeFileAtomic, writeJson } from '../../base/core/files.ts';
import { recoverFolder, replaceFolder } from '../../base/core/folders.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import {
  loadMaskedLanguageModel,
  type MaskedLanguageModel,
  saveMaskedLanguageModel,
} from '../nn/maskedLanguageModel.ts';
import { readMoments, writeMoments } from '../runs/checkpoint.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { createOptimizer } from './optimizer.ts';
import {
  type HeldOutLoss,
  type PretrainSentences,
  type PretrainState,
  type PretrainStep,
  pretrainLoop,
  pretrainSteps,
} from './pretrainLoop.ts';
import { type PretrainPlan, pretrainPlanSchema, samePlan } from './pretrainPlan.ts';

export interface PretrainJob {
  /** Where the encoder is written, whole, at the end; `FOLDER.checkpoint` beside it holds what was interrupted. */
  readonly folder: string;
  readonly plan: PretrainPlan;
  readonly sentences: PretrainSentences;
  readonly options: SessionOptions;
  /** Makes the model to start from, when there is nothing to continue from. */
  start(): Promise<MaskedLanguageModel>;
  /** Start over, also where a result or a checkpoint of the same plan is there. */
  readonly force: boolean;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

const count = z.number().int().min(0);
const heldOutSchema = z.object({ step: count, held_out_loss: z.number().nullable() });
const stepSchema = z.object({ step: count, epoch: count, loss: z.number(), lr: z.number() });

/** `pretraining.json` in the encoder's folder. */
const resultSchema = z.object({
  plan: pretrainPlanSchema,
  sentences: count,
  held_out_sentences: count,
  steps: count,
  /** Mean loss of the masked tokens of the held-out sentences, always the same ones; null where none is held out. */
  held_out_loss: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
});
export type PretrainResult = z.output<typeof resultSchema>;

const progressSchema = z.object({
  plan: pretrainPlanSchema,
  step: count,
  log: z.array(z.union([heldOutSchema, stepSchema])),
});
type Progress = z.output<typeof progressSchema>;

export const PRETRAINING_FILE = 'pretraining.json';
const LOG_FILE = 'pretraining_log.jsonl';
const STATE_FILE = 'pretraining_state.json';

/**
 * Pretrains an encoder to the end of its plan, or takes what an earlier call of the same plan left: the finished encoder, or
 * a checkpoint, which is written after each epoch and on interruption. Interrupted anywhere and run again, it ends in the
 * same bytes as one that ran through; a checkpoint of another plan is discarded.
 *
 * Errors: `failed` when interrupted (after saving), for a loss that is not finite, or where the system refuses to write.
 */
export async function pretrainRun(job: PretrainJob): Promise<PretrainResult> {
  const { folder, plan, sentences, reporter, signal } = job;
  await recoverFolder(folder);
  const finished = job.force ? null : await finishedResult(folder, plan);
  if (finished) {
    reporter.info({ en: `Pretrained encoder: reused from ${folder}.`, ko: `사전학습한 인코더를 다시 쓴다: ${folder}` });
    return finished;
  }
  const { state, progress } = (job.force ? null : await checkpointOf(job)) ?? (await freshStart(job));
  const { perEpoch, steps } = pretrainSteps(plan, sentences.train.length);
  const started = performance.now();
  const bar = reporter.progress('pretrain', steps, 'steps');
  let seen = 0;

  const afterStep = async ({ step, epoch, loss, lr, sentences: rows, settle }: PretrainStep) => {
    progress.step = step;
    progress.log.push({ step, epoch, loss, lr });
    seen += rows;
    const rate = seen / ((performance.now() - started) / 1000);
    bar.update(step, { loss: loss.toFixed(4), lr: lr.toExponential(2), 'sentences/s': rate.toFixed(1) });
    if (!signal.aborted) return;
    await settle();
    await saveCheckpoint(job, state, progress);
    throw failure(
      {
        en: `Interrupted after step ${step} of ${steps} of the pretraining; a checkpoint is saved.`,
        ko: `사전학습 ${steps}스텝 가운데 ${step}스텝 뒤에 중단했다. 체크포인트를 저장했다.`,
      },
      { en: 'Run the same command again to continue.', ko: '같은 명령을 다시 실행하면 이어 간다.' },
    );
  };
  const afterMeasure = async ({ step, loss }: HeldOutLoss) => {
    progress.log.push({ step, held_out_loss: loss });
    const where = step === 0 ? 'before pretraining' : `epoch ${step / perEpoch}/${plan.epochs} of pretraining`;
    if (loss !== null) reporter.info(`${where}: held-out loss ${loss.toFixed(4)}`);
    if (step > 0 && step < steps) await saveCheckpoint(job, state, progress);
  };

  try {
    const measured = losses(progress).at(-1)?.step ?? null;
    for await (const event of pretrainLoop(plan, state, sentences, job.options, measured))
      await (event.kind === 'step' ? afterStep(event) : afterMeasure(event));
  } finally {
    bar.end();
  }
  const result = {
    plan: progress.plan,
    sentences: sentences.train.length,
    held_out_sentences: sentences.heldOut.length,
    steps,
    held_out_loss: { before: losses(progress)[0]!.held_out_loss, after: losses(progress).at(-1)!.held_out_loss },
  };
  await replaceFolder(folder, async (fresh) => {
    await saveMaskedLanguageModel(fresh, state.model);
    await writeFileAtomic(join(fresh, LOG_FILE), toJsonLines(progress.log));
    await writeJson(join(fresh, PRETRAINING_FILE), result);
  });
  await rm(checkpointFolder(folder), { recursive: true, force: true });
  return result;
}

const losses = ({ log }: Progress) => log.flatMap((entry) => ('held_out_loss' in entry ? entry : []));

/** What an earlier call of the same plan left, or null. */
export async function finishedResult(folder: string, plan: PretrainPlan): Promise<PretrainResult | null> {
  const path = join(folder, PRETRAINING_FILE);
  if (!existsSync(path)) return null;
  const parsed = resultSchema.safeParse(await readJson(path));
  return parsed.success && samePlan(parsed.data.plan, plan) ? parsed.data : null;
}

const checkpointFolder = (folder: string): string => `${folder}.checkpoint`;

/** Beside the result, whole or not at all. */
const saveCheckpoint = ({ folder }: PretrainJob, { model, optimizer }: PretrainState, progress: Progress) =>
  replaceFolder(checkpointFolder(folder), async (fresh) => {
    await saveMaskedLanguageModel(fresh, model);
    await writeMoments(fresh, trainedOf(model), optimizer.moments);
    await writeJson(join(fresh, STATE_FILE), progress);
  });

async function freshStart({ plan, start, reporter }: PretrainJob) {
  const model = await start();
  for (const note of model.notes) reporter.info(note);
  // As reading it back gives it, so that a resumed pretraining writes the same bytes.
  const progress: Progress = { plan: pretrainPlanSchema.parse(plan), step: 0, log: [] };
  return { state: stateOf(model), progress };
}

async function checkpointOf({ folder, plan, reporter }: PretrainJob) {
  const checkpoint = checkpointFolder(folder);
  await recoverFolder(checkpoint);
  const path = join(checkpoint, STATE_FILE);
  if (!existsSync(path)) return null;
  const parsed = progressSchema.safeParse(await readJson(path));
  if (!parsed.success || !samePlan(parsed.data.plan, plan)) return null;
  const state = stateOf(await loadMaskedLanguageModel(checkpoint, { layers: null, tokens: [], seed: plan.seed }));
  state.optimizer.steps = parsed.data.step;
  await readMoments(checkpoint, state.optimizer.moments);
  reporter.info({ en: `Continuing from ${basename(checkpoint)}.`, ko: `이어서 학습한다: ${basename(checkpoint)}` });
  return { state, progress: parsed.data };
}

/** BERT's pooler is no part of what is trained. */
const trainedOf = ({ parameters }: MaskedLanguageModel) => parameters.filter(({ name }) => !name.includes('.pooler.'));

const stateOf = (model: MaskedLanguageModel): PretrainState => ({
  model,
  optimizer: createOptimizer(new Map(trainedOf(model).map(({ name }) => [name, model.weights.get(name)!]))),
});
