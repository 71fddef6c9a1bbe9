import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { failure, KorexError } from '../../base/core/errors.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import type { Dataset } from '../../base/core/types.ts';
import { baselinePredictions } from '../../base/eval/baselines.ts';
import { BOOTSTRAP } from '../../base/eval/bootstrap.ts';
import { codeRows } from '../../base/eval/codedRows.ts';
import {
  type ComparedSystem,
  type ComparisonRow,
  compareClasses,
  compareSystem,
  predictionSpread,
} from '../../base/eval/comparison.ts';
import { RUN_KEYS, systemName } from '../../base/eval/systems.ts';
import { readPredictions } from '../../engine/runs/evaluation.ts';
import { isStudyRun, RUN_FILES, runsFolder } from '../../engine/runs/runFolder.ts';
import { type BaselineFile, baselineFile } from './baselines.ts';
import { experimentDigests, shownExperiments, verdictRows } from './comparison/experiments.ts';
import { findImprovement, improvementRows } from './comparison/improvement.ts';
import { classesCsv, systemsCsv, writeComparisonFigures, writeImprovement } from './comparison/outputs.ts';
import { COMPARISON_FOLDER, type ComparisonFile, comparisonFile, REFERENCE } from './comparison/schema.ts';
import type { Stage, StageContext } from './stage.ts';

/** Stage 07: every system on the same test rows, and whether the fine-tuned model's lead could be chance. */
export const compareStage: Stage = {
  name: 'compare',
  number: '07',
  folder: COMPARISON_FOLDER,
  title: { ko: '모델 비교', en: 'Comparison' },
  needs: ['baseline', 'train'],
  settings: ['seed'],
  reads: ({ out }) => experimentDigests(out),
  run: runStage,
};

async function runStage(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { settings, dataset, out } = context;
  const baselines = await readBaselines(out, dataset);
  const { systems: trained, missing } = await readRuns(context);
  const reference = trained.find(({ system }) => system === REFERENCE)!;
  const systems = [...baselineSystems(baselines, dataset), ...trained];

  const rows = await compareAll(systems, reference, context);
  const untrained = trained.find(({ system }) => system === 'untrained');
  const explained = [systems[0], untrained].flatMap((system) => system ?? []);
  const file: ComparisonFile = {
    dataset: { name: dataset.name, digest: dataset.digest, test_rows: dataset.test.length },
    reference: REFERENCE,
    before: untrained?.system ?? 'majority',
    bootstrap: { ...BOOTSTRAP, seed: settings.seed },
    random_seeds: baselines.systems.at(-1)?.runs.map(({ seed }) => seed) ?? [],
    missing,
    systems: rows,
    prediction_spread: explained.map(({ system, runs }) => predictionSpread(system, runs[0]!, 5)),
    classes: compareClasses(systems, dataset.labelSet),
    improvement: await findImprovement(out, trained, { seed: settings.seed }),
    experiments: await shownExperiments(out, context.reporter),
  };
  const folder = join(out, COMPARISON_FOLDER);
  await writeFileAtomic(join(folder, 'metrics_comparison.csv'), systemsCsv(rows));
  await writeFileAtomic(join(folder, 'per_class_comparison.csv'), classesCsv(file));
  await writeImprovement(folder, file);
  await writeComparisonFigures(folder, file);
  await comparisonFile.write(out, file);
  return {
    table: rows.map(({ system, metrics: { n, ...figures } }) => ({
      system,
      name: systemName(system),
      ...figures,
      n,
    })),
    reference: REFERENCE,
    missing,
    ...(file.improvement && { improvement: improvementRows(file) }),
    ...(file.experiments.length > 0 && { experiments: verdictRows(file.experiments) }),
  };
}

/** One system after the other, so that progress shows and Ctrl-C is heard in between. */
async function compareAll(
  systems: readonly ComparedSystem[],
  reference: ComparedSystem,
  { settings, reporter, signal }: StageContext,
): Promise<ComparisonRow[]> {
  const rows: ComparisonRow[] = [];
  const progress = reporter.progress('intervals and paired tests', systems.length, 'systems');
  try {
    for (const system of systems) {
      rows.push(compareSystem(system, reference, settings.seed));
      progress.update(rows.length, { system: system.system });
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    progress.end();
  }
  return rows;
}

async function readBaselines(out: string, dataset: Dataset): Promise<BaselineFile> {
  const file = await baselineFile.read(out);
  if (file.dataset.digest === dataset.digest) return file;
  throw failure(
    {
      en: `${baselineFile.path(out)} was made from other rows.`,
      ko: `${baselineFile.path(out)}: 다른 행으로 만든 것이다.`,
    },
    {
      en: 'Write it again with the same --data: korex baseline --force',
      ko: '같은 --data로 다시 쓴다: korex baseline --force',
    },
  );
}

/** The baselines of stage 05, answering as they did there: their draws depend on the seed alone. */
const baselineSystems = (file: BaselineFile, dataset: Dataset): ComparedSystem[] =>
  file.systems.map(({ system, runs }) => ({
    system,
    runs: runs.map(({ seed }) => coded(dataset, baselinePredictions(system, dataset, seed))),
  }));

/**
 * The runs of stage 06 that answered these test rows: the expected ones first, then others by name.
 * A missing or foreign one is left out with a warning. Errors: `failed` where that is the reference.
 */
async function readRuns({ out, dataset, reporter }: StageContext) {
  const folder = runsFolder(out);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const others = entries
    .filter(({ name }) => !isStudyRun(name) && existsSync(join(folder, name, RUN_FILES.predictions)))
    .map(({ name }) => name)
    .sort();
  const systems: ComparedSystem[] = [];
  const missing: string[] = [];
  for (const system of [...RUN_KEYS, ...others])
    try {
      const predictions = await readPredictions(join(folder, system), {
        examples: dataset.test,
        labelSet: dataset.labelSet,
      });
      systems.push({ system, runs: [coded(dataset, predictions)] });
    } catch (error) {
      if (!(error instanceof KorexError)) throw error;
      if (system === REFERENCE)
        throw failure(
          {
            en: `The comparison is about the run "${REFERENCE}", whose predictions are missing or not of these test rows: ${error.message}`,
            ko: `비교는 학습 "${REFERENCE}"에 대한 것인데, 그 예측이 없거나 이 평가 행의 것이 아니다: ${error.message}`,
          },
          {
            en: `Train it with the same --data: korex train --name ${REFERENCE}`,
            ko: `같은 --data로 학습한다: korex train --name ${REFERENCE}`,
          },
          error,
        );
      missing.push(system);
      reporter.warn(`${system} is left out of the comparison: ${error.message.split('\n').slice(0, 2).join(' ')}`);
    }
  return { systems, missing };
}

const coded = (dataset: Dataset, predictions: Parameters<typeof codeRows>[1]) =>
  codeRows(
    dataset.test.map(({ label }) => label),
    predictions,
    dataset.labelSet,
  );
