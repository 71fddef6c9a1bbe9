import { randomStream } from '../core/random.ts';
import { BOOTSTRAP, type Interval, percentileInterval } from './bootstrap.ts';

/** What people said of one thing, by person; who said nothing of it is not there. */
export type Ratings = ReadonlyMap<string, string>;

/** A figure with its 95 % interval; null where it is not defined, as where all said the same of everything. */
export interface AgreementFigure {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/**
 * Cohen's κ = (p_o − p_e) / (1 − p_e) of two people over what both rated: p_o the share on which they agree, p_e the share
 * expected of two who rate independently, each as often as he does (Cohen, 1960, Educational and Psychological Measurement 20).
 * Null where both have nothing in common or gave one answer alone.
 */
export function cohensKappa(pairs: readonly (readonly [string, string])[]): number | null {
  const n = pairs.length;
  if (n === 0) return null;
  const first = counted(pairs.map(([a]) => a));
  const second = counted(pairs.map(([, b]) => b));
  const agreed = pairs.filter(([a, b]) => a === b).length / n;
  const expected = [...first].reduce((sum, [label, count]) => sum + (count / n) * ((second.get(label) ?? 0) / n), 0);
  return expected >= 1 ? null : (agreed - expected) / (1 - expected);
}

/**
 * Krippendorff's α for nominal labels, any number of people and gaps (Krippendorff, 2011, "Computing Krippendorff's
 * Alpha-Reliability", C): ((n − 1) Σ o_cc − Σ n_c (n_c − 1)) / (n (n − 1) − Σ n_c (n_c − 1)), where o counts pairs of answers to
 * one thing, each weighted by 1 / (answers to it − 1). Null where nothing was rated twice, or all ratings are the same.
 */
export function krippendorffsAlpha(units: readonly Ratings[]): number | null {
  const labels = new Map<string, number>();
  let [n, agreed] = [0, 0];
  for (const ratings of units) {
    const m = ratings.size;
    if (m < 2) continue;
    for (const [label, count] of counted([...ratings.values()])) {
      labels.set(label, (labels.get(label) ?? 0) + count);
      agreed += (count * (count - 1)) / (m - 1);
      n += count;
    }
  }
  const chance = [...labels.values()].reduce((sum, count) => sum + count * (count - 1), 0);
  const least = n * (n - 1) - chance;
  return least <= 0 ? null : ((n - 1) * agreed - chance) / least;
}

/** The same of one label against all others. */
export const against = (units: readonly Ratings[], label: string): Ratings[] =>
  units.map((ratings) => new Map([...ratings].map(([person, said]) => [person, said === label ? label : ''])));

/** What two people both rated. */
export const ratedByBoth = (units: readonly Ratings[], first: string, second: string): [string, string][] =>
  units.flatMap((ratings): [string, string][] => {
    const [a, b] = [ratings.get(first), ratings.get(second)];
    return a === undefined || b === undefined ? [] : [[a, b]];
  });

/**
 * A figure over groups of things that belong together (the pairs of a sentence), with the percentile interval of resampled
 * groups (Efron and Tibshirani, 1993, §13.3); resamples in which it is not defined are left out.
 */
export function withInterval<Unit>(
  groups: readonly (readonly Unit[])[],
  figure: (units: readonly Unit[]) => number | null,
  { seed, resamples = BOOTSTRAP.resamples }: { readonly seed: number; readonly resamples?: number },
): AgreementFigure {
  const value = figure(groups.flat());
  if (value === null || groups.length < 2) return { value, interval: null };
  const samples: number[] = [];
  for (let sample = 0; sample < resamples; sample++) {
    const draws = randomStream(seed, 'agreement', sample);
    const drawn = groups.flatMap((_, i) => groups[Math.floor(draws.uniform(i) * groups.length)]!);
    const found = figure(drawn);
    if (found !== null) samples.push(found);
  }
  return { value, interval: samples.length === 0 ? null : percentileInterval(samples, BOOTSTRAP.level) };
}

function counted(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
