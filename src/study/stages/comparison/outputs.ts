import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ablationForest } from '../../../base/charts/ablationForest.ts';
import { dotRows } from '../../../base/charts/dotRows.ts';
import { writeFigure } from '../../../base/charts/figure.ts';
import { intervalBars } from '../../../base/charts/intervalBars.ts';
import { pairedBars } from '../../../base/charts/pairedBars.ts';
import type { VegaLiteSpec } from '../../../base/charts/spec.ts';
import { INK, SERIES } from '../../../base/charts/theme.ts';
import { writeFileAtomic } from '../../../base/core/files.ts';
import { percent } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import type { ComparisonRow } from '../../../base/eval/comparison.ts';
import { toCsv } from '../../../base/eval/csv.ts';
import { METRIC_NAMES, type MetricName } from '../../../base/eval/metrics.ts';
import { systemName } from '../../../base/eval/systems.ts';
import type { ComparisonFile } from './schema.ts';

export const COMPARISON_FIGURES = {
  metrics: 'metrics_by_system',
  classes: 'per_class_before_after',
  improvement: 'improvement_by_relation',
} as const;
/** The figure of an experiment. */
export const ablationFigure = (experiment: string): string => `ablation_${experiment}`;

/** Figures, their intervals, and the reference's paired tests against each system. */
export const systemsCsv = (rows: readonly ComparisonRow[]): string =>
  toCsv(
    [
      ...['system', 'n'],
      ...METRIC_NAMES.flatMap((name) => [name, `${name}_low`, `${name}_high`]),
      ...['mcnemar_only_reference_right', 'mcnemar_only_this_right', 'mcnemar_method', 'mcnemar_p'],
      ...['macro_f1_lead', 'macro_f1_lead_low', 'macro_f1_lead_high', 'macro_f1_lead_p'],
    ],
    rows.map(({ system, metrics, intervals, against }) => {
      const { mcnemar, macro_f1: lead } = against ?? { mcnemar: null, macro_f1: null };
      return [
        ...[system, metrics.n],
        ...METRIC_NAMES.flatMap((name) => [metrics[name], ...(intervals[name] ?? [null, null])]),
        ...[mcnemar?.only_first_right, mcnemar?.only_second_right, mcnemar?.method, mcnemar?.p].map(orNull),
        ...[lead?.difference, lead?.low, lead?.high, lead?.p].map(orNull),
      ];
    }),
  );

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** F1 of each label under each system, and the change from before training to the reference. */
export const classesCsv = ({ classes, systems, before, reference }: ComparisonFile): string =>
  toCsv(
    ['label', 'support', ...systems.map(({ system }) => `${system}_f1`), 'change'],
    classes.map(({ label, support, f1 }) => [
      ...[label, support],
      ...systems.map(({ system }) => f1[system] ?? null),
      (f1[reference] ?? 0) - (f1[before] ?? 0),
    ]),
  );

/** Labels with their F1 before and after the improvement, in the label set's order; none where there is no improvement. */
export function improvedClasses({ improvement, classes }: Pick<ComparisonFile, 'improvement' | 'classes'>) {
  if (improvement === null) return [];
  return classes.map(({ label, support, f1 }) => {
    const [before, after] = [f1[improvement.before] ?? 0, f1[improvement.after] ?? 0];
    return { label, support, before, after, change: after - before };
  });
}

