import { groupedBars } from '../../../../src/base/charts/groupedBars.ts';
import { slicePanel } from '../../../../src/base/charts/sliceDots.ts';
import { grouped, percent } from '../../../../src/base/core/format.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import {
  CLASS_NAMES,
  ERROR_CLASSES,
  type ErrorClass,
  SLICING_NAMES,
  SLICINGS,
  type Slicing,
  sliceName,
} from '../../../../src/study/analysis/kinds.ts';
import type { ErrorAnalysis, SliceFigures } from '../../../../src/study/analysis/schema.ts';
import { asWideAsPlace } from '../../components/panels.ts';
import { namedAxis } from '../../components/relations.ts';
import type { AnalysisTexts } from './analysisTexts.ts';
import type { Coloured } from './RunLegend.tsx';
import type { Drawn } from './runCharts.ts';

/** A run with its error analysis. */
export interface Analyzed {
  readonly run: Coloured;
  readonly analysis: ErrorAnalysis;
}

const seriesOf = (found: readonly Analyzed[]) => found.map(({ run: { name, color } }) => ({ name, color }));

const countOf = ({ taxonomy }: ErrorAnalysis, name: ErrorClass): number =>
  taxonomy.find((row) => row.class === name)?.count ?? 0;

/** Errors by class under each run. */
export function taxonomyChart(found: readonly Analyzed[], lang: Language, t: AnalysisTexts, isNarrow: boolean): Drawn {
  const names = ERROR_CLASSES.map((name) => CLASS_NAMES[name][lang]);
  const counts = ERROR_CLASSES.map((name) => found.map(({ analysis }) => countOf(analysis, name)));
  const panel = groupedBars({
    series: seriesOf(found),
    valueTitle: t.errors,
    format: ',d',
    hasLegend: false,
    axis: namedAxis(
      names.map((name) => [name, name]),
      isNarrow,
    ),
    rows: names.map((name, i) => ({
      name,
      values: counts[i]!,
      texts: counts[i]!.map((count, run) => {
        const { errors } = found[run]!.analysis;
        return isNarrow || errors === 0 ? grouped(count) : `${grouped(count)} (${percent(count / errors, 0)})`;
      }),
    })),
  });
  return {
    spec: asWideAsPlace(panel, t.taxonomy),
    table: {
      columns: [t.class, ...found.map(({ run }) => run.name)],
      rows: names.map((name, i) => [name, ...counts[i]!]),
    },
  };
}

/** A chart for each way to divide the test rows: accuracies with their intervals, those of all rows as lines. */
export function sliceCharts(
  found: readonly Analyzed[],
  lang: Language,
  t: AnalysisTexts,
  isNarrow: boolean,
): { title: string; drawn: Drawn }[] {
  return SLICINGS.flatMap((slicing) => {
    const slices = found.flatMap(({ run, analysis }) =>
      analysis.slices.filter((slice) => slice.slicing === slicing).map((slice) => ({ run: run.name, slice })),
    );
    return slices.length === 0
      ? []
      : [{ title: SLICING_NAMES[slicing][lang], drawn: sliceChart(slicing, slices, found, lang, t, isNarrow) }];
  });
}

function sliceChart(
  slicing: Slicing,
  slices: readonly { readonly run: string; readonly slice: SliceFigures }[],
  found: readonly Analyzed[],
  lang: Language,
  t: AnalysisTexts,
  isNarrow: boolean,
): Drawn {
  const named = (value: string) => sliceName(slicing, value, lang);
  const withEnds = (value: number, [low, high]: readonly [number, number]) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const panel = slicePanel({
    series: seriesOf(found),
    hasLegend: false,
    overall: found.map(({ run, analysis }) => ({ value: analysis.metrics.accuracy, color: run.color })),
    valueTitle: t.accuracyOfRows,
    rows: slices.map(
      ({
        run,
        slice: {
          value,
          accuracy,
          accuracy_interval: [low, high],
          n,
          differs,
        },
      }) => ({
        name: named(value),
        series: run,
        value: accuracy,
        low,
        high,
        text: `${percent(accuracy, 0)}${differs ? ' *' : ''}${isNarrow ? '' : ` · ${t.ofRows(grouped(n))}`}`,
      }),
    ),
  });
  const axis = namedAxis(
    slices.map(({ slice }) => [named(slice.value), named(slice.value)]),
    isNarrow,
  );
  return {
    spec: {
      ...asWideAsPlace(
        { ...panel, height: { step: 13 * found.length + 8, for: 'position' } },
        SLICING_NAMES[slicing][lang],
      ),
      config: { axisY: axis },
    },
    table: {
      columns: [t.run, t.slice, t.rows, t.accuracy, 'macro-F1', 'micro-F1', t.pCorrected],
      rows: slices.map(({ run, slice }) => [
        run,
        named(slice.value),
        slice.n,
        withEnds(slice.accuracy, slice.accuracy_interval),
        withEnds(slice.macro_f1, slice.macro_f1_interval),
        withEnds(slice.micro_f1, slice.micro_f1_interval),
        slice.p_corrected.toFixed(3),
      ]),
    },
  };
}
