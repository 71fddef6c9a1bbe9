import { useMemo, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { percent } from '../../../../src/base/core/format.ts';
import type { Language } from '../../../../src/base/core/types.ts';
import { sliceChart, taxonomyChart } from '../../../../src/study/analysis/analysisCharts.ts';
import { CLASS_NAMES, SLICING_NAMES, sliceName } from '../../../../src/study/analysis/kinds.ts';
import type { ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { readAnalysis } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { atOwnSize, untitled } from '../../components/panels.ts';
import { language } from '../../i18n/language.ts';
import { AnalysisCases } from './AnalysisCases.tsx';
import { type AnalysisTexts, analysisTexts } from './analysisTexts.ts';
import { RareRelations } from './RareRelations.tsx';
import { firstChoice, RunSelect } from './RunSelect.tsx';
import type { Drawn } from './runCharts.ts';

/** Why a run's answers are wrong, from its error analysis. */
export function AnalysisPanel({ runs }: { runs: readonly RunEntry[] }) {
  const t = analysisTexts();
  const lang = language.value;
  const [chosen, setChosen] = useState<string | null>(null);
  const tuned = runs.filter(({ fine_tuned }) => fine_tuned);
  const name = chosen ?? firstChoice(tuned, 'baseline');
  const loaded = useLoaded(name === '' ? null : name, async (signal) => ({
    name,
    analysis: await readAnalysis(name, signal),
  }));
  // What is still there of the run chosen before says nothing of this one.
  const analysis = loaded.value?.name === name ? loaded.value.analysis : null;
  const drawn = useMemo(
    () => analysis && { taxonomy: drawTaxonomy(analysis, lang, t), slices: drawSlices(analysis, lang, t) },
    [analysis, lang, t],
  );
  if (tuned.length === 0) return null;
  return (
    <section class="panel analysis" aria-label={t.title}>
      <h2>{t.title}</h2>
      <div class="run-choices">
        <RunSelect label={t.run} runs={tuned} value={name} onChange={setChosen} />
      </div>
      {loaded.error !== null && <Failure error={loaded.error} />}
      {loaded.value?.name === name && analysis === null && (
        <p class="muted">
          {t.none} <code>{`npx korex analyze --run ${name}`}</code>
        </p>
      )}
      {analysis && drawn && (
        <>
          <p>{t.summary(analysis.dataset.test_rows, analysis.errors)}</p>
          {analysis.shortcuts && <p>{t.shortcutSummary(analysis.shortcuts)}</p>}
          <h3>{t.taxonomy}</h3>
          <Chart {...drawn.taxonomy} />
          <AnalysisCases key={name} analysis={analysis} />
          <h3>{t.slices}</h3>
          <Chart {...drawn.slices} />
          <RareRelations analysis={analysis} />
        </>
      )}
    </section>
  );
}

function drawTaxonomy(analysis: ErrorAnalysis, lang: Language, t: AnalysisTexts): Drawn {
  return {
    spec: untitled({ ...taxonomyChart(analysis, lang), width: 'container' }),
    table: {
      columns: [t.class, t.errors, t.share],
      rows: analysis.taxonomy.map(({ class: name, count, share }) => [CLASS_NAMES[name][lang], count, percent(share)]),
    },
  };
}

function drawSlices(analysis: ErrorAnalysis, lang: Language, t: AnalysisTexts): Drawn {
  const withEnds = (value: number, [low, high]: readonly [number, number]) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return {
    spec: atOwnSize(untitled(sliceChart(analysis, lang))),
    table: {
      columns: [t.slicing, t.slice, t.rows, t.accuracy, 'macro-F1', 'micro-F1', t.pCorrected],
      rows: analysis.slices.map((slice) => [
        SLICING_NAMES[slice.slicing][lang],
        sliceName(slice.slicing, slice.value, lang),
        slice.n,
        withEnds(slice.accuracy, slice.accuracy_interval),
        withEnds(slice.macro_f1, slice.macro_f1_interval),
        withEnds(slice.micro_f1, slice.micro_f1_interval),
        slice.p_corrected.toFixed(3),
      ]),
    },
  };
}
