import type { Dataset, LabelledExample, Prediction } from '../../base/core/types.ts';
import { datasetDigest, rowsDigest } from '../../base/data/digest.ts';
import { type LoadedSide, loadSide } from '../../base/data/loadDataset.ts';
import { sampleRows } from '../../base/data/sampleRows.ts';
import { labelText } from '../../base/eval/ablation/labelText.ts';
import { bootstrapIntervals } from '../../base/eval/bootstrap.ts';
import { codeRows } from '../../base/eval/codedRows.ts';
import { metricsOf, onceEach } from '../../base/eval/metrics.ts';
import { asWritten, writePredictions } from '../../engine/runs/evaluation.ts';
import { loadClassifier } from '../../inference/predict/classifier.ts';
import { finalAnswers } from '../stages/training/evaluateRun.ts';
import { prepareRuns } from '../stages/training/prepareRuns.ts';
import { withDistillationTargets } from '../stages/training/rows.ts';
import { startingPoint } from '../stages/training/startingPoint.ts';
import { fineTune } from '../stages/training.ts';
import type { AnswerFacts, ExperimentTask } from './experimentTask.ts';
import { drawRows } from './rows.ts';

/** Relations of marked pairs, judged by macro-F1. */
export const relationExperiment: ExperimentTask = {
  async open(source, counts, origin, { reporter }) {
    const side = await loadSide(source, 'train', reporter);
    const { train, judged } = drawRows(side.rows, counts, origin, sampleRows);
    const { labelSet, entityTypes } = side;
    const digest = datasetDigest(labelSet, entityTypes, train, judged);
    const dataset: Dataset = {
      ...{ name: side.name, labelSet, entityTypes, train, test: judged, files: [side.file], digest },
    };
    const goldText = (rows: readonly LabelledExample[]) =>
      labelText(Int32Array.from(rows, ({ label }) => labelSet.labels.indexOf(label)));
    const factsOf = (rows: readonly LabelledExample[], predictions: readonly Prediction[]): AnswerFacts => {
      const gold = rows.map(({ label }) => label);
      const coded = codeRows(gold, predictions, labelSet);
      return {
        metrics: metricsOf(coded, onceEach(coded)),
        auprc_interval: bootstrapIntervals([coded], { seed: counts.seed }).auprc,
        predicted: labelText(coded.predicted),
      };
    };
    return {
      facts: {
        data: {
          ...{ name: side.name, seed: counts.seed },
          ...{ training: rowsOf(side.file, train), judged: rowsOf(side.file, judged) },
        },
        ...{ labels: [...labelSet.labels], no_relation: labelSet.noRelation, gold: goldText(judged) },
      },
      digest,
      async plan(context) {
        const { plans } = await prepareRuns({ ...context, dataset });
        return plans[context.settings.name!]!;
      },
      async train(run, { name, folder, timed }) {
        const context = { ...run, dataset };
        const prepared = await prepareRuns(context);
        const rows = await withDistillationTargets(context, prepared);
        const tuning = { name, folder, plan: prepared.plans[name]!, rows, resume: 'if-same' } as const;
        const start = startingPoint(context, prepared);
        const { value: trained, minutes } = await timed(() => fineTune(context, { ...tuning, start }));
        const predictions = asWritten((await finalAnswers(context, name, trained.model, rows)).predictions);
        const { epoch, validation } = trained.best;
        const { n, accuracy, macro_f1, micro_f1, auprc } = validation;
        return {
          minutes,
          facts: {
            ...{ best_epoch: epoch, steps: trained.steps, validation: { n, accuracy, macro_f1, micro_f1, auprc } },
            ...factsOf(judged, predictions),
          },
          writeAnswers: (answers) => writePredictions(answers, judged, predictions, labelSet),
        };
      },
      async test({ reporter: watched }) {
        const { rows, file } = await loadSide(source, 'test', watched, { labelSet, entityTypes });
        return {
          test: rowsOf(file, rows),
          gold: goldText(rows),
          async answer(folder, run, { settings, reporter: shown, signal }) {
            const classifier = await loadClassifier(folder, settings);
            const bar = shown.progress(`test ${run}`, rows.length, 'rows');
            const onProgress = (done: number) => bar.update(done);
            try {
              const options = { batchSize: settings.evalBatchSize, signal, onProgress };
              return factsOf(rows, asWritten(await classifier.predict(rows, options)));
            } finally {
              bar.end();
              await classifier.release();
            }
          },
        };
      },
    };
  },
};

const rowsOf = (file: LoadedSide['file'], rows: readonly LabelledExample[]) => ({
  ...{ file, rows: rows.length, digest: rowsDigest(rows) },
});
