import { namedLabelSet } from '../../../base/data/labelSet.ts';
import { RUN_KEYS } from '../../../base/eval/systems.ts';
import type { ErrorRow } from '../../../engine/runs/evaluation.ts';
import { type FineTunedRecord, readFineTuned } from '../../../engine/runs/record.ts';
import { isFineTuned, isStudyRun, runNames } from '../../../engine/runs/runFolder.ts';
import { type RunSummary, readSummary } from '../../../engine/runs/summary.ts';
import { meanOrZero } from './comparisonFacts.ts';

/** How many labels and errors the section shows. */
const SHOWN = 5;

/** What stage 06 left under `out`. */
export interface TrainingFacts {
  /** Every finished run with its figures: those of the study in their order, then others by name. */
  readonly runs: readonly { readonly name: string; readonly record: RunSummary }[];
  /** Runs of the study that are not there. */
  readonly missing: readonly string[];
  /** The fine-tuned runs of the study; where there are none, the named run that is best on validation. */
  readonly detailed: readonly FineTunedRecord[];
  /** Fine-tuned runs that are only listed. */
  readonly others: readonly FineTunedRecord[];
}

/** Errors: those of reading the runs. */
export async function trainingFacts(out: string): Promise<TrainingFacts> {
  const names = await runNames(out);
  const runs: { name: string; record: RunSummary }[] = [];
  const fineTuned: FineTunedRecord[] = [];
  for (const name of names) {
    runs.push({ name, record: await readSummary(out, name) });
    if (isFineTuned(out, name)) fineTuned.push(await readFineTuned(out, name));
  }
  const study = fineTuned.filter(({ name }) => isStudyRun(name));
  const detailed = study.length > 0 ? study : fineTuned.toSorted((a, b) => validated(b) - validated(a)).slice(0, 1);
  return {
    runs,
    missing: RUN_KEYS.filter((key) => !names.includes(key)),
    detailed,
    others: fineTuned.filter((run) => !detailed.includes(run)),
  };
}

const validated = ({ summary }: FineTunedRecord): number => summary.validation?.macro_f1 ?? 0;

/** Each validation beside the mean training loss of the steps since the one before. */
export const epochRows = ({ epochs, steps, summary }: FineTunedRecord) =>
  epochs.map(({ epoch, step, validation }, i) => {
    const before = epochs[i - 1]?.step ?? 0;
    const since = steps.filter((entry) => entry.step > before && entry.step <= step);
    return {
      epoch,
      step,
      loss: meanOrZero(since.map(({ loss }) => loss)),
      validation,
      isBest: step === (summary.best_step ?? epochs.findLast((other) => other.epoch === summary.best_epoch)?.step),
    };
  });

/** How the training went: the loss of the first and the last epoch, and whether the last epoch was the best. */
export function progressOf(run: FineTunedRecord) {
  const rows = epochRows(run);
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const best = rows.find(({ isBest }) => isBest)!;
  return {
    firstLoss: first.loss,
    bestLoss: best.loss,
    lastLoss: last.loss,
    best: best.epoch,
    last: last.epoch,
    bestMacro: best.validation.macro_f1,
    lastMacro: last.validation.macro_f1,
    validationRows: best.validation.n,
  };
}

/** Labels of the test rows, the highest F1 first; those alike by more rows. */
const rankedClasses = ({ classes }: FineTunedRecord) =>
  classes.filter(({ support }) => support > 0).toSorted((a, b) => b.f1 - a.f1 || b.support - a.support);

/** The labels with the highest and the lowest F1; among the lowest, those with most rows first. */
export function extremeClasses(run: FineTunedRecord) {
  const ranked = rankedClasses(run);
  const best = ranked.slice(0, SHOWN);
  const worst = ranked
    .filter((row) => !best.includes(row))
    .toSorted((a, b) => a.f1 - b.f1 || b.support - a.support)
    .slice(0, SHOWN);
  return { best, worst, never: ranked.filter(({ f1 }) => f1 === 0).map(({ label }) => label) };
}

/** Mean F1 of the half of the labels with fewer test rows; ties in the label set's order. */
export function rareF1({ classes }: FineTunedRecord): number {
  const bySupport = classes.filter(({ support }) => support > 0).toSorted((a, b) => a.support - b.support);
  return meanOrZero(bySupport.slice(0, Math.floor(bySupport.length / 2)).map(({ f1 }) => f1));
}

/** Errors by kind: relations missed, relations seen where there is none, and one relation taken for another. */
export function errorKinds({ classes, confusion }: FineTunedRecord) {
  const { noRelation } = namedLabelSet(classes.map(({ label }) => label));
  if (noRelation === null) return null;
  const wrong = confusion.filter(({ gold, predicted }) => gold !== predicted);
  const rows = (cells: typeof wrong) => cells.reduce((sum, { count }) => sum + count, 0);
  return {
    noRelation,
    all: rows(wrong),
    missed: rows(wrong.filter(({ predicted }) => predicted === noRelation)),
    invented: rows(wrong.filter(({ gold }) => gold === noRelation)),
    swapped: rows(wrong.filter(({ gold, predicted }) => gold !== noRelation && predicted !== noRelation)),
  };
}

/** The most confident errors, one of each pair of gold and predicted label. */
export function shownErrors({ errors }: FineTunedRecord): ErrorRow[] {
  const pairOf = ({ gold, predicted }: ErrorRow) => JSON.stringify([gold, predicted]);
  return errors.filter((row, i) => errors.findIndex((other) => pairOf(other) === pairOf(row)) === i).slice(0, SHOWN);
}
