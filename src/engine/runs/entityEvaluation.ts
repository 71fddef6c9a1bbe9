import { join } from 'node:path';
import { mean } from '../../base/core/averages.ts';
import { writeFileAtomic, writeJson } from '../../base/core/files.ts';
import type { Metrics } from '../../base/core/types.ts';
import { BOOTSTRAP } from '../../base/eval/bootstrap.ts';
import { toCsv } from '../../base/eval/csv.ts';
import type { EntityReport } from '../../base/eval/entityMetrics.ts';
import { RUN_FILES } from './runFolder.ts';
import type { RunFacts } from './summary.ts';

/** An evaluation of a model that finds entities, and what its trainer knows beside it. */
export interface EvaluatedEntities {
  /** Null where there were no test sentences. */
  readonly report: EntityReport | null;
  /** Figures on the validation sentences. */
  readonly validation: Metrics | null;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly facts?: RunFacts & Readonly<Record<string, unknown>>;
}

/**
 * Entities in the figures that all runs have: `micro_f1` is the F1 of all entities, `macro_f1` the mean of the types',
 * `accuracy` the share of entities that were found right (recall). `entities` beside them has all there is.
 */
function metricsOf(report: EntityReport) {
  const { all, types } = report;
  return {
    metrics: {
      n: report.sentences,
      accuracy: all.recall,
      macro_f1: mean(Object.values(types).map(({ f1 }) => f1)),
      micro_f1: all.f1,
      auprc: null,
    },
    intervals: { accuracy: all.intervals.recall, macro_f1: null, micro_f1: all.intervals.f1, auprc: null },
    errors: all.support - all.right,
  };
}

/** What a missed entity was found as, and what an invented one is. */
const NONE = 'none';

const NOTHING = {
  metrics: { n: 0, accuracy: 0, macro_f1: 0, micro_f1: 0, auprc: null },
  intervals: { accuracy: null, macro_f1: null, micro_f1: null, auprc: null },
  errors: 0,
};

/** Writes summary, figures by type and the confusion of types into a folder. */
export async function writeEntityEvaluation(
  folder: string,
  { report, validation, seed, facts }: EvaluatedEntities,
): Promise<void> {
  const rows = Object.entries(report?.types ?? {}).map(([type, { precision, recall, f1, support, predicted }]) => [
    ...[type, precision, recall, f1, null, support, predicted],
  ]);
  const columns = ['label', 'precision', 'recall', 'f1', 'auprc', 'support', 'predicted'];
  await writeFileAtomic(join(folder, RUN_FILES.classes), toCsv(columns, rows));
  const labels = [...Object.keys(report?.types ?? {}), NONE];
  const matrix = (report?.confusion ?? []).map((cells, row) => [labels[row]!, ...cells]);
  await writeFileAtomic(join(folder, RUN_FILES.confusion), toCsv(['gold \\ predicted', ...labels], matrix));
  await writeJson(join(folder, RUN_FILES.summary), {
    ...(report ? metricsOf(report) : NOTHING),
    validation,
    top_confusions: [],
    bootstrap: { ...BOOTSTRAP, seed },
    entities: report,
    ...facts,
  });
}
