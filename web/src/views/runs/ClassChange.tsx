import { useMemo, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { readRun } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Chart } from '../../components/Chart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { firstChoice, RunSelect } from './RunSelect.tsx';
import { changeChart, changesOf } from './runCharts.ts';
import { runTexts } from './texts.ts';

/** F1 by relation under two runs, the largest gain first. */
export function ClassChange({ runs }: { runs: readonly RunEntry[] }) {
  const t = runTexts();
  const lang = language.value;
  const [before, setBefore] = useState<string | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const second = after ?? firstChoice(runs, 'baseline');
  const first =
    before ??
    firstChoice(
      runs.filter(({ name }) => name !== second),
      'frozen',
    );
  const details = useLoaded(runs.length < 2 ? null : `${first}\n${second}`, (signal) =>
    Promise.all([readRun(first, signal), readRun(second, signal)]),
  );
  const drawn = useMemo(() => {
    if (details.value === null) return null;
    const [one, two] = details.value;
    return changeChart(changesOf(one.classes, two.classes), [one.name, two.name], t, lang);
  }, [details.value, t, lang]);
  return (
    <section class="panel">
      <h2>{t.changes}</h2>
      {runs.length < 2 ? (
        <p class="muted">{t.needTwo}</p>
      ) : (
        <>
          <div class="run-choices">
            <RunSelect label={t.before} runs={runs} value={first} onChange={setBefore} />
            <RunSelect label={t.after} runs={runs} value={second} onChange={setAfter} />
          </div>
          {details.error !== null && <Failure error={details.error} />}
          {drawn && <Chart {...drawn} />}
        </>
      )}
    </section>
  );
}
