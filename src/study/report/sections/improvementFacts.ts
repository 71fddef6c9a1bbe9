import { ablationForest } from '../../../base/charts/ablationForest.ts';
import { figureFile } from '../../../base/charts/figure.ts';
import { grouped, percent, pText, score, signed } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { TechniqueSummary, Verdict } from '../../../base/eval/ablation/results.ts';
import { SIGNIFICANT } from '../../../base/eval/ablation/summarize.ts';
import { ablationPageTable, ranked } from '../../../base/eval/ablation/table.ts';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { systemName } from '../../../base/eval/systems.ts';
import { ablationFigure, COMPARISON_FIGURES, improvedClasses, METRIC_TITLES } from '../../stages/comparison/outputs.ts';
import { COMPARISON_FOLDER, type ComparisonFile } from '../../stages/comparison/schema.ts';
import { code } from '../markdown.ts';
import { differenceText, endsText, halvesBySupport, meanOrZero } from './comparisonFacts.ts';
import { relationText } from './sentenceBlock.ts';

/** Labels named in a sentence. */
const NAMED = 3;

/** All that the improvement's section states, computed from `comparison.json`; the texts only arrange it. */
export function improvementFacts(file: ComparisonFile, lang: Language) {
  return {
    reference: systemName(file.reference)[lang],
    rows: grouped(file.dataset.test_rows),
    level: percent(file.bootstrap.level, 0),
    resamples: grouped(file.bootstrap.resamples),
    overall: overallFacts(file, lang),
    experiments: file.experiments.map((experiment) => experimentFacts(experiment, lang)),
  };
}

function overallFacts(file: ComparisonFile, lang: Language) {
  const { improvement, systems } = file;
  if (improvement === null) return null;
  const metricsOf = (system: string) => systems.find((row) => row.system === system)!.metrics;
  const [before, after] = [metricsOf(improvement.before), metricsOf(improvement.after)];
  const cell = (value: number | null) => (value === null ? '–' : score(value));
  const changes = improvedClasses(file).filter(({ support }) => support > 0);
  const named = (rows: typeof changes) =>
    rows.slice(0, NAMED).map(({ label, change }) => `${relationText(label, lang)} ${signed(change)}`);
  const [, rare] = halvesBySupport(changes);
  const rising = changes.filter(({ change }) => change > 0).sort((a, b) => b.change - a.change);
  const falling = changes.filter(({ change }) => change < 0).sort((a, b) => a.change - b.change);
  const effect = (name: 'macro_f1' | 'micro_f1' | 'accuracy') => {
    const { difference, low, high, p } = improvement.differences[name]!;
    return {
      ...{ before: score(before[name]), after: score(after[name]), difference, p: pText(p) },
      interval: endsText({ low, high }),
      isSignificant: p < SIGNIFICANT,
    };
  };
  return {
    before: systemName(improvement.before)[lang],
    after: systemName(improvement.after)[lang],
    attempts: improvement.attempts.map((system) => systemName(system)[lang]),
    validation: improvement.validation_macro_f1 === null ? null : score(improvement.validation_macro_f1),
    metricRows: METRIC_NAMES.map((name) => {
      const tested = improvement.differences[name];
      return [
        METRIC_TITLES[name][lang],
        ...[cell(before[name]), cell(after[name])],
        tested === null ? '–' : differenceText(tested),
        tested === null ? '–' : pText(tested.p),
      ];
    }),
    classRows: improvedClasses(file).map((row) => [
      relationText(row.label, lang),
      `${row.support}`,
      ...[score(row.before), score(row.after), signed(row.change)],
    ]),
    ...{ macro: effect('macro_f1'), micro: effect('micro_f1'), accuracy: effect('accuracy') },
    relations: { all: changes.length, better: rising.length, worse: falling.length },
    ...{ rising: named(rising), falling: named(falling) },
    rare: {
      before: score(meanOrZero(rare.map((row) => row.before))),
      after: score(meanOrZero(rare.map((row) => row.after))),
    },
    figure: `../${COMPARISON_FOLDER}/${figureFile(COMPARISON_FIGURES.improvement, lang)}`,
  };
}

function experimentFacts(experiment: ComparisonFile['experiments'][number], lang: Language) {
  const { name, techniques, final } = experiment;
  const withVerdict = (verdict: Verdict) => ranked(techniques).filter((row) => row.verdict === verdict);
  const named = (rows: readonly TechniqueSummary[]) =>
    rows.map(({ technique, against }) => `${code(technique)} (${signed(against!.macro_f1.difference)})`);
  return {
    name,
    isOwn: experiment.origin === 'korex',
    description: experiment.description?.[lang] ?? '',
    data: experiment.data,
    seeds: experiment.seeds.join(', '),
    ...{ training: grouped(experiment.training_rows), judged: grouped(experiment.judged_rows) },
    resamples: grouped(experiment.resamples),
    tested: techniques.length,
    table: ablationPageTable(experiment, lang),
    legend: techniques.flatMap(({ technique, description }) =>
      description ? [`${code(technique)}: ${description[lang]}`] : [],
    ),
    figure:
      ablationForest(name, techniques, lang) === null
        ? null
        : `../${COMPARISON_FOLDER}/${figureFile(ablationFigure(name), lang)}`,
    gains: named(withVerdict('gain')),
    losses: named(withVerdict('loss').reverse()),
    same: withVerdict('no difference').length,
    open: techniques.filter(({ verdict }) => verdict === null).length,
    final: final && { rows: grouped(final.test_rows), table: ablationPageTable(final, lang) },
  };
}

export type ImprovementFacts = ReturnType<typeof improvementFacts>;
export type OverallFacts = NonNullable<ImprovementFacts['overall']>;
export type ExperimentFacts = ImprovementFacts['experiments'][number];
