import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usageError } from '../../base/core/errors.ts';
import { writeJson } from '../../base/core/files.ts';
import { recoverFolder } from '../../base/core/folders.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import { flagOf, type Settings } from '../../base/core/settings.ts';
import type { RelationModel } from '../nn/relationModel.ts';
import {
  finishedProgress,
  latestProgress,
  removeOldCheckpoints,
  type TrainingProgress,
  writeBest,
  writeFinished,
} from '../runs/checkpoint.ts';
import { openLiveLog } from '../runs/liveLog.ts';
import { differences, type TrainingPlan, trainingPlanSchema } from '../runs/plan.ts';
import { bestFolder, holdsModel, RUN_FILES } from '../runs/runFolder.ts';
import { type LogEntry, type ValidationEntry, validationsOf, writeLog } from '../runs/trainingLog.ts';
import { bestSteps, isBetter, isExhausted } from './bestChoice.ts';
import { stepCount } from './sampling.ts';
import { type StepEvent, trainingLoop, type ValidationEvent } from './trainingLoop.ts';
import {
  loadState,
  savedModel,
  saveState,
  startingState,
  type TrainingRow,
  type TrainingRows,
  type TrainingState,
} from './trainingState.ts';
import type { LoopOptions, TrainingTask } from './trainingTask.ts';
import type { TunedModel } from './tuning.ts';

export interface TrainingJob<Model extends TunedModel = RelationModel, Row = TrainingRow> {
  readonly task: TrainingTask<Model, Row>;
  /**
   * The run's folder: checkpoints, the best model, log and timings are written there, and, until the training ends, the
   * live log.
   */
  readonly folder: string;
  readonly plan: TrainingPlan;
  readonly rows: TrainingRows<Row>;
  readonly options: LoopOptions & Pick<Settings, 'checkpointEvery' | 'keepCheckpoints' | 'keepBest'>;
  /** Makes the model to start from, when there is nothing to resume. */
  start(): Promise<Model>;
  /** What to do with checkpoints already there: go on where they are of the same plan, insist on it, or start over. */
  readonly resume: 'if-same' | 'required' | 'never';
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface TrainedRun<Model = RelationModel> {
  /** With the weights of the best validation. */
  readonly model: Model;
  readonly best: ValidationEntry;
  readonly steps: number;
  /** Whether patience ended it before its last epoch. */
  readonly stoppedEarly: boolean;
  readonly log: readonly LogEntry[];
}

/** Checkpoints that stay while a training goes on: a second one, should the newest turn out to be damaged. */
const KEPT_MEANWHILE = 2;

/**
 * Trains a run to its end, from the start or from its newest checkpoint; one that has come to its end is answered from what
 * it left. Interrupted anywhere and resumed, it ends in the
 * same bytes as one that ran through.
 *
 * Errors: `failed` when interrupted (after saving), for a loss that is not finite, a full disk, or a checkpoint that cannot
 * be read; `usage` where resuming is required and there is nothing to resume, or it was made with other settings.
 */
export async function trainRun<Model extends TunedModel, Row>(
  job: TrainingJob<Model, Row>,
): Promise<TrainedRun<Model>> {
  const { task, folder, plan, rows, options, reporter, signal } = job;

  // From the newest checkpoint, or from the start.
  await recoverFolder(bestFolder(folder));
  const finished = await finishedRun(job);
  if (finished) return finished;
  const { state, progress } = (await checkpointOf(job)) ?? (await freshStart(job));
  const isDone = () => isExhausted(progress.log, progress.best, plan.patience);

  // What it leaves on the way: a log, whole at each checkpoint and live in between, and checkpoints.
  const { steps, perEpoch } = stepCount(plan, task.groupsOf(rows.train));
  const given = task.givenOf(rows.train);
  const head = { plan: progress.plan, steps, steps_per_epoch: perEpoch, trained_rows: given };
  const live = openLiveLog(folder, head, progress.log, reporter);
  const log = (entry: LogEntry): Promise<void> => {
    progress.log.push(entry);
    return live.add(entry);
  };
  const keep = (newest: number): Promise<void> =>
    removeOldCheckpoints(folder, { newest, steps: bestSteps(progress.log, plan.bestMetric, options.keepBest) });
  const save = async (): Promise<void> => {
    await saveState(folder, state, progress, task);
    await keep(options.keepCheckpoints ?? KEPT_MEANWHILE);
    await writeLog(folder, progress.log);
  };
  const meter = openMeter(plan, steps, reporter);

  const afterStep = async (event: StepEvent): Promise<void> => {
    const { step, epoch, loss, lr, norm, settle } = event;
    progress.step = step;
    await log({ step, epoch, loss, lr, norm });
    meter.update(event);
    if (signal.aborted) {
      await settle();
      await save();
      await live.end();
      throw failure(
        {
          en: `Interrupted after step ${step} of ${steps}; a checkpoint is saved.`,
          ko: `${steps}스텝 가운데 ${step}스텝 뒤에 중단했다. 체크포인트를 저장했다.`,
        },
        {
          en: 'Run the same command again to continue (`korex train` with --resume).',
          ko: '같은 명령을 다시 실행하면 이어 간다(`korex train`에는 --resume을 붙인다).',
        },
      );
    }
    if (options.checkpointEvery !== null && step % options.checkpointEvery === 0) {
      await settle();
      await save();
    }
  };

  const afterValidation = async ({ step, epoch, endsEpoch, validation }: ValidationEvent): Promise<void> => {
    await log({ step, epoch, validation });
    if (progress.best === null || isBetter(validation, progress.best.validation, plan.bestMetric)) {
      progress.best = { step, epoch, validation };
      await writeBest(folder, savedModel(state), task);
    }
    await save();
    const where = endsEpoch ? `epoch ${epoch}/${plan.epochs}` : `step ${step}/${steps}`;
    reporter.info(`${where}: validation ${task.describe(validation)}`);
    if (isDone())
      reporter.info(
        `Stopped early: the best validation is ${plan.patience} validations back, at step ${progress.best.step}.`,
      );
  };

  const validatedStep = validationsOf(progress.log).at(-1)?.step ?? 0;
  try {
    if (!isDone())
      for await (const event of trainingLoop(task, plan, state, rows, options, validatedStep)) {
        await (event.kind === 'step' ? afterStep(event) : afterValidation(event));
        if (isDone()) break;
      }
  } finally {
    meter.end();
  }

  // What is left when it is done: the whole log, a note of how it ended, the checkpoints asked for, the time it took.
  await writeLog(folder, progress.log);
  await live.end();
  await writeFinished(folder, progress);
  await keep(options.keepCheckpoints ?? 0);
  const timings = meter.timings();
  if (timings) await writeJson(join(folder, RUN_FILES.timings), timings);
  const model = await task.load(bestFolder(folder));
  return { model, best: progress.best!, steps: progress.step, stoppedEarly: isDone(), log: progress.log };
}

/** What a training of the same plan left that has come to its end; null where there is none, or it is to be done again. */
async function finishedRun<Model extends TunedModel, Row>({
  task,
  folder,
  plan,
  resume,
  reporter,
}: TrainingJob<Model, Row>): Promise<TrainedRun<Model> | null> {
  const progress = resume === 'never' ? null : await finishedProgress(folder);
  if (progress?.best == null || differences(plan, progress.plan).length > 0) return null;
  if (!holdsModel(bestFolder(folder))) return null;
  reporter.info({ en: `Trained already: ${folder}.`, ko: `이미 학습했다: ${folder}` });
  const { best, step, log } = progress;
  const model = await task.load(bestFolder(folder));
  return { model, best, steps: step, stoppedEarly: isExhausted(log, best, plan.patience), log };
}

/** Shows the steps with their speed, and measures what they took. */
function openMeter({ loss: name }: TrainingPlan, steps: number, reporter: Reporter) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let rows = 0;
  let bar: ReturnType<Reporter['progress']> | null = null;
  return {
    update({ step, loss, lr, rows: more }: StepEvent): void {
      rows += more;
      bar ??= reporter.progress(name === 'ce' ? 'train' : `train (${name})`, steps, 'steps');
      const rate = (rows / seconds()).toFixed(1);
      bar.update(step, { loss: loss.toFixed(4), lr: lr.toExponential(2), 'rows/s': rate });
    },
    end: (): void => bar?.end(),
    /** Null where no step was taken. */
    timings() {
      if (rows === 0) return null;
      const took = seconds();
      const peak = process.resourceUsage().maxRSS * 1024;
      return { rows, seconds: took, rows_per_second: rows / took, peak_memory_bytes: peak };
    },
  };
}

