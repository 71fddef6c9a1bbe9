import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { usageError } from '../../../base/core/errors.ts';
import { sha256File, writeJson } from '../../../base/core/files.ts';
import { replaceFolder } from '../../../base/core/folders.ts';
import type { LabelledExample, LabelSet, Metrics, Prediction } from '../../../base/core/types.ts';
import { computeMetrics } from '../../../base/eval/metrics.ts';
import { type Evaluation, readPredictions, writeEvaluation } from '../../../engine/runs/evaluation.ts';
import {
  bestFolder,
  holdsModel,
  RUN_FILES,
  runFolder,
  runsFolder,
  trainAgain,
} from '../../../engine/runs/runFolder.ts';
import { partAt, summarySchema } from '../../../engine/runs/summary.ts';
import { meanProbabilities } from '../../../inference/predict/meanProbabilities.ts';
import type { StageContext } from '../stage.ts';
import { splitRows } from './rows.ts';

/** A fine-tuned run that an ensemble is made of. */
export interface EnsembleMember {
  readonly name: string;
  readonly folder: string;
  /** Of its predictions on the test rows. */
  readonly predictions: string;
  readonly validation: Metrics | null;
}

export interface EnsembleResult extends Evaluation {
  readonly name: string;
  readonly folder: string;
  /** With their figures on the validation rows. */
  readonly members: readonly Pick<EnsembleMember, 'name' | 'validation'>[];
}

/**
 * The mean of several runs' probabilities (Lakshminarayanan et al., 2017, arXiv:1612.01474, section 2.4) as a run of its own:
 * on the test rows from their predictions, on the validation rows, by which members are to be chosen, from their
 * best models. Probabilities are taken as they are, uncalibrated: the mean of calibrated ones is less sure than it is right.
 *
 * Errors: `usage` for fewer than two runs, one that is none, or one of other rows, labels or another validation split.
 */
export async function ensembleRun(
  { settings, dataset, out, reporter, signal }: StageContext,
  runs: readonly string[],
  name: string,
): Promise<EnsembleResult> {
  const { labelSet, test } = dataset;
  const { train, validation, split } = splitRows({ dataset, settings });
  const members = await membersOf(runs, name, runsFolder(out), split);
  const answers: Prediction[][] = [];
  for (const { name: member, folder } of members) {
    const predictions = await readPredictions(folder, { examples: test, labelSet });
    if (predictions.some(({ probabilities }) => probabilities === null))
      throw usageError({
        en: `The run ${member} has no probabilities in ${join(folder, RUN_FILES.predictions)}.`,
        ko: `학습 ${member}: ${join(folder, RUN_FILES.predictions)}에 확률이 없다.`,
      });
    answers.push(predictions);
  }
  const means = test.map((_, row) =>
    labelSet.labels.map(
      (_, id) => answers.reduce((sum, each) => sum + each[row]!.probabilities![id]!, 0) / members.length,
    ),
  );
  const models = members.map((member) => ({ name: member.name, folder: bestFolder(member.folder) }));
  const options = { ...settings, role: 'member' as const, batchSize: settings.evalBatchSize, reporter, signal };
  const validated = await meanProbabilities(models, validation, labelSet, options);
  const folder = runFolder(out, name);
  let summary: Evaluation | undefined;
  await replaceFolder(folder, async (fresh) => {
    summary = await writeEvaluation(fresh, {
      examples: test,
      predictions: predictionsOf(test, means, labelSet),
      labelSet,
      seed: settings.seed,
      validation:
        validation.length === 0
          ? null
          : computeMetrics(
              validation.map(({ label }) => label),
              predictionsOf(validation, validated, labelSet),
              labelSet,
            ),
      facts: {
        dataset: dataset.name,
        trained_rows: train.length,
        ensemble: members.map((member) => member.name),
      },
    });
    await writeJson(join(fresh, RUN_FILES.ensemble), {
      probabilities: 'mean of the members’, uncalibrated',
      members: members.map(({ name: run, predictions }) => ({ run, predictions_sha256: predictions })),
    });
  });
  return {
    name,
    folder,
    members: members.map((member) => ({ name: member.name, validation: member.validation })),
    ...summary!,
  };
}

