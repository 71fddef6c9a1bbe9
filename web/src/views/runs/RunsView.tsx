import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { Failure } from '../../components/Failure.tsx';
import { replaceParams, route } from '../../state/router.ts';
import { AnalysisPanel } from './AnalysisPanel.tsx';
import { Calibration } from './Calibration.tsx';
import { ClassChange } from './ClassChange.tsx';
import { Curves } from './Curves.tsx';
import { ErrorsPanel } from './ErrorsPanel.tsx';
import { MetricsPanel } from './MetricsPanel.tsx';
import { RunList } from './RunList.tsx';
import { SettingsTable } from './SettingsTable.tsx';
import { runTexts } from './texts.ts';
import { useRuns } from './useRuns.ts';
import './runs.css';

/** The Runs view: all trainings below `--out`, some of them compared. */
export default function RunsView() {
  const t = runTexts();
  const { runs, error } = useRuns();
  const [asked, setAsked] = useState<readonly string[]>(() => route.value.params.getAll('run'));
  const chosen = useMemo(() => chosenRuns(runs ?? [], asked), [runs, asked]);
  const finished = useMemo(() => (runs ?? []).filter(({ status }) => status === 'finished'), [runs]);

  useEffect(() => {
    if (asked.length > 0) replaceParams(new URLSearchParams(asked.map((name) => ['run', name])));
  }, [asked]);

  if (runs === null)
    return error === null ? (
      <p class="muted" aria-busy="true">
        {t.reading}
      </p>
    ) : (
      <Failure error={error} />
    );
  if (runs.length === 0) return <p class="notice">{t.none}</p>;
  return (
    <>
      {error !== null && <Failure error={error} />}
      <RunList runs={runs} chosen={chosen} onChange={setAsked} />
      <Curves runs={chosen} />
      <MetricsPanel runs={chosen.filter(({ metrics }) => metrics !== null)} />
      <SettingsTable runs={chosen} />
      <ClassChange runs={finished} />
      <ErrorsPanel runs={finished} />
      <AnalysisPanel runs={finished} />
      <Calibration runs={finished} />
    </>
  );
}

/** The runs asked for; without any, those that were fine-tuned. */
function chosenRuns(runs: readonly RunEntry[], asked: readonly string[]): RunEntry[] {
  const found = runs.filter(({ name }) => asked.includes(name));
  if (found.length > 0) return found;
  const tuned = runs.filter(({ fine_tuned }) => fine_tuned);
  return tuned.length > 0 ? tuned.slice(0, 4) : runs.slice(0, 4);
}