/** Where a training starts or continues. */
interface Start<Model extends TunedModel> {
  readonly state: TrainingState<Model>;
  readonly progress: TrainingProgress;
}

async function freshStart<Model extends TunedModel, Row>({
  folder,
  plan,
  start,
}: TrainingJob<Model, Row>): Promise<Start<Model>> {
  // The model first: where it cannot be made, the folder stays as it is.
  const model = await start();
  if (existsSync(folder)) await rm(folder, { recursive: true });
  // As reading it back gives it, so that a resumed run writes the same bytes.
  const progress = { plan: trainingPlanSchema.parse(plan), step: 0, best: null, log: [] };
  return { state: startingState(plan, model), progress };
}

/** Parts of a plan that are no option of the same name. */
const CHANGED: Readonly<Record<string, string>> = {
  data: 'the training rows',
  taptSeed: '--seed',
  teachers: 'the teachers (--teacher)',
};

/** The newest checkpoint, where the job may go on from it. */
async function checkpointOf<Model extends TunedModel, Row>({
  task,
  folder,
  plan,
  resume,
  reporter,
}: TrainingJob<Model, Row>): Promise<Start<Model> | null> {
  if (resume === 'never') return null;
  const latest = await latestProgress(folder);
  if (!latest) {
    if (resume === 'if-same') return null;
    throw usageError(
      {
        en: `There is nothing to resume: ${folder} holds no checkpoint.`,
        ko: `이어 갈 것이 없다. ${folder}에 체크포인트가 없다.`,
      },
      { en: 'Leave --resume out to start.', ko: '처음 시작할 때는 --resume을 뺀다.' },
    );
  }
  const changed = differences(plan, latest.progress.plan);
  if (changed.length > 0) {
    if (resume === 'if-same') return null;
    const names = changed.map((name) => CHANGED[name] ?? flagOf(name)).join(', ');
    throw usageError(
      {
        en: `${latest.folder} was made with other settings: ${names} changed.`,
        ko: `${latest.folder}: 다른 설정으로 만든 것이다. 바뀐 설정: ${names}.`,
      },
      {
        en: 'Resume with the settings that it was started with, or start over with --force or another --name.',
        ko: '처음 시작할 때의 설정으로 이어 가거나, --force나 다른 --name으로 새로 시작한다.',
      },
    );
  }
  // It was finished, but what it came to is gone.
  if (latest.folder === folder) return null;
  reporter.info({ en: `Continuing from ${latest.folder}.`, ko: `이어서 학습한다: ${latest.folder}` });
  return { state: await loadState(latest.folder, latest.progress, task), progress: latest.progress };
}
