import { useEffect, useState } from 'preact/hooks';
import { pText } from '../../../../src/base/core/format.ts';
import type { LabelProject, LabelRound } from '../../../../src/inference/predict/api/labelSchema.ts';
import { promoteRound, startTraining } from '../../api/labelProject.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { labelTexts } from './texts.ts';

interface TrainingPanelProps {
  readonly project: LabelProject;
  readonly reload: () => Promise<void>;
}

/** How often a training is looked at. */
const LOOK_MS = 1_500;

/** The project's trainings: begin one, follow it, see what it is worth, choose which model answers. */
export function TrainingPanel({ project, reload }: TrainingPanelProps) {
  const t = labelTexts();
  const [error, setError] = useState<unknown>(null);
  const [awaited, setAwaited] = useState<string | null>(null);
  const { rounds, counts, least_rows } = project;
  const newest = rounds[0]?.round ?? 0;
  // Its process takes a moment to begin; it says so by a round, even where it fails.
  const [begunBehind, setBegunBehind] = useState<number | null>(null);
  const isRunning = begunBehind === newest || rounds.some(({ state }) => state === 'running');
  // Another model answers only once the server has opened it.
  const isSwitching = awaited !== null && project.model !== awaited;
  useEffect(() => {
    const timer = setInterval(reload, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const attempt = async (work: Promise<unknown>) => {
    try {
      await work;
      setError(null);
      await reload();
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <section class="panel">
      <p class="muted">{t.trainHelp(least_rows)}</p>
      <div class="actions">
        <button
          type="button"
          disabled={isRunning || counts.pairs < least_rows}
          onClick={() => attempt(startTraining({}).then(() => setBegunBehind(newest)))}
        >
          {isRunning ? t.training : t.train}
        </button>
        {rounds.some(({ promoted }) => promoted) && (
          <button type="button" class="quiet" onClick={() => attempt(promoteRound(0))}>
            {t.promoteFirst}
          </button>
        )}
      </div>
      {error !== null && <Failure error={error} />}
      {isSwitching && <p role="status">{t.switching}</p>}
      <h2>{t.rounds}</h2>
      {rounds.length === 0 && <p class="muted">{t.noRounds}</p>}
      <ol class="label-rounds" reversed>
        {rounds.map((round) => (
          <Round
            key={round.round}
            round={round}
            project={project}
            onPromote={() => {
              setAwaited(round.model);
              attempt(promoteRound(round.round));
            }}
          />
        ))}
      </ol>
    </section>
  );
}

interface RoundProps {
  readonly round: LabelRound;
  readonly project: LabelProject;
  readonly onPromote: () => void;
}

function Round({ round, project, onPromote }: RoundProps) {
  const t = labelTexts();
  const lang = language.value;
  const { model, state, from, rows, progress, result, promoted, error } = round;
  const titleOf = (relation: string) =>
    relation === project.no_relation
      ? t.none
      : (project.relations.find(({ name }) => name === relation)?.title[lang] ?? relation);
  return (
    <li class="label-round">
      <p>
        <strong>{model}</strong> <span class="label-chip">{t[`state_${state}`]}</span>{' '}
        {promoted && <span class="label-chip">{t.promoted}</span>}{' '}
        {rows && <small class="muted">{t.rowsOf(rows.training, rows.judging, rows.mixed)}</small>}
      </p>
      {state === 'running' && progress && (
        <label>
          {progress.title}
          <progress value={progress.done} max={Math.max(1, progress.total)} />
        </label>
      )}
      {error !== null && <p class="notice notice-bad">{error}</p>}
      {result && (
        <>
          <p>
            {result.wins ? t.wins : t.noWin} {t.test(result.only_new_right, result.only_old_right, pText(result.p))}
          </p>
          <div class="scroll-x" role="region" aria-label={model} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t.relation}</th>
                  <th scope="col" class="number">
                    {t.rows}
                  </th>
                  <th scope="col" class="number">
                    {t.old} ({from})
                  </th>
                  <th scope="col" class="number">
                    {t.now}
                  </th>
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="row">micro-F1</th>
                  <td />
                  <td class="number">{result.old.micro_f1.toFixed(3)}</td>
                  <td class="number">{result.new.micro_f1.toFixed(3)}</td>
                </tr>
                {result.relations.map(({ relation, rows: count, old_f1, new_f1 }) => (
                  <tr key={relation}>
                    <th scope="row">{titleOf(relation)}</th>
                    <td class="number">{count}</td>
                    <td class="number">{old_f1?.toFixed(3) ?? '–'}</td>
                    <td class="number">{new_f1?.toFixed(3) ?? '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {!promoted && (
            <button type="button" class="quiet small" onClick={onPromote}>
              {t.promote}
            </button>
          )}
        </>
      )}
    </li>
  );
}
