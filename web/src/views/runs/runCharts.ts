import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { dumbbell } from '../../../../src/base/charts/dumbbell.ts';
import { intervalPanel } from '../../../../src/base/charts/intervalBars.ts';
import { runCurves } from '../../../../src/base/charts/runCurves.ts';
import type { VegaLiteSpec } from '../../../../src/base/charts/spec.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import type { MetricName } from '../../../../src/base/eval/metrics.ts';
import type { ClassMetrics } from '../../../../src/base/eval/perClass.ts';
import type { ChartTable } from '../../components/Chart.tsx';
import { asWideAsPlace, untitled } from '../../components/panels.ts';
import { relationAxis, shortName } from '../../components/relations.ts';
import type { RunTexts } from './texts.ts';
import type { Logs } from './useRuns.ts';

export interface Drawn {
  readonly spec: VegaLiteSpec;
  readonly table: ChartTable;
}

export const METRICS = ['macro_f1', 'micro_f1', 'accuracy', 'auprc'] as const satisfies readonly MetricName[];
export const CURVE_MEASURES = ['macro_f1', 'micro_f1', 'accuracy', 'loss'] as const;
export type CurveMeasure = (typeof CURVE_MEASURES)[number];

/** Steps in a table of a curve: enough to see its course. */
const TABLE_STEPS = 25;

/** The training loss of the runs, by step. */
export function lossCurves(logs: Logs, t: RunTexts): Drawn {
  const runs = [...logs].map(([name, log]) => ({
    name,
    points: log.flatMap((entry) => ('loss' in entry ? { step: entry.step, value: entry.loss } : [])),
  }));
  const rows = runs.flatMap(({ name, points }) => {
    const stride = Math.ceil(points.length / TABLE_STEPS);
    return points
      .filter((_, i) => i % stride === 0 || i === points.length - 1)
      .map(({ step, value }) => [name, step, Number(value.toFixed(4))]);
  });
  return {
    spec: runCurves({ title: t.lossTitle, xTitle: t.step, yTitle: t.loss, runs, show: 'trend', isShare: false }),
    table: { columns: [t.run, t.step, t.lossTitle], rows },
  };
}

/** What the validations of the runs came to, by step. */
export function validationCurves(logs: Logs, measure: CurveMeasure, t: RunTexts): Drawn {
  const title = measure === 'loss' ? t.validation_loss : `${t.validation} ${t[measure]}`;
  const runs = [...logs].map(([name, log]) => ({
    name,
    points: log.flatMap((entry) => {
      const value = 'validation' in entry ? entry.validation[measure] : null;
      return value === null ? [] : { step: entry.step, value };
    }),
  }));
  const isShare = measure !== 'loss';
  return {
    spec: runCurves({ title, xTitle: t.step, yTitle: title, runs, show: 'points', isShare }),
    table: {
      columns: [t.run, t.step, title],
      rows: runs.flatMap(({ name, points }) => points.map(({ step, value }) => [name, step, Number(value.toFixed(4))])),
    },
  };
}

/** A panel for each metric, with the intervals of all finished runs. */
export function metricPanels(runs: readonly RunEntry[], t: RunTexts): Drawn[] {
  const names = runs.map(({ name }) => name);
  const of = (metric: MetricName) =>
    runs.map(({ metrics, intervals }) => {
      const value = metrics?.[metric] ?? null;
      const [low = null, high = null] = intervals?.[metric] ?? [];
      return value === null ? null : { value, low, high };
    });
  const panels = METRICS.map((metric) => ({ name: t[metric], values: of(metric) }));
  return panels.map((panel) => {
    const rows = panel.values.map((value, i) => [
      names[i]!,
      ...(value ? [value.value, value.low, value.high].map((x) => x?.toFixed(4) ?? '–') : ['–', '–', '–']),
    ]);
    return {
      spec: asWideAsPlace(intervalPanel(panel, names), panel.name),
      table: { columns: [t.run, panel.name, '2.5%', '97.5%'], rows },
    };
  });
}

/** A label's F1 under two runs, the largest gain first. */
export function changesOf(before: readonly ClassMetrics[], after: readonly ClassMetrics[]) {
  const of = new Map(after.map((row) => [row.label, row]));
  return before
    .flatMap(({ label, f1, support }) => {
      const other = of.get(label);
      return other && (support > 0 || f1 > 0 || other.f1 > 0)
        ? { label, support, before: f1, after: other.f1, difference: other.f1 - f1 }
        : [];
    })
    .sort((a, b) => b.difference - a.difference);
}

export function changeChart(
  changes: ReturnType<typeof changesOf>,
  names: readonly [string, string],
  t: RunTexts,
  lang: Language,
): Drawn {
  const spec = dumbbell({
    ...relationAxis(
      changes.map(({ label }) => label),
      lang,
    ),
    title: t.changes,
    valueTitle: t.f1,
    series: names,
    rows: changes.map(({ label, before, after }) => ({ name: label, values: [before, after] })),
  });
  return {
    spec: { ...untitled(spec), width: 'container' },
    table: {
      columns: [t.gold, t.support, names[0], names[1], t.difference],
      rows: changes.map((row) => [
        shortName(row.label, lang),
        row.support,
        ...[row.before, row.after, row.difference].map((value) => value.toFixed(3)),
      ]),
    },
  };
}