/** `improvement.csv` and `improvement_by_relation.csv`; where there is no improvement they go. */
export async function writeImprovement(folder: string, file: ComparisonFile): Promise<void> {
  const { improvement, systems } = file;
  const [overall, byRelation] = [join(folder, 'improvement.csv'), join(folder, 'improvement_by_relation.csv')];
  if (improvement === null) {
    for (const path of [overall, byRelation]) await rm(path, { force: true });
    return;
  }
  const metricOf = (system: string, name: MetricName) =>
    systems.find((row) => row.system === system)?.metrics[name] ?? null;
  const metrics = METRIC_NAMES.map((name) => {
    const difference = improvement.differences[name];
    const values = [improvement.before, improvement.after].map((system) => metricOf(system, name));
    const tested = [difference?.difference, difference?.low, difference?.high, difference?.p].map(orNull);
    return [name, ...values, ...tested];
  });
  const classes = improvedClasses(file).map((row) => [row.label, row.support, row.before, row.after, row.change]);
  await writeFileAtomic(overall, toCsv(['metric', 'before', 'after', 'difference', 'low', 'high', 'p'], metrics));
  await writeFileAtomic(byRelation, toCsv(['label', 'support', 'before_f1', 'after_f1', 'change'], classes));
}

export async function writeComparisonFigures(folder: string, file: ComparisonFile): Promise<void> {
  await writeFigure(folder, COMPARISON_FIGURES.metrics, (lang) => metricsChart(file, lang));
  await writeFigure(folder, COMPARISON_FIGURES.classes, (lang) => classesChart(file, lang));
  if (file.improvement)
    await writeFigure(folder, COMPARISON_FIGURES.improvement, (lang) => improvementChart(file, lang));
  for (const { name, techniques } of file.experiments)
    if (ablationForest(name, techniques, 'en') !== null)
      await writeFigure(folder, ablationFigure(name), (lang) => ablationForest(name, techniques, lang)!);
}

function improvementChart(file: ComparisonFile, lang: Language): VegaLiteSpec {
  const { before = '', after = '' } = file.improvement ?? {};
  const series = [
    { name: systemName(before)[lang], color: INK.muted },
    { name: systemName(after)[lang], color: SERIES[0] },
  ];
  return dotRows({
    title: { ko: '관계별 F1: 개선 전과 후', en: 'F1 by relation before and after the improvement' }[lang],
    valueTitle: 'F1',
    series,
    hasLegend: true,
    rows: improvedClasses(file).map((row) => ({
      name: `${row.label} (${row.support})`,
      values: [row.before, row.after],
    })),
  });
}

/** Names of the four figures as people write them. */
export const METRIC_TITLES: Readonly<Record<MetricName, Readonly<Record<Language, string>>>> = {
  accuracy: { ko: '정확도', en: 'Accuracy' },
  macro_f1: { ko: 'macro-F1', en: 'Macro-F1' },
  micro_f1: { ko: 'micro-F1', en: 'Micro-F1' },
  auprc: { ko: 'AUPRC', en: 'AUPRC' },
};

function metricsChart({ systems, bootstrap }: ComparisonFile, lang: Language): VegaLiteSpec {
  const level = Math.round(bootstrap.level * 100);
  const title = {
    ko: `시스템별 지표와 ${level}% 신뢰 구간`,
    en: `Metrics by system with ${level}% confidence intervals`,
  };
  return intervalBars({
    title: title[lang],
    names: systems.map(({ system }) => systemName(system)[lang]),
    panels: METRIC_NAMES.map((name) => ({
      name: METRIC_TITLES[name][lang],
      values: systems.map(({ metrics, intervals }) => {
        const [value, range] = [metrics[name], intervals[name]];
        return value === null ? null : { value, low: range?.[0] ?? null, high: range?.[1] ?? null };
      }),
    })),
  });
}

function classesChart({ classes, before, reference }: ComparisonFile, lang: Language): VegaLiteSpec {
  const text = {
    ko: { title: '라벨별 F1: 학습 전과 후', value: 'F1' },
    en: { title: 'F1 by label before and after training', value: 'F1' },
  }[lang];
  return pairedBars({
    title: text.title,
    series: [systemName(before)[lang], systemName(reference)[lang]],
    valueTitle: text.value,
    rows: classes.map(({ label, support, f1 }) => {
      const values: [number, number] = [f1[before] ?? 0, f1[reference] ?? 0];
      return {
        name: `${label} (${support})`,
        values,
        texts: [percent(values[0], 0), percent(values[1], 0)],
      };
    }),
  });
}
