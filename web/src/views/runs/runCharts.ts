import type { RunDetail, RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { confusionMatrixChart } from '../../../../src/base/charts/confusionMatrix.ts';
import { dotRows } from '../../../../src/base/charts/dotRows.ts';
import { groupedBars } from '../../../../src/base/charts/groupedBars.ts';
import { intervalPanel } from '../../../../src/base/charts/intervalBars.ts';
import { reliabilityCurves } from '../../../../src/base/charts/reliabilityCurves.ts';
import { runCurves } from '../../../../src/base/charts/runCurves.ts';
import type { Layer, VegaLiteSpec } from '../../../../src/base/charts/spec.ts';
import { SERIES } from '../../../../src/base/charts/theme.ts';
import { grouped } from '../../../../src/base/core/format.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import type { MetricName } from '../../../../src/base/eval/metrics.ts';
import type { ClassMetrics } from '../../../../src/base/eval/perClass.ts';
import type { Reliability } from '../../../../src/engine/runs/calibration.ts';
import type { ChartTable } from '../../components/Chart.tsx';
import { asWideAsPlace, untitled, withLayers } from '../../components/panels.ts';
import { namedAxis, relationAxis, shortName } from '../../components/relations.ts';
import type { Coloured } from './RunLegend.tsx';
import type { AnswersWanted, CurveMeasure } from './runsAddress.ts';
import type { RunTexts } from './texts.ts';
import type { Logs } from './useRuns.ts';

export interface Drawn {
  readonly spec: VegaLiteSpec;
  readonly table: ChartTable;
}

export const METRICS = ['macro_f1', 'micro_f1', 'accuracy', 'auprc'] as const satisfies readonly MetricName[];

/** Steps in a table of a curve: enough to see its course. */
const TABLE_STEPS = 25;

const seriesOf = (runs: readonly Coloured[]) => runs.map(({ name, color }) => ({ name, color }));
const wide = <T extends VegaLiteSpec>(spec: T) => ({ ...untitled(spec), width: 'container' as const });

/** The training loss of the runs, by step. */
export function lossCurves(runs: readonly Coloured[], logs: Logs, t: RunTexts): Drawn {
  const curves = seriesOf(runs).map((run) => ({
    ...run,
    points: (logs.get(run.name) ?? []).flatMap((entry) =>
      'loss' in entry ? { step: entry.step, value: entry.loss } : [],
    ),
  }));
  const rows = curves.flatMap(({ name, points }) => {
    const stride = Math.ceil(points.length / TABLE_STEPS);
    return points
      .filter((_, i) => i % stride === 0 || i === points.length - 1)
      .map(({ step, value }) => [name, step, Number(value.toFixed(4))]);
  });
  return {
    spec: runCurves({
      title: t.lossTitle,
      xTitle: t.step,
      yTitle: t.loss,
      runs: curves,
      show: 'trend',
      isShare: false,
    }),
    table: { columns: [t.run, t.step, t.lossTitle], rows },
  };
}

/** What the validations of the runs came to, by step. */
export function validationCurves(runs: readonly Coloured[], logs: Logs, measure: CurveMeasure, t: RunTexts): Drawn {
  const title = measure === 'loss' ? t.validation_loss : `${t.validation} ${t[measure]}`;
  const curves = seriesOf(runs).map((run) => ({
    ...run,
    points: (logs.get(run.name) ?? []).flatMap((entry) => {
      const value = 'validation' in entry ? entry.validation[measure] : null;
      return value === null ? [] : { step: entry.step, value };
    }),
  }));
  const isShare = measure !== 'loss';
  return {
    spec: runCurves({ title, xTitle: t.step, yTitle: title, runs: curves, show: 'points', isShare }),
    table: {
      columns: [t.run, t.step, title],
      rows: curves.flatMap(({ name, points }) =>
        points.map(({ step, value }) => [name, step, Number(value.toFixed(4))]),
      ),
    },
  };
}

/** A panel for each metric, with the intervals of all finished runs. */
export function metricPanels(
  runs: readonly (Coloured & Pick<RunEntry, 'metrics' | 'intervals'>)[],
  t: RunTexts,
): Drawn[] {
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
      spec: asWideAsPlace(
        intervalPanel(
          panel,
          names,
          runs.map(({ color }) => color),
        ),
        panel.name,
      ),
      table: { columns: [t.run, panel.name, '2.5%', '97.5%'], rows },
    };
  });
}

