import type { AugmentationName } from '../../../base/core/settings.ts';
import type { Encoded } from '../../../base/text/inputEncoder.ts';
import type { TokenSpan } from '../../../base/text/window.ts';
import type { TrainingPlan } from '../../../engine/runs/plan.ts';
import { augmentationOf } from '../../../engine/train/augment/rows.ts';
import { batchesOf, type EpochRows } from '../../../engine/train/epochPlan.ts';
import { pretrainSteps } from '../../../engine/train/pretrainLoop.ts';
import type { PretrainPlan } from '../../../engine/train/pretrainPlan.ts';
import { finishedResult } from '../../../engine/train/pretrainRun.ts';
import { stepCount } from '../../../engine/train/sampling.ts';
import { learningRate } from '../../../engine/train/schedule.ts';
import { sentencePacking } from '../../../engine/train/sharedBatches.ts';
import { labelsOf } from '../../../engine/train/trainingState.ts';
import type { StageContext } from '../stage.ts';
import { prepareRuns } from './prepareRuns.ts';
import { type Pretraining, pretrainedFolder } from './pretraining.ts';
import { madeCounts, madeRows } from './rows.ts';

/** A token of a row, and whether it belongs to an entity: to its markers, or to its word between them. */
export interface ShownToken {
  readonly text: string;
  readonly part: 'subject-marker' | 'subject' | 'object-marker' | 'object' | null;
  /** Where tags are learned: its own, or null where it is unknown. */
  readonly tag?: string | null;
}

export interface ShownRow {
  readonly guid: string;
  /** What made the row; null for a row as it was given. */
  readonly augmentation: AugmentationName | null;
  /** Both null where a row has none of its own. */
  readonly label: string | null;
  readonly labelId: number | null;
  /** Tokens without padding. */
  readonly length: number;
  readonly padding: number;
  readonly tokens: readonly ShownToken[];
}

export interface ShownBatch {
  /** The optimizer step that it belongs to, from 1. */
  readonly step: number;
  readonly lr: number;
  /** Tokens of each row, padding included. */
  readonly width: number;
  readonly rows: readonly ShownRow[];
}

/** What a training would do, without doing it. */
export interface DryRun {
  readonly plan: TrainingPlan;
  readonly trainRows: number;
  /** Of these, the pairs of documents. */
  readonly textRows: number;
  /** Of these, the rows made from others, by technique. */
  readonly augmentedRows: Partial<Record<AugmentationName, number>>;
  readonly validationRows: number;
  /** Rows that an epoch goes through, some of them more than once where labels are sampled. */
  readonly epochRows: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** Expected peak memory in bytes. */
  readonly memory: number;
  /** What comes before: masked-language-model pretraining on sentences, and whether it was done already. */
  readonly pretraining: {
    readonly plan: PretrainPlan;
    readonly sentences: number;
    readonly heldOut: number;
    readonly steps: number;
    readonly isThere: boolean;
  } | null;
  /** Names of the teachers. */
  readonly teachers: readonly string[];
  /** Share of padding among the tokens of the first epoch. */
  readonly paddingShare: number;
  readonly batches: readonly ShownBatch[];
}

/** The plan and the first batches of each run, as training would see them; writes nothing and reads no weights. */
export async function dryRun(context: StageContext, count: number): Promise<Readonly<Record<string, DryRun>>> {
  const { rows, plans, view, task, pretraining, teachers, memory } = await prepareRuns(context);
  const before = pretraining && (await pretrainingView(context.settings.out, pretraining));
  const { labels } = task.labelSet;
  const trainLabels = labelsOf(rows.train);
  const padToken = view.tokenizer.token(view.tokenizer.padId);
  const inputs = view.inputs(task.maxLength);
  const shown = (row: number, width: number): ShownRow => {
    const { example } = rows.train[row]!;
    const encoded = inputs.encode(example);
    const length = encoded.ids.length;
    const tokens = partsOf(encoded.tokens(), encoded.markers());
    const padding = Array.from({ length: width - length }, () => ({ text: padToken, part: null }));
    const { guid, label } = example;
    const labelId = labels.indexOf(label);
    return {
      guid,
      augmentation: augmentationOf(example),
      label,
      labelId,
      length,
      padding: padding.length,
      tokens: [...tokens, ...padding],
    };
  };
  const lengths = rows.train.map(({ encoded }) => encoded.ids.length);
  const runOf = (plan: TrainingPlan): DryRun => {
    const isText = (row: number) => rows.train[row]!.isText === true;
    const packing = rows.shared ? sentencePacking(rows.shared.train, lengths, plan) : null;
    return {
      plan,
      trainRows: rows.train.length,
      textRows: rows.texts,
      augmentedRows: madeCounts(madeRows(rows)),
      validationRows: rows.validation.length,
      memory,
      pretraining: before,
      teachers: teachers.map(({ name }) => name),
      ...epochView(plan, { groups: trainLabels, lengths, isText, packing }, count, shown),
    };
  };
  return Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, runOf(plan)]));
}

/** The first epoch of a plan: its size, its padding, and its first batches. */
export function epochView(
  plan: TrainingPlan,
  rows: EpochRows,
  count: number,
  shown: (row: number, width: number) => ShownRow,
): Pick<DryRun, 'epochRows' | 'stepsPerEpoch' | 'steps' | 'paddingShare' | 'batches'> {
  const { lengths } = rows;
  const { perEpoch, steps } = stepCount(plan, [...rows.groups]);
  const batches = batchesOf(plan, rows, 0);
  const chosen = batches.flat();
  const widthOf = (batch: readonly number[]) => Math.max(...batch.map((row) => lengths[row]!));
  const padded = batches.reduce((sum, batch) => sum + batch.length * widthOf(batch), 0);
  return {
    epochRows: chosen.length,
    stepsPerEpoch: perEpoch,
    steps,
    paddingShare: 1 - chosen.reduce((sum, row) => sum + lengths[row]!, 0) / padded,
    batches: batches.slice(0, count).map((batch, index) => {
      const step = Math.floor(index / plan.accumulate);
      const width = widthOf(batch);
      const lr = learningRate(step, { ...plan, peak: plan.lr, steps });
      return { step: step + 1, lr, width, rows: batch.map((row) => shown(row, width)) };
    }),
  };
}

async function pretrainingView(out: string, { plan, sentences }: Pretraining): Promise<DryRun['pretraining']> {
  const { train, heldOut } = sentences;
  const { steps } = pretrainSteps(plan, train.length);
  const isThere = (await finishedResult(pretrainedFolder(out, plan), plan)) !== null;
  return { plan, sentences: train.length, heldOut: heldOut.length, steps, isThere };
}

function partsOf(tokens: readonly string[], markers: ReturnType<Encoded['markers']>): ShownToken[] {
  const within = (index: number, { start, end }: TokenSpan) => index >= start && index < end;
  return tokens.map((text, index) => {
    for (const role of ['subject', 'object'] as const) {
      const { open, close } = markers[role];
      if (within(index, open) || within(index, close)) return { text, part: `${role}-marker` };
      if (within(index, { start: open.end, end: close.start })) return { text, part: role };
    }
    return { text, part: null };
  });
}
