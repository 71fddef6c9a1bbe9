import { figureFile } from '../../../base/charts/figure.ts';
import { mean } from '../../../base/core/averages.ts';
import { grouped, percent, pText, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { BASELINE_KEYS, systemName } from '../../../base/eval/systems.ts';
import { COMPARISON_FIGURES, METRIC_TITLES } from '../../stages/comparison/outputs.ts';
import { COMPARISON_FOLDER, type ComparisonFile } from '../../stages/comparison/schema.ts';
import { relationText } from './sentenceBlock.ts';

/** A difference or interval of differences that a test calls significant. */
export const SIGNIFICANT = 0.05;

/** The mean, 0 where there is nothing to average. */
export const meanOrZero = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values));

/** A tested difference with its ends, e.g. `+0.0749 [+0.0144, +0.1484]`. */
export const differenceText = (tested: Ends & { readonly difference: number }): string =>
  `${signed(tested.difference)} ${endsText(tested)}`;
export const endsText = ({ low, high }: Ends): string => `[${signed(low)}, ${signed(high)}]`;
interface Ends {
  readonly low: number;
  readonly high: number;
}

/** The half of the rows with more test rows, and the other; ties in the order given. */
export function halvesBySupport<Row extends { readonly support: number }>(
  rows: readonly Row[],
): readonly [Row[], Row[]] {
  const bySupport = rows.filter(({ support }) => support > 0).toSorted((a, b) => b.support - a.support);
  const half = Math.ceil(bySupport.length / 2);
  return [bySupport.slice(0, half), bySupport.slice(half)];
}

/** All that the section states, computed from `comparison.json`; the texts only arrange it. */
export function comparisonFacts(file: ComparisonFile, lang: Language) {
  const { systems, classes, reference, before } = file;
  const name = (system: string) => systemName(system)[lang];
  const row = (system: string) => systems.find((entry) => entry.system === system);
  const referenceRow = row(reference)!;
  const leadOver = (system: string) => {
    const other = row(system);
    return other?.against
      ? {
          name: name(system),
          macro: score(other.metrics.macro_f1),
          difference: other.against.macro_f1.difference,
          interval: endsText(other.against.macro_f1),
          p: pText(other.against.macro_f1.p),
          isSignificant: other.against.macro_f1.p < SIGNIFICANT,
        }
      : null;
  };
  const untaught = systems.filter(({ system }) => [...BASELINE_KEYS, 'untrained'].some((key) => key === system));
  const bestUntaught = untaught.reduce((best, entry) =>
    entry.metrics.macro_f1 > best.metrics.macro_f1 ? entry : best,
  );
  const changes = classes.map(({ label, support, f1 }) => {
    const [from, to] = [f1[before] ?? 0, f1[reference] ?? 0];
    return { label, support, from, to, change: to - from };
  });
  const [frequent, rare] = halvesBySupport(changes);
  const unlearned = changes.filter(({ support, to }) => support > 0 && to === 0);
  const [majority, untrained] = ['majority', 'untrained'].map((system) =>
    file.prediction_spread.find((spread) => spread.system === system),
  );
  return {
    rows: grouped(file.dataset.test_rows),
    resamples: grouped(file.bootstrap.resamples),
    level: percent(file.bootstrap.level, 0),
    seeds: file.random_seeds.length,
    missing: file.missing.map(name),
    reference: name(reference),
    before: name(before),
    accuracy: score(referenceRow.metrics.accuracy),
    macro: score(referenceRow.metrics.macro_f1),
    gap: referenceRow.metrics.accuracy - referenceRow.metrics.macro_f1,
    /** Mean F1 of the half of the labels with more test rows, and of the half with fewer. */
    frequentF1: meanOrZero(frequent.map(({ to }) => to)),
    rareF1: meanOrZero(rare.map(({ to }) => to)),
    smallestP: (2 / (1 + file.bootstrap.resamples)).toFixed(3),
    metricTitles: METRIC_NAMES.map((metric) => METRIC_TITLES[metric][lang]),
    metricRows: systems.map(({ system, metrics, intervals }) => [
      name(system),
      ...METRIC_NAMES.map((metric) => {
        const [value, interval] = [metrics[metric], intervals[metric]];
        if (value === null) return '–';
        return interval ? `${score(value)} [${score(interval[0])}, ${score(interval[1])}]` : score(value);
      }),
    ]),
    testRows: systems.flatMap(({ system, against }) => {
      if (against === null) return [];
      const { mcnemar, macro_f1 } = against;
      return [
        [
          name(system),
          `${mcnemar.only_first_right}`,
          `${mcnemar.only_second_right}`,
          pText(mcnemar.p),
          differenceText(macro_f1),
          pText(macro_f1.p),
        ],
      ];
    }),
    classRows: changes.map(({ label, support, from, to, change }) => [
      relationText(label, lang),
      `${support}`,
      ...[score(from), score(to), signed(change)],
    ]),
    improved: changes.filter(({ change }) => change > 0).length,
    worse: changes.filter(({ change }) => change < 0).length,
    labels: classes.length,
    unlearned: unlearned.map(
      ({ label, support }) => `${relationText(label, lang)} ${lang === 'ko' ? `${support}행` : `(${support})`}`,
    ),
    untaught: leadOver(bestUntaught.system),
    frozen: leadOver('frozen'),
    weighted: leadOver('weighted'),
    majority,
    untrained,
    figures: {
      metrics: `../${COMPARISON_FOLDER}/${figureFile(COMPARISON_FIGURES.metrics, lang)}`,
      classes: `../${COMPARISON_FOLDER}/${figureFile(COMPARISON_FIGURES.classes, lang)}`,
    },
  };
}

export type ComparisonFacts = ReturnType<typeof comparisonFacts>;
export type Lead = NonNullable<ComparisonFacts['frozen']>;
export type Spread = NonNullable<ComparisonFacts['majority']>;
