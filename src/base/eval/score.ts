import { basename, dirname } from 'node:path';
import type { Reporter } from '../core/reporter.ts';
import type { LabelSet, Metrics } from '../core/types.ts';
import { columnMapping } from '../data/formats/columns.ts';
import { loadRows } from '../data/loadRows.ts';
import { readRelationList } from '../data/relationList.ts';
import { KLUE_LABELS } from '../data/relations.ts';
import { bootstrapIntervals, type Intervals } from './bootstrap.ts';
import { codeRows } from './codedRows.ts';
import { metricsOf, onceEach } from './metrics.ts';
import { type ClassMetrics, perClassMetrics } from './perClass.ts';
import { alignPredictions, readPredictionFile } from './predictionFile.ts';

/** How `scoreFiles` scores. */
export interface ScoreOptions {
  /** Of the bootstrap. */
  readonly seed: number;
  /** What to do with invalid gold rows; default `error`. */
  readonly onBadRow?: 'error' | 'skip';
  /** How the gold file names its columns, as `--columns` has it. */
  readonly columns?: string | null;
}

/** The four figures with their 95 % intervals, and those of each label. */
export interface Score extends Metrics {
  readonly intervals: Intervals;
  readonly per_class: readonly ClassMetrics[];
}

/**
 * Scores any system's predictions against a labelled file: `korex score`.
 *
 * The label set is `relation_list.json` beside the gold file; without one KLUE's 30 labels where all gold labels are
 * among them, else the labels that the gold rows have. Errors: `usage` for a gold file or predictions that are
 * not valid (see `loadRows`, `readPredictionFile` and `alignPredictions`).
 *
 * @example
 * const { micro_f1, auprc } = await scoreFiles('klue-re-v1.1_dev.json', 'answers.jsonl', { seed: 42 }, reporter);
 */
export async function scoreFiles(
  goldPath: string,
  predictionsPath: string,
  { seed, onBadRow = 'error', columns = null }: ScoreOptions,
  reporter: Reporter,
): Promise<Score> {
  const loaded = await loadRows(goldPath, { onBadRow, columns: columnMapping(columns) });
  for (const note of loaded.notes) reporter.info(note);
  if (loaded.rejected.length > 0)
    reporter.warn({
      en: `${loaded.rejected.length} invalid rows of ${basename(goldPath)} are left out.`,
      ko: `${basename(goldPath)}에서 잘못된 ${loaded.rejected.length}행을 뺐다.`,
    });
  const hasList = (await readRelationList(dirname(goldPath))) !== null;
  const labelSet = hasList ? loaded.labelSet : officialOr(loaded.labelSet);
  const given = await readPredictionFile(predictionsPath);
  const predictions = alignPredictions(predictionsPath, given, loaded.rows, labelSet);
  const gold = loaded.rows.map(({ label }) => label);
  const rows = codeRows(gold, predictions, labelSet);
  return {
    ...metricsOf(rows, onceEach(rows)),
    intervals: bootstrapIntervals([rows], { seed }),
    per_class: perClassMetrics(gold, predictions, labelSet),
  };
}

/** A sample of KLUE rows may miss labels that predictions rightly name, and macro-F1 counts. */
const officialOr = (labelSet: LabelSet): LabelSet =>
  labelSet.labels.every((label) => KLUE_LABELS.includes(label))
    ? { labels: KLUE_LABELS, noRelation: 'no_relation' }
    : labelSet;