/** A relation's F1 under each run; relations that neither occur nor are answered are left out. */
export interface ClassRow {
  readonly label: string;
  readonly support: number;
  readonly f1: readonly number[];
}

/** Of two runs the largest gain first, otherwise the best first. */
export function classRows(runs: readonly (readonly ClassMetrics[])[]): ClassRow[] {
  const [first = [], ...others] = runs.map((classes) => new Map(classes.map((row) => [row.label, row])));
  const order = ({ f1: [one = 0, two = 0, ...more] }: ClassRow) =>
    runs.length === 2 ? two - one : (one + two + more.reduce((sum, value) => sum + value, 0)) / runs.length;
  return [...first.values()]
    .map(({ label, support, f1 }) => ({
      label,
      support,
      f1: [f1, ...others.map((classes) => classes.get(label)?.f1 ?? 0)],
    }))
    .filter(({ support, f1 }) => support > 0 || f1.some((value) => value > 0))
    .sort((a, b) => order(b) - order(a));
}

export function classChart(
  rows: readonly ClassRow[],
  runs: readonly Coloured[],
  t: RunTexts,
  lang: Language,
  isNarrow: boolean,
): Drawn {
  const spec = dotRows({
    title: t.classes,
    valueTitle: t.f1,
    series: seriesOf(runs),
    hasLegend: false,
    room: isNarrow ? 0.3 : 0.12,
    axis: namedAxis(
      rows.map(({ label, support }) => [label, `${shortName(label, lang)} (${grouped(support)})`]),
      isNarrow,
    ),
    rows: rows.map(({ label, f1 }) => ({ name: label, values: f1 })),
  });
  return {
    spec: wide(spec),
    table: {
      columns: [t.gold, t.support, ...runs.map(({ name }) => name)],
      rows: rows.map(({ label, support, f1 }) => [
        shortName(label, lang),
        support,
        ...f1.map((value) => value.toFixed(3)),
      ]),
    },
  };
}

/** One label taken for another: rows under each run. */
export interface Confusion {
  readonly gold: string;
  readonly predicted: string;
  readonly counts: readonly number[];
}

/** What stands between both labels of a confusion in the name of its bar. */
const TAKEN_FOR = '\t';

/** The confusions with the most rows under any of the runs. */
export function largestConfusions(
  details: readonly Pick<RunDetail, 'labels' | 'confusion'>[],
  most: number,
): Confusion[] {
  const [first] = details;
  const labels = first?.labels ?? [];
  const count = ({ labels, confusion }: Pick<RunDetail, 'labels' | 'confusion'>, gold: string, predicted: string) =>
    confusion[labels.indexOf(gold)]?.[labels.indexOf(predicted)] ?? 0;
  return labels
    .flatMap((gold) => labels.filter((predicted) => predicted !== gold).map((predicted) => ({ gold, predicted })))
    .map((pair) => ({ ...pair, counts: details.map((detail) => count(detail, pair.gold, pair.predicted)) }))
    .filter(({ counts }) => counts.some((rows) => rows > 0))
    .sort((a, b) => Math.max(...b.counts) - Math.max(...a.counts))
    .slice(0, most);
}

