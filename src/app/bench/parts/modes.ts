import { usageError } from '../../../base/core/errors.ts';
import type { Settings } from '../../../base/core/settings.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { computeMetrics } from '../../../base/eval/metrics.ts';
import type { RelationModel } from '../../../engine/nn/relationModel.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { epochBatches } from '../../../engine/train/batches.ts';
import { recipeOf } from '../../../engine/train/recipes.ts';
import { TRAINING_TASKS } from '../../../engine/train/tasks.ts';
import { type TrainingEvent, trainingLoop } from '../../../engine/train/trainingLoop.ts';
import { savedModel, startingState } from '../../../engine/train/trainingState.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import { type PreparedRows, prepareRows } from '../../../study/stages/training/rows.ts';
import { runPlan } from '../../../study/stages/training/runPlan.ts';
import { alternate, figuresOf, ratioTable, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { openTorchSteps, torchSides } from '../peers/torchSteps.ts';
import { type Figure, type Measured, spreadOf } from '../result.ts';
import { DROPOUT } from './step.ts';

const ROUNDS = 5;
const SCHEDULE = { warmup: 2, block: 4 };

interface Mode {
  readonly name: string;
  readonly settings: Partial<Settings>;
}

/** Full fine-tuning first, then what is cheaper. */
const modesOf = (layers: number): Mode[] => [
  { name: 'full', settings: {} },
  { name: 'layer decay 0.9', settings: { layerDecay: 0.9 } },
  ...[...new Set([Math.floor(layers / 3), Math.floor(layers / 2), Math.floor((2 * layers) / 3)])]
    .filter((frozen) => frozen > 0)
    .map((frozen) => ({
      name: `${frozen} of ${layers} layers frozen`,
      settings: { freezeLayers: frozen },
    })),
  { name: 'LoRA, rank 16', settings: { loraRank: 16 } },
];

/** One mode's training, step by step, and what it ends in. */
interface Training extends Side {
  /** Trains to the end; macro-F1 on rows that it never saw. */
  score(test: readonly LabelledExample[]): Promise<number>;
  release(): Promise<void>;
}

/**
 * Training steps on the rows of `--data` in each mode, all on the same batches of similar length; against PyTorch's full
 * fine-tuning with bf16 autocast. With `--quality` each mode is also trained to its end and scored on the test rows.
 */
export async function measureModes(context: BenchContext): Promise<Measured> {
  const { settings, options, batchSize, threads, shape, signal, reporter } = context;
  const dataset = await context.dataset();
  const { labelSet, entityTypes } = dataset;
  const head = settings.head === 'auto' ? recipeOf(settings.encoder).head : settings.head;
  const open = () => context.openModel({ labelSet, entityTypes, head });
  const model = await open();
  const prepared = prepareRows({ dataset, settings }, model);
  // Whole batches only, so that every step has the same number of rows.
  const whole = prepared.train.length - (prepared.train.length % batchSize);
  const rows: PreparedRows = { ...prepared, train: prepared.train.slice(0, whole) };
  const schedule = { ...SCHEDULE, rounds: options.repeat ?? ROUNDS };
  const calls = schedule.warmup + schedule.rounds * schedule.block;
  const epochs = Math.max(options.quality ?? 1, 1);
  if ((whole / batchSize) * epochs < calls)
    throw usageError(
      {
        en: `${prepared.train.length} training rows make ${(whole / batchSize) * epochs} steps; ${calls} are timed.`,
        ko: `학습 행 ${prepared.train.length}개로는 ${(whole / batchSize) * epochs}스텝인데, ${calls}스텝을 재야 한다.`,
      },
      { en: 'Take more rows or fewer rounds (--repeat).', ko: '행을 늘리거나 반복(--repeat)을 줄인다.' },
    );
  const base = { ...settings, batchSize, epochs, dropout: DROPOUT };
  const plans = modesOf(model.spec.config.num_hidden_layers).map(({ name, settings: changes }) => ({
    name,
    plan: runPlan({ ...base, ...changes }, model.task, 'ce', rows),
  }));
  const torch = options.against.includes('pytorch')
    ? await openTorchSteps(
        context,
        await context.openModel({ labelSet, entityTypes }),
        firstBatches(rows, plans[0]!.plan, calls, labelSet.labels),
        DROPOUT,
      )
    : null;
  const trainings: Training[] = [];
  for (const { name, plan } of plans) trainings.push(openTraining(context, name, plan, await open(), rows));
  const sides = [...trainings, ...(torch ? torchSides(torch, ['fp32', 'bf16']) : [])];
  try {
    const timings = await alternate(sides, schedule, { signal, reporter, title: `modes ${shape}` });
    const ours = trainings.length;
    const figures: Figure[] = figuresOf(sides, timings, { ours, rows: batchSize });
    if (options.quality !== null)
      for (const training of trainings)
        figures.push({
          system: training.system,
          unit: 'macro-F1',
          value: spreadOf([await training.score(dataset.test)]),
          ratio: null,
        });
    return {
      figures,
      details: torch ? [ratioTable('Speed over PyTorch’s full fine-tuning', sides, timings, ours)] : [],
      facts: {
        rows: rows.train.length,
        batch: batchSize,
        head,
        lr: plans[0]!.plan.lr,
        epochs: options.quality,
        test_rows: options.quality === null ? null : dataset.test.length,
        threads,
        ...torch?.versions,
      },
    };
  } finally {
    for (const training of trainings) await training.release();
  }
}

/** The batches of the first steps, as `trainingLoop` takes them. */
function firstBatches(rows: PreparedRows, { batchSize, seed }: TrainingPlan, count: number, labels: readonly string[]) {
  const lengths = rows.train.map(({ encoded }) => encoded.ids.length);
  const epochs = Math.ceil(count / (lengths.length / batchSize));
  const batches = Array.from({ length: epochs }, (_, epoch) => epochBatches(lengths, batchSize, seed, epoch)).flat();
  return batches.slice(0, count).map((batch) => ({
    rows: batch.map((row) => rows.train[row]!.encoded),
    labels: batch.map((row) => labels.indexOf(rows.train[row]!.example.label)),
  }));
}

function openTraining(
  { settings, threads, reporter }: BenchContext,
  name: string,
  plan: TrainingPlan,
  model: RelationModel,
  rows: PreparedRows,
): Training {
  const device = { device: settings.device, threads };
  const state = startingState(plan, model);
  const loop = trainingLoop(TRAINING_TASKS.relation, plan, state, rows, {
    ...device,
    evalBatchSize: settings.evalBatchSize,
  });
  /** Seconds of the next step; null at the end. Validations in between do not count. */
  const next = async (): Promise<number | null> => {
    const start = performance.now();
    const { value, done } = (await loop.next()) as IteratorResult<TrainingEvent, undefined>;
    if (done) return null;
    return value.kind === 'step' ? (performance.now() - start) / 1000 : next();
  };
  return {
    system: `korex, ${name}`,
    run: async () => {
      const seconds = await next();
      if (seconds === null) throw new Error(`The training in the mode ${name} is over.`);
      return seconds;
    },
    async score(test) {
      reporter.info(`training to the end: ${name}`);
      while ((await next()) !== null);
      const classifier = await openClassifier(savedModel(state), device);
      const predictions = await classifier.predict(test);
      await classifier.release();
      return computeMetrics(
        test.map(({ label }) => label),
        predictions,
        model.task.labelSet,
      ).macro_f1;
    },
    release: async () => void (await loop.return(undefined)),
  };
}
