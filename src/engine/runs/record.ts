import { loadCalibration } from './calibration.ts';
import { checklistSchema } from './checklist.ts';
import { readClasses, readConfusion, readErrors } from './evaluation.ts';
import { readRunFile } from './readRunFile.ts';
import { bestFolder, RUN_FILES, runFolder } from './runFolder.ts';
import { readFineTunedSummary } from './summary.ts';
import { logSchema, stepsOf, validationsOf } from './trainingLog.ts';

/** What the folder of a fine-tuned run holds. */
export type FineTunedRecord = Awaited<ReturnType<typeof readFineTuned>>;

/** Everything that a fine-tuned run wrote for people. Errors: those of `readRunFile`. */
export async function readFineTuned(out: string, name: string) {
  const log = await readRunFile(out, name, RUN_FILES.log, logSchema);
  const { labels, counts } = await readConfusion(out, name);
  return {
    name,
    summary: await readFineTunedSummary(out, name),
    steps: stepsOf(log),
    epochs: validationsOf(log),
    classes: await readClasses(out, name),
    /** The cells of the confusion matrix that are not zero. */
    confusion: labels.flatMap((gold, g) =>
      labels.flatMap((predicted, p) => (counts[g]![p] === 0 ? [] : { gold, predicted, count: counts[g]![p]! })),
    ),
    errors: await readErrors(out, name),
    checklist: await readRunFile(out, name, RUN_FILES.checklist, checklistSchema),
    // Runs of earlier versions have none.
    calibration: await loadCalibration(bestFolder(runFolder(out, name))),
  };
}