const predictionsOf = (
  rows: readonly LabelledExample[],
  probabilities: readonly (readonly number[])[],
  { labels }: LabelSet,
): Prediction[] =>
  rows.map(({ guid }, row) => {
    const own = probabilities[row]!;
    return { guid, predicted: labels[own.indexOf(Math.max(...own))]!, probabilities: [...own] };
  });

/** Only fine-tuned runs say which rows they were trained and validated on. */
const memberSchema = summarySchema.pick({ validation: true, split: true }).required();

async function membersOf(
  runs: readonly string[],
  name: string,
  runsFolder: string,
  split: string,
): Promise<EnsembleMember[]> {
  if (runs.length < 2)
    throw usageError(
      { en: 'An ensemble needs two runs or more.', ko: '앙상블에는 학습이 둘 이상 필요하다.' },
      { en: 'Name them: korex ensemble RUN RUN …', ko: '이름을 준다: korex ensemble RUN RUN …' },
    );
  const members: EnsembleMember[] = [];
  for (const run of runs) {
    const member = await memberOf(run, runsFolder, split);
    if (members.some(({ folder }) => resolve(folder) === resolve(member.folder)))
      throw usageError(
        { en: `The run ${run} is given twice.`, ko: `학습 ${run}이(가) 두 번 있다.` },
        { en: 'Name each run once.', ko: '학습을 한 번씩만 쓴다.' },
      );
    if (resolve(member.folder) === resolve(runsFolder, name))
      throw usageError(
        { en: `The run ${run} cannot be a member of itself.`, ko: `학습 ${run}은(는) 자기 자신에 들어갈 수 없다.` },
        { en: 'Give the ensemble another --name.', ko: '앙상블에 다른 --name을 준다.' },
      );
    members.push(member);
  }
  return members;
}

async function memberOf(run: string, runsFolder: string, split: string): Promise<EnsembleMember> {
  const places = [join(runsFolder, run), run];
  const folder = places.find((place) => existsSync(join(place, RUN_FILES.predictions)));
  if (folder === undefined)
    throw usageError(
      {
        en: `${run}: no finished run there; looked for ${RUN_FILES.predictions} in ${places.join(' and ')}.`,
        ko: `${run}: 끝난 학습이 없다. ${RUN_FILES.predictions}을(를) 찾아본 곳: ${places.join(', ')}.`,
      },
      {
        en: 'Name runs of `korex train` below --out, or their folders.',
        ko: '--out 아래에 있는 `korex train`의 학습 이름이나 그 폴더를 준다.',
      },
    );
  if (!holdsModel(bestFolder(folder)))
    throw usageError(
      {
        en: `The run ${run} has no model of its own (${bestFolder(folder)}).`,
        ko: `학습 ${run}: 자신의 모델이 없다(${bestFolder(folder)}).`,
      },
      {
        en: 'Members are fine-tuned runs, not baselines, imported predictions or ensembles.',
        ko: '미세조정한 학습만 넣을 수 있다. 기준선, 가져온 예측, 앙상블은 넣을 수 없다.',
      },
    );
  const path = join(folder, RUN_FILES.summary);
  const summary = await partAt(path, memberSchema);
  if (summary === null)
    throw usageError(
      {
        en: `${path} is not the summary of a fine-tuned run, or one of an earlier version.`,
        ko: `${path}: 미세조정한 학습의 요약이 아니거나, 전 판의 것이다.`,
      },
      trainAgain(run),
    );
  if (summary.split !== split)
    throw usageError(
      {
        en: `The run ${run} was trained on other rows than these, or with another validation split.`,
        ko: `학습 ${run}: 이것과 다른 행으로, 또는 다른 검증 분할로 학습되었다.`,
      },
      {
        en: 'Members share --data, --train-rows, --validation and --seed; give the same here, and vary --training-seed alone.',
        ko: '함께 넣는 학습은 --data, --train-rows, --validation, --seed가 같아야 한다. 여기에도 같은 값을 주고, --training-seed만 바꾼다.',
      },
    );
  const predictions = await sha256File(join(folder, RUN_FILES.predictions));
  return { name: basename(resolve(folder)), folder, predictions, validation: summary.validation };
}
