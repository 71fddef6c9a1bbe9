import { useMemo, useState } from 'preact/hooks';
import type { RunDetail, RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { confusionMatrixChart } from '../../../../src/base/charts/confusionMatrix.ts';
import type { Layer } from '../../../../src/base/charts/spec.ts';
import { SERIES } from '../../../../src/base/charts/theme.ts';
import { readRun } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { atOwnSize, untitled, withLayers } from '../../components/panels.ts';
import { relationAxis, shortName } from '../../components/relations.ts';
import { type Language, language } from '../../i18n/language.ts';
import { Answers, type AnswersWanted } from './Answers.tsx';
import { firstChoice, RunSelect } from './RunSelect.tsx';
import { type RunTexts, runTexts } from './texts.ts';

type Show = 'counts' | 'shares';
const EVERYTHING_WRONG: AnswersWanted = { gold: null, predicted: null, outcome: 'wrong' };

/** The confusion matrix of a run; its cells open the sentences behind them. */
export function ErrorsPanel({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const [show, setShow] = useState<Show>('counts');
  const [wanted, setWanted] = useState(EVERYTHING_WRONG);
  const name = chosen ?? firstChoice(runs, 'baseline');
  const detail = useLoaded(name === '' ? null : name, (signal) => readRun(name, signal));
  const lang = language.value;
  const drawn = useMemo(
    () => detail.value && matrixChart(detail.value, show, wanted, lang, t),
    [detail.value, show, wanted, lang, t],
  );
  if (runs.length === 0) return null;
  return (
    <section class="panel">
      <h2>{t.errors}</h2>
      <p class="muted">{t.errorsHint}</p>
      <div class="run-choices">
        <RunSelect
          label={t.run}
          runs={runs}
          value={name}
          onChange={(run) => {
            setChosen(run);
            setWanted(EVERYTHING_WRONG);
          }}
        />
        <div class="run-toggle" role="group" aria-label={t.errors}>
          {(['counts', 'shares'] as const).map((option) => (
            <button
              key={option}
              type="button"
              class="quiet"
              aria-pressed={show === option}
              onClick={() => setShow(option)}
            >
              {t[option]}
            </button>
          ))}
        </div>
      </div>
      {detail.error !== null && <Failure error={detail.error} />}
      {drawn && (
        <Chart
          {...drawn}
          onPick={({ row, column }) => {
            if (typeof row === 'string' && typeof column === 'string')
              setWanted({ gold: row, predicted: column, outcome: 'all' });
          }}
        />
      )}
      {detail.value && detail.value.name === name && (
        <Answers detail={detail.value} wanted={wanted} onChange={setWanted} />
      )}
    </section>
  );
}

function matrixChart(
  { labels, confusion, name }: RunDetail,
  show: Show,
  { gold, predicted }: AnswersWanted,
  lang: Language,
  t: RunTexts,
) {
  // Labels that neither stand in the rows nor were predicted would be empty lines.
  const used = labels.flatMap((label, i) =>
    confusion[i]!.some((count) => count > 0) || confusion.some((row) => row[i]! > 0) ? { label, i } : [],
  );
  const spec = confusionMatrixChart(
    {
      labels: used.map(({ label }) => label),
      counts: used.map(({ i: g }) => used.map(({ i: p }) => confusion[g]![p]!)),
      show,
      ...relationAxis(
        used.map(({ label }) => label),
        lang,
      ),
    },
    lang,
  );
  const chosen = gold !== null && predicted !== null ? [{ row: gold, column: predicted }] : [];
  const frame: Layer = {
    data: { values: chosen },
    mark: { type: 'rect', fill: null, stroke: SERIES[1], strokeWidth: 2.5 },
  };
  return {
    spec: { ...atOwnSize(untitled(withLayers(spec, [], [frame]))), description: `${t.errors}: ${name}` },
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
