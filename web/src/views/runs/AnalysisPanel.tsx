import { useMemo } from 'preact/hooks';
import { percent } from '../../../../src/base/core/format.ts';
import type { ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { readAnalysis } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { isNarrow } from '../../state/narrow.ts';
import { AnalysisCases } from './AnalysisCases.tsx';
import { type Analyzed, sliceCharts, taxonomyChart } from './analysisCharts.ts';
import { type AnalysisTexts, analysisTexts } from './analysisTexts.ts';
import { RareRelations } from './RareRelations.tsx';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { RunSection } from './RunSection.tsx';
import { runTexts } from './texts.ts';

interface AnalysisPanelProps {
  readonly runs: readonly ComparedRun[];
  /** The list of sentences that is shown; null for the largest class. */
  readonly list: string | null;
  readonly onList: (list: string) => void;
}

/** Why the runs' answers are wrong, from their error analyses. */
export function AnalysisPanel({ runs, list, onList }: AnalysisPanelProps) {
  const t = analysisTexts();
  const lang = language.value;
  const narrow = isNarrow.value;
  const key = runs.map(({ name, changed }) => `${name} ${changed}`).join('\n');
  const loaded = useLoaded(key, async (signal) => ({
    key,
    analyses: await Promise.all(runs.map(({ name }) => readAnalysis(name, signal))),
  }));
  // What is still there of the runs that were ticked before says nothing of these.
  const analyses = loaded.value?.key === key ? loaded.value.analyses : null;
  const found = useMemo(
    () =>
      runs.flatMap((run, i): Analyzed[] => {
        const analysis = analyses?.[i] ?? null;
        return analysis === null ? [] : [{ run, analysis }];
      }),
    [runs, analyses],
  );
  const drawn = useMemo(
    () =>
      found.length === 0
        ? null
        : { taxonomy: taxonomyChart(found, lang, t, narrow), slices: sliceCharts(found, lang, t, narrow) },
    [found, lang, t, narrow],
  );
  const missing = analyses === null ? [] : runs.filter((_, i) => analyses[i] === null);
  return (
    <RunSection id="analysis" title={t.title} runs={found.map(({ run }) => run)}>
      {loaded.error !== null && <Failure error={loaded.error} />}
      {loaded.error === null && analyses === null && <p class="muted">{runTexts().reading}</p>}
      {missing.map(({ name }) => (
        <p key={name} class="muted">
          {t.none(name)} <code>{`npx korex analyze --run ${name}`}</code>
        </p>
      ))}
      {drawn && (
        <>
          <Summary found={found} t={t} />
          <h3>{t.taxonomy}</h3>
          <Chart {...drawn.taxonomy} />
          <AnalysisCases found={found} list={list} onList={onList} />
          <h3>{t.slices}</h3>
          <p class="muted">{found.length > 1 ? t.slicesOfMore : t.slicesOfOne}</p>
          <div class="run-columns">
            {drawn.slices.map(({ title, drawn }) => (
              <div key={title} class="run-slice">
                <h4>{title}</h4>
                <Chart {...drawn} />
              </div>
            ))}
          </div>
          {found.map(({ run, analysis }) => (
            <details key={run.name} class="run-rare" open={found.length === 1}>
              <summary>
                <h3>
                  {t.confusionsAndRare} <RunName name={run.name} color={run.color} />
                </h3>
              </summary>
              <RareRelations analysis={analysis} />
            </details>
          ))}
        </>
      )}
    </RunSection>
  );
}

const kept = (kept: number, of: number): string => (of === 0 ? '–' : percent(kept / of));

/** The figures of each analysis, a row a run. */
function Summary({ found, t }: { found: readonly Analyzed[]; t: AnalysisTexts }) {
  const columns: readonly { title: string; cell: (analysis: ErrorAnalysis) => string }[] = [
    { title: t.errors, cell: ({ errors, dataset }) => `${errors} / ${dataset.test_rows}` },
    {
      title: t.overconfidentColumn,
      cell: ({ overconfident: { count, share_of_confident } }) => `${count} (${percent(share_of_confident)})`,
    },
    {
      title: t.disagreementsColumn,
      cell: ({ disagreements: { count, reliability } }) =>
        `${count} · ${t.rightOf(kept(reliability.right, reliability.answers), reliability.answers)}`,
    },
    {
      title: t.eceColumn,
      cell: ({ calibration: { temperature, ece, ece_before } }) =>
        temperature === 1 ? ece.toFixed(3) : `${ece_before.toFixed(3)} → ${ece.toFixed(3)}`,
    },
    {
      title: t.entitiesOnlyColumn,
      cell: ({ shortcuts }) => (shortcuts === null ? '–' : kept(shortcuts.right_with_entities_only, shortcuts.right)),
    },
    {
      title: t.maskedColumn,
      cell: ({ shortcuts }) => (shortcuts === null ? '–' : shortcuts.masked.accuracy.toFixed(3)),
    },
  ];
  return (
    <>
      <p>{t.summary}</p>
      <div class="scroll-x" role="region" aria-label={t.title} tabIndex={0}>
        <table class="run-cards">
          <thead>
            <tr>
              <th scope="col">{t.run}</th>
              {columns.map(({ title }) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map(({ run, analysis }) => (
              <tr key={run.name}>
                <th scope="row">
                  <RunName name={run.name} color={run.color} />
                </th>
                {columns.map(({ title, cell }) => (
                  <td key={title} class="number" data-label={title}>
                    {cell(analysis)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
