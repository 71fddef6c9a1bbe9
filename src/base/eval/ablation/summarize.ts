import type { TaskName } from '../../core/settings.ts';
import type { Localized } from '../../core/types.ts';
import { BOOTSTRAP } from '../bootstrap.ts';
import { meanOf, overSeeds } from '../overSeeds.ts';
import { pairedSeeds, type ResampledRun } from '../pairedSeeds.ts';
import { holm } from '../significance.ts';
import { ANSWER_KINDS, type Judged } from './answers.ts';
import { type AblationRun, BASELINE, type FinishedRun, type TechniqueSummary, type Verdict } from './results.ts';

/** p below which a difference counts, after the correction. */
export const SIGNIFICANT = 0.05;
/** More than usual: Holm's correction multiplies the smallest p that they allow. */
export const ABLATION_RESAMPLES = 5000;

/** A row of the grid: what it is called, and the settings given. */
export interface Technique {
  readonly technique: string;
  readonly description: Localized | null;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Ablation extends Judged {
  /** What the runs were trained for; relations without it. */
  readonly task?: TaskName;
  readonly baseline: Technique;
  readonly techniques: readonly Technique[];
  readonly seeds: readonly number[];
  /** Those of other techniques or seeds are left aside. */
  readonly runs: readonly AblationRun[];
  /** Of the bootstrap. */
  readonly seed: number;
  /** Default 5,000. */
  readonly resamples?: number;
  /** Resampled runs by digest, to which those are added that it lacks: for who summarizes again as runs come in. */
  readonly resampled?: Map<string, ResampledRun>;
}

/** `bootstrap` of `results.json`. */
export const ablationBootstrap = (seed: number) => ({ resamples: ABLATION_RESAMPLES, level: BOOTSTRAP.level, seed });

/**
 * Every technique against the baseline: means and deviations over seeds, paired differences, verdicts by the figure that leads the task.
 *
 * A technique has a verdict when all its seeds and the baseline's are finished. The correction counts all techniques of the
 * grid, finished or not, so that a verdict does not weaken as others come in.
 * Errors: `failed` for answers that do not belong to these rows and labels.
 */
export function summarizeAblation(ablation: Ablation): {
  readonly baseline: TechniqueSummary;
  readonly techniques: TechniqueSummary[];
} {
  const { baseline, techniques, seeds, seed, resamples = ABLATION_RESAMPLES, resampled = new Map() } = ablation;
  const wanted = new Set([baseline, ...techniques].map(({ technique }) => technique));
  const finished = ablation.runs.filter(
    (run): run is FinishedRun => run.status === 'finished' && wanted.has(run.technique) && seeds.includes(run.seed),
  );
  const options = { seed, resamples };
  const kind = ANSWER_KINDS[ablation.task ?? 'relation'];
  const fresh = finished.filter(({ digest }) => !resampled.has(digest));
  if (fresh.length > 0)
    for (const [i, run] of kind.resample(fresh, ablation, options).entries()) resampled.set(fresh[i]!.digest, run);
  const runsOf = (technique: string) =>
    new Map(
      finished.flatMap((run) => (run.technique === technique ? [[run.seed, resampled.get(run.digest)!] as const] : [])),
    );
  const baselineRuns = runsOf(BASELINE);
  const compared = techniques.map((row) => {
    const facts = { ...row, ...standing(row, ablation), ...costs(row, finished) };
    const pairs = pairsOf(runsOf(row.technique), baselineRuns);
    const difference = (figure: 'accuracy' | 'macro_f1' | 'micro_f1') => pairedSeeds(pairs, figure, options)!;
    if (pairs.length === 0) return { ...facts, against: null, isComplete: false };
    const against = {
      accuracy: difference('accuracy'),
      macro_f1: difference('macro_f1'),
      micro_f1: difference('micro_f1'),
      auprc: areaDifference(row.technique, finished),
    };
    return { ...facts, against, isComplete: pairs.length === seeds.length };
  });
  const complete = compared.flatMap(({ against, isComplete }, i) => (against && isComplete ? [i] : []));
  const corrected = holm(
    complete.map((i) => compared[i]!.against![kind.leading].p),
    techniques.length,
  );
  return {
    baseline: {
      ...baseline,
      ...standing(baseline, ablation),
      ...costs(baseline, finished),
      ...{ against: null, corrected_p: null, verdict: null },
    },
    techniques: compared.map(({ isComplete, ...row }, i) => {
      const p = isComplete ? corrected[complete.indexOf(i)]! : null;
      return {
        ...row,
        corrected_p: p,
        verdict: p === null ? null : verdictOf(row.against![kind.leading].difference, p),
      };
    }),
  };
}

/** What a corrected p says of a difference. */
export const verdictOf = (difference: number, p: number): Verdict =>
  p >= SIGNIFICANT ? 'no difference' : difference > 0 ? 'gain' : 'loss';

const pairsOf = (technique: ReadonlyMap<number, ResampledRun>, baseline: ReadonlyMap<number, ResampledRun>) =>
  [...technique].flatMap(([seed, run]) => {
    const other = baseline.get(seed);
    return other ? [[run, other] as const] : [];
  });

/** How far the seeds are, and their figures as the runs measured them. */
function standing({ technique }: Technique, { runs, seeds }: Ablation) {
  const own = runs.filter((run) => run.technique === technique && seeds.includes(run.seed));
  const finished = own.filter((run) => run.status === 'finished');
  const begun = new Set(own.map(({ seed }) => seed));
  return {
    finished: finished.map(({ seed }) => seed),
    failed: own.flatMap((run) => (run.status === 'failed' ? [{ seed: run.seed, reason: run.reason }] : [])),
    missing: seeds.filter((seed) => !begun.has(seed)),
    ...overSeeds(finished.map(({ metrics }) => metrics)),
  };
}

function costs({ technique }: Technique, finished: readonly FinishedRun[]) {
  const own = finished.filter((run) => run.technique === technique);
  const seeds = new Set(own.map(({ seed }) => seed));
  const others = finished.filter((run) => run.technique === BASELINE && seeds.has(run.seed));
  const minutes = meanOf(own.map((run) => run.minutes));
  const compared = meanOf(own.filter(({ seed }) => others.some((run) => run.seed === seed)).map((run) => run.minutes));
  const base = meanOf(others.map((run) => run.minutes));
  return { minutes, cost: compared === null || base === null || base === 0 ? null : compared / base };
}

/** Difference in AUPRC over the seeds that both have: a number alone, as answers without probabilities give no interval. */
function areaDifference(technique: string, finished: readonly FinishedRun[]): number | null {
  const areas = (name: string) =>
    new Map(finished.flatMap((run) => (run.technique === name ? [[run.seed, run.metrics.auprc] as const] : [])));
  const [own, base] = [areas(technique), areas(BASELINE)];
  const shared = [...own.keys()].filter((seed) => base.has(seed));
  return meanOf(
    shared.map((seed) => {
      const [first, second] = [own.get(seed)!, base.get(seed)!];
      return first === null || second === null ? null : first - second;
    }),
  );
}
