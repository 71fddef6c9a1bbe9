import { randomStream } from '../../src/base/core/random.ts';
import { labelText } from '../../src/base/eval/ablation/labelText.ts';
import { type AblationResults, BASELINE, type FinishedRun } from '../../src/base/eval/ablation/results.ts';
import { ablationBootstrap, summarizeAblation, type Technique } from '../../src/base/eval/ablation/summarize.ts';
import { metricsOf, onceEach } from '../../src/base/eval/metrics.ts';

/** Ablations whose answers are made up: each technique is right in a share of the rows. */

export const LABEL_SET = {
  labels: ['no_relation', 'per:title', 'per:spouse', 'org:product'],
  noRelation: 'no_relation',
};
const ROWS = 400;
export const GOLD = Int32Array.from({ length: ROWS }, (_, row) => row % 4);

export const techniqueOf = (technique: string): Technique => ({
  technique,
  description: { ko: `${technique} 기법`, en: `technique ${technique}` },
  settings: technique === BASELINE ? { epochs: 3 } : { epochs: 3, loss: technique },
});

/** A run that is right in `skill` of the rows. Rows are easy or hard for all runs alike, as they are for trained ones. */
export function someRun(technique: string, seed: number, skill: number, minutes = 10): FinishedRun {
  const [rows, own] = [randomStream(1, 'rows'), randomStream(seed, technique)];
  const predicted = GOLD.map((label, row) =>
    0.9 * rows.uniform(row) + 0.1 * own.uniform(row) < skill ? label : (label + 1) % 4,
  );
  const coded = { labelSet: LABEL_SET, gold: GOLD, predicted, rankings: null };
  const metrics = { ...metricsOf(coded, onceEach(coded)), auprc: skill };
  return {
    ...{ technique, seed, settings: techniqueOf(technique).settings, digest: `${technique}-${seed}`, korex: '0.1.0' },
    ...{ minutes, status: 'finished', best_epoch: 3, steps: 30, validation: metrics, metrics },
    ...{ auprc_interval: [skill - 0.1, skill + 0.1], predicted: labelText(predicted) },
  };
}

/** `results.json` of techniques with these shares of right answers, under the seeds 1, 2 and 3. */
export function someResults(name: string, skills: Readonly<Record<string, number>>, resamples = 500): AblationResults {
  const seeds = [1, 2, 3];
  const runs = Object.entries(skills).flatMap(([technique, skill]) =>
    seeds.map((seed) => someRun(technique, seed, skill)),
  );
  const [baseline, ...techniques] = Object.keys(skills).map(techniqueOf);
  const gold = labelText(GOLD);
  const summary = summarizeAblation({
    ...{ baseline: baseline!, techniques, seeds, runs, labelSet: LABEL_SET, gold, seed: 42, resamples },
  });
  const file = { path: 'rows_train.json', rows: 900, sha256: 'abc' };
  return {
    experiment: { name, task: 'relation', description: { ko: '꾸며 낸 실험', en: 'a made-up experiment' }, seeds },
    data: {
      ...{ name: 'rows', seed: 42 },
      training: { file, rows: 300, digest: 'train' },
      judged: { file, rows: ROWS, digest: 'judged' },
    },
    ...{ labels: LABEL_SET.labels, no_relation: 'no_relation', gold, bootstrap: ablationBootstrap(42) },
    ...{ ...summary, runs, final: null },
  };
}
