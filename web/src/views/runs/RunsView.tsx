import { useMemo, useRef } from 'preact/hooks';
import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';
import { readRun } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { AnalysisPanel } from './AnalysisPanel.tsx';
import { AnswersPanel } from './AnswersPanel.tsx';
import { CalibrationPanel } from './CalibrationPanel.tsx';
import { ClassPanel } from './ClassPanel.tsx';
import { ConfusionPanel } from './ConfusionPanel.tsx';
import { Contents, useStartAt } from './Contents.tsx';
import { Curves } from './Curves.tsx';
import { MetricsPanel } from './MetricsPanel.tsx';
import type { ComparedRun } from './RunLegend.tsx';
import { RunList } from './RunList.tsx';
import { runColours } from './runColours.ts';
import { SECTIONS, type SectionId } from './runsAddress.ts';
import { SettingsTable } from './SettingsTable.tsx';
import { runTexts } from './texts.ts';
import { useRuns } from './useRuns.ts';
import { useRunsState } from './useRunsState.ts';
import './runs.css';

/** The Runs view: all trainings below `--out`; every section compares those that are ticked. */
export default function RunsView() {
  const t = runTexts();
  const place = useRef<HTMLDivElement>(null);
  const { runs, error } = useRuns();
  const { state, change } = useRunsState();
  const asked = state.runs?.join('\n') ?? null;
  const colours = useMemo(() => runColours((runs ?? []).map(({ name }) => name)), [runs]);
  const compared = useMemo(
    () => chosenRuns(runs ?? [], state.runs).map((run) => ({ ...run, color: colours.get(run.name)! })),
    [runs, asked, colours],
  );
  const finished = useMemo(() => compared.filter(({ metrics }) => metrics !== null), [compared]);
  const tuned = useMemo(() => finished.filter(({ fine_tuned }) => fine_tuned), [finished]);
  const details = useLoaded(
    finished.length === 0 ? null : finished.map(({ name, changed }) => `${name} ${changed}`).join('\n'),
    (signal) => Promise.all(finished.map(({ name }) => readRun(name, signal))),
  );
  useStartAt(place, state.at, runs !== null && runs.length > 0);

  if (runs === null)
    return error === null ? (
      <p class="muted" aria-busy="true">
        {t.reading}
      </p>
    ) : (
      <Failure error={error} />
    );
  if (runs.length === 0) return <p class="notice">{t.none}</p>;
  // What is still there of the runs that were ticked before says nothing of these.
  const own = details.value?.map(({ name }) => name).join() === finished.map(({ name }) => name).join();
  const shown = own && finished.length > 0 ? details.value : null;
  return (
    <div ref={place}>
      {error !== null && <Failure error={error} />}
      <Contents sections={sectionsOf(compared, finished, tuned)} state={state} onChange={change} />
      <RunList runs={runs} colours={colours} chosen={compared} onChange={(names) => change({ runs: names })} />
      {compared.length === 0 && <p class="notice">{t.noneChosen}</p>}
      {details.error !== null && <Failure error={details.error} />}
      {finished.length > 0 && <MetricsPanel runs={finished} />}
      {compared.length > 0 && (
        <Curves runs={compared} measure={state.measure} onMeasure={(measure) => change({ measure })} />
      )}
      <SettingsTable runs={compared} isAll={state.allSettings} onAll={(allSettings) => change({ allSettings })} />
      {shown && (
        <>
          <ClassPanel runs={finished} details={shown} />
          <ConfusionPanel
            runs={finished}
            details={shown}
            cells={state.cells}
            answers={state.answers}
            onChange={change}
          />
          <AnswersPanel
            runs={finished}
            labels={shown[0]!.labels}
            wanted={state.answers}
            onChange={(answers) => change({ answers })}
          />
        </>
      )}
      {tuned.length > 0 && <AnalysisPanel runs={tuned} list={state.cases} onList={(cases) => change({ cases })} />}
      {shown && tuned.length > 0 && (
        <CalibrationPanel runs={tuned} details={shown.filter(({ name }) => tuned.some((run) => run.name === name))} />
      )}
    </div>
  );
}

/** The sections that there is something to show in. */
function sectionsOf(
  compared: readonly ComparedRun[],
  finished: readonly ComparedRun[],
  tuned: readonly ComparedRun[],
): SectionId[] {
  const isThere: Readonly<Record<SectionId, boolean>> = {
    choose: true,
    metrics: finished.length > 0,
    curves: compared.length > 0,
    settings: compared.some(({ plan }) => plan !== null),
    classes: finished.length > 0,
    confusions: finished.length > 0,
    answers: finished.length > 0,
    analysis: tuned.length > 0,
    calibration: tuned.length > 0,
  };
  return SECTIONS.filter((id) => isThere[id]);
}

/** Runs that are ticked without a choice in the address: more would crowd the charts. */
const MOST_CHOSEN = 4;

/** The runs asked for, in the order of the list; where nothing was, those that were fine-tuned. */
function chosenRuns(runs: readonly RunEntry[], asked: readonly string[] | null): readonly RunEntry[] {
  if (asked !== null) return runs.filter(({ name }) => asked.includes(name));
  const tuned = runs.filter(({ fine_tuned }) => fine_tuned);
  return (tuned.length > 0 ? tuned : runs).slice(0, MOST_CHOSEN);
}