/** A click names both labels, as `takenFor` reads them, and the run in `series`. */
export function confusionBars(
  confusions: readonly Confusion[],
  runs: readonly Coloured[],
  t: RunTexts,
  lang: Language,
  isNarrow: boolean,
): Drawn {
  const named = confusions.map(({ gold, predicted, counts }) => ({
    key: `${gold}${TAKEN_FOR}${predicted}`,
    text: `${shortName(gold, lang)} → ${shortName(predicted, lang)}`,
    counts,
  }));
  const panel = groupedBars({
    series: seriesOf(runs),
    valueTitle: t.counts,
    format: ',d',
    hasLegend: false,
    axis: namedAxis(
      named.map(({ key, text }) => [key, text]),
      isNarrow,
    ),
    rows: named.map(({ key, counts }) => ({ name: key, values: counts, texts: counts.map(grouped) })),
  });
  return {
    spec: asWideAsPlace(panel, t.largest),
    table: {
      columns: [t.confusion, ...runs.map(({ name }) => name)],
      rows: named.map(({ text, counts }) => [text, ...counts]),
    },
  };
}

/** The labels in the name of a bar of `confusionBars`. */
export function takenFor(name: unknown): readonly [gold: string, predicted: string] | null {
  const [gold, predicted] = typeof name === 'string' ? name.split(TAKEN_FOR) : [];
  return gold === undefined || predicted === undefined ? null : [gold, predicted];
}

/** The matrix of one run, as wide as its place. A click names the labels in `row` and `column`. */
export function matrixChart(
  { labels, confusion, name }: Pick<RunDetail, 'labels' | 'confusion' | 'name'>,
  { show, chosen, isDense }: { show: 'counts' | 'shares'; chosen: AnswersWanted; isDense: boolean },
  t: RunTexts,
  lang: Language,
): Drawn {
  // Labels that neither stand in the rows nor were predicted would be empty lines.
  const used = labels.flatMap((label, i) =>
    confusion[i]!.some((count) => count > 0) || confusion.some((row) => row[i]! > 0) ? { label, i } : [],
  );
  const spec = confusionMatrixChart(
    {
      labels: used.map(({ label }) => label),
      counts: used.map(({ i: g }) => used.map(({ i: p }) => confusion[g]![p]!)),
      show,
      cell: { width: null, height: isDense ? 14 : 20 },
      textSize: isDense ? 8 : 10,
      isUpright: isDense,
      ...relationAxis(
        used.map(({ label }) => label),
        lang,
      ),
    },
    lang,
  );
  const { gold, predicted } = chosen;
  const frame: Layer = {
    data: { values: gold !== null && predicted !== null ? [{ row: gold, column: predicted }] : [] },
    mark: { type: 'rect', fill: null, stroke: SERIES[1], strokeWidth: 2.5 },
  };
  return {
    spec: { ...untitled(withLayers(spec, [], [frame])), description: `${t.confusions}: ${name}` },
    table: {
      columns: [t.gold, t.predicted, t.counts],
      rows: used.flatMap(({ label: row, i: g }) =>
        used.flatMap(({ label: column, i: p }) =>
          confusion[g]![p]! > 0 ? [[shortName(row, lang), shortName(column, lang), confusion[g]![p]!]] : [],
        ),
      ),
    },
  };
}

/** How often answers of a confidence are right, of all runs that have a calibration. */
export function reliabilityChart(
  runs: readonly (Coloured & { readonly bins: Reliability['bins'] })[],
  title: string,
  t: RunTexts,
): Drawn {
  const spec = reliabilityCurves({
    title,
    confidenceTitle: t.confidence,
    accuracyTitle: t.shareRight,
    rowsTitle: t.counts,
    models: runs,
  });
  return {
    spec: wide(spec),
    table: {
      columns: [t.run, t.bin, t.counts, t.confidence, t.shareRight],
      rows: runs.flatMap(({ name, bins }) =>
        bins
          .filter(({ rows }) => rows > 0)
          .map(({ from, to, rows, confidence, accuracy }) => [
            name,
            `${from.toFixed(2)}–${to.toFixed(2)}`,
            rows,
            confidence?.toFixed(3) ?? '–',
            accuracy?.toFixed(3) ?? '–',
          ]),
      ),
    },
  };
}
