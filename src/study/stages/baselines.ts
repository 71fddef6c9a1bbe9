import { join } from 'node:path';
import { z } from 'zod';
import { writeFigure } from '../../base/charts/figure.ts';
import { pairedBars } from '../../base/charts/pairedBars.ts';
import type { VegaLiteSpec } from '../../base/charts/spec.ts';
import { usageError } from '../../base/core/errors.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import { percent } from '../../base/core/format.ts';
import type { Language } from '../../base/core/types.ts';
import {
  BASELINE_SEEDS,
  type BaselineResult,
  labelShares,
  majorityLabel,
  runBaselines,
} from '../../base/eval/baselines.ts';
import { toCsv } from '../../base/eval/csv.ts';
import { metricsSchema } from '../../base/eval/metrics.ts';
import { BASELINE_KEYS, systemName } from '../../base/eval/systems.ts';
import type { Stage, StageContext } from './stage.ts';
import { stageFile } from './stageFile.ts';

export const BASELINE_FOLDER = '05_klue_re_no_train_baseline';
export const BASELINE_FIGURE = 'baseline_metrics';

const figures = { accuracy: z.number(), macro_f1: z.number(), micro_f1: z.number() };

const metricsFileSchema = z.object({
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    train_rows: z.number(),
    test_rows: z.number(),
    labels: z.number(),
  }),
  /** The majority label of the training rows and its share of either side. */
  majority: z.object({
    label: z.string(),
    is_no_relation: z.boolean(),
    train_share: z.number(),
    test_share: z.number(),
  }),
  systems: z.array(
    z.object({
      system: z.enum(BASELINE_KEYS),
      metrics: metricsSchema,
      deviation: z.object(figures),
      expected_accuracy: z.number(),
      runs: z.array(z.object({ seed: z.number(), metrics: metricsSchema })).readonly(),
    }),
  ),
});
/** `metrics.json` of this stage. */
export type BaselineFile = z.output<typeof metricsFileSchema>;
export const baselineFile = stageFile('baseline', BASELINE_FOLDER, 'metrics.json', metricsFileSchema);

/** Stage 05: what is possible without training, as the baseline that any training is measured against. */
export const baselineStage: Stage = {
  name: 'baseline',
  number: '05',
  folder: BASELINE_FOLDER,
  title: { ko: '학습 없는 기준선', en: 'Baselines without training' },
  needs: [],
  settings: ['seed'],
  run: runStage,
};

async function runStage({ settings, dataset, out }: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { train, test, labelSet } = dataset;
  if (train.length === 0 || test.length === 0)
    throw usageError(
      {
        en: `The baselines need training and test rows; ${dataset.name} has ${train.length} and ${test.length}.`,
        ko: `기준선에는 학습 행과 평가 행이 모두 필요한데, ${dataset.name}에는 ${train.length}개와 ${test.length}개가 있다.`,
      },
      { en: 'Pass a folder with both files: --data FOLDER.', ko: '두 파일이 든 폴더를 준다: --data FOLDER.' },
    );
  const seeds = Array.from({ length: BASELINE_SEEDS }, (_, i) => settings.seed + i);
  const systems = runBaselines(dataset, seeds);
  const label = majorityLabel(train, labelSet);
  const id = labelSet.labels.indexOf(label);
  const file: BaselineFile = {
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      train_rows: train.length,
      test_rows: test.length,
      labels: labelSet.labels.length,
    },
    majority: {
      label,
      is_no_relation: label === labelSet.noRelation,
      train_share: labelShares(train, labelSet)[id]!,
      test_share: labelShares(test, labelSet)[id]!,
    },
    systems,
  };
  const folder = join(out, BASELINE_FOLDER);
  await writeFileAtomic(join(folder, 'metrics.csv'), metricsCsv(systems));
  await writeFigure(folder, BASELINE_FIGURE, (lang) => chart(systems, lang));
  await baselineFile.write(out, file);
  return {
    majority: file.majority,
    systems: systems.map(({ system, metrics, deviation, expected_accuracy }) => ({
      system,
      ...metrics,
      deviation,
      expected_accuracy,
    })),
  };
}

const metricsCsv = (systems: readonly BaselineResult[]): string =>
  toCsv(
    [
      ...['system', 'seeds', 'n', 'accuracy', 'macro_f1', 'micro_f1', 'auprc'],
      ...['accuracy_sd', 'macro_f1_sd', 'micro_f1_sd', 'expected_accuracy'],
    ],
    systems.map(({ system, runs, metrics, deviation, expected_accuracy }) => [
      ...[system, runs.length, metrics.n, metrics.accuracy, metrics.macro_f1, metrics.micro_f1, metrics.auprc],
      ...[deviation.accuracy, deviation.macro_f1, deviation.micro_f1, expected_accuracy],
    ]),
  );

const CHART_TEXT = {
  ko: { title: '학습 없는 기준선: 정확도와 macro-F1', accuracy: '정확도', value: '점수' },
  en: { title: 'Baselines without training: accuracy and macro-F1', accuracy: 'Accuracy', value: 'Score' },
} as const;

function chart(systems: readonly BaselineResult[], lang: Language): VegaLiteSpec {
  const text = CHART_TEXT[lang];
  return pairedBars({
    title: text.title,
    series: [text.accuracy, 'macro-F1'],
    valueTitle: text.value,
    rows: systems.map(({ system, metrics: { accuracy, macro_f1 } }) => ({
      name: systemName(system)[lang],
      values: [accuracy, macro_f1],
      texts: [percent(accuracy), percent(macro_f1)],
    })),
  });
}
