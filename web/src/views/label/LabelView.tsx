import '../../api/withoutEval.ts';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { LabelProject } from '../../../../src/inference/predict/api/labelSchema.ts';
import { personName, readProject } from '../../api/labelProject.ts';
import { usePredictor } from '../../api/predictor.ts';
import { modelChanged, useModel } from '../../api/useModel.ts';
import { Failure } from '../../components/Failure.tsx';
import { replaceParams, route } from '../../state/router.ts';
import { Desk } from './Desk.tsx';
import { ExportPanel } from './ExportPanel.tsx';
import { GuidePanel } from './GuidePanel.tsx';
import './label.css';
import { PeoplePanel } from './PeoplePanel.tsx';
import { SentencePanel } from './SentencePanel.tsx';
import { TrainingPanel } from './TrainingPanel.tsx';
import { labelTexts } from './texts.ts';

const TABS = ['desk', 'guide', 'list', 'people', 'train', 'export'] as const;
type Tab = (typeof TABS)[number];

/** Labelling a project: a sentence at a time, and all that belongs to it. */
export default function LabelView() {
  const t = labelTexts();
  const { params } = route.value;
  const tab: Tab = TABS.find((name) => name === params.get('tab')) ?? 'desk';
  const [project, setProject] = useState<LabelProject | null | undefined>(undefined);
  const [error, setError] = useState<unknown>(null);
  const reload = useCallback(async () => {
    try {
      setProject(await readProject());
      setError(null);
    } catch (failed) {
      setError(failed);
    }
  }, []);
  // A promoted model takes over while the page is open.
  const predictor = usePredictor();
  const { model } = useModel();
  const answering = project?.model;
  useEffect(() => {
    if (answering !== undefined && model !== null && model.id !== answering) modelChanged(predictor);
  }, [answering]);
  const name = personName.value;
  useEffect(() => {
    reload();
  }, [name, tab]);

  if (error !== null && project === undefined) return <Failure error={error} />;
  if (project === undefined) return <p class="muted" aria-busy="true" />;
  if (project === null)
    return (
      <section class="panel">
        <p>{t.off}</p>
        <pre>
          <code>korex label FOLDER</code>
        </pre>
      </section>
    );
  const show = (next: Tab, more: Readonly<Record<string, string>> = {}) =>
    replaceParams(new URLSearchParams({ tab: next, ...more }));
  return (
    <div class="label-view">
      <section class="panel label-head">
        <p role="status">
          <strong>{project.name}</strong> · {t.progress(project.counts.done, project.counts.sentences)} ·{' '}
          {t.answers(project.model)}
        </p>
        {project.may_choose_name && (
          <label>
            {t.name}
            <input
              value={personName.value ?? project.me}
              maxLength={60}
              title={t.nameHelp}
              onChange={({ currentTarget }) => {
                if (currentTarget.value.trim() !== '') personName.value = currentTarget.value.trim();
              }}
            />
          </label>
        )}
        <nav class="label-tabs" aria-label={t.tabs}>
          {TABS.map((each) => (
            <button key={each} type="button" class="quiet small" aria-pressed={each === tab} onClick={() => show(each)}>
              {t[`tab_${each}`]}
            </button>
          ))}
        </nav>
      </section>
      {error !== null && <Failure error={error} />}
      {tab === 'desk' && <Desk key={`${name} ${params.get('role')}`} project={project} onProgress={reload} />}
      {tab === 'guide' && <GuidePanel project={project} onChange={setProject} />}
      {tab === 'list' && <SentencePanel onOpen={(guid) => show('desk', { guids: guid })} />}
      {tab === 'people' && (
        <PeoplePanel
          project={project}
          onChange={setProject}
          onAdjudicate={() => show('desk', { role: 'adjudicate' })}
        />
      )}
      {tab === 'train' && <TrainingPanel project={project} reload={reload} />}
      {tab === 'export' && <ExportPanel />}
    </div>
  );
}
