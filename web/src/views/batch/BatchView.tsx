import '../../api/withoutEval.ts';
import { useMemo } from 'preact/hooks';
import { KorexError } from '../../../../src/base/core/errors.ts';
import { grouped, percent } from '../../../../src/base/core/format.ts';
import { FileError } from '../../../../src/base/data/formats/format.ts';
import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { Failure } from '../../components/Failure.tsx';
import { BadRows } from './BadRows.tsx';
import { type BatchState, batch, startBatch, stopBatch } from './batch.ts';
import { batchTexts } from './texts.ts';
import './batch.css';
import { DropZone } from './DropZone.tsx';
import { Results } from './Results.tsx';
import { goldCounts, MAX_ROWS, NoRows, TooManyRows } from './runBatch.ts';

/** A file of rows in, answers out. */
export default function BatchView() {
  const t = batchTexts();
  const { sendBatch } = useService();
  const { model, error: modelError } = useModel();
  const state = batch.value;

  if (sendBatch === undefined) return <p class="notice">{t.noServer}</p>;
  return (
    <div class="batch">
      <section class="panel">
        <DropZone onFile={(file) => startBatch(file, sendBatch)} />
        {modelError !== null && <Failure error={modelError} />}
        {state.error !== null && <Failure error={readable(state.error)} />}
        {state.phase !== 'idle' && <Progress state={state} onStop={stopBatch} />}
      </section>
      <BadRows rows={state.bad} />
      {state.results.length > 0 && (
        <Results results={state.results} noRelation={model?.no_relation ?? null} name={state.name} />
      )}
    </div>
  );
}

function Progress({ state, onStop }: { state: BatchState; onStop: () => void }) {
  const t = batchTexts();
  const { phase, results, share, seconds, name, notes } = state;
  const { labelled, correct } = useMemo(() => goldCounts(results), [results]);
  const isRunning = phase === 'running';
  const rate = seconds > 0 ? Math.round(results.length / seconds) : 0;
  return (
    <div class="batch-progress">
      <p>
        <strong>{name}</strong> · {isRunning ? t.running : phase === 'done' ? t.done : t.stopped} ·{' '}
        {t.rows(results.length)} · {t.rate(rate)}
      </p>
      {notes.length > 0 && <p class="muted small-print">{notes.join(' ')}</p>}
      {labelled > 0 && <p>{t.agreement(labelled, percent(correct / labelled))}</p>}
      <div class="control-row">
        <progress value={share} max={1} aria-label={t.ready(percent(share))} />
        {isRunning && (
          <button type="button" class="quiet small" onClick={onStop}>
            {t.stop}
          </button>
        )}
      </div>
      <p class="sr-only" role="status">
        {isRunning ? t.running : `${phase === 'done' ? t.done : t.stopped}. ${t.rows(results.length)}`}
      </p>
    </div>
  );
}

/** Errors of a file: in the page's language what is wrong, then where, as the command line has it. */
function readable(error: unknown): unknown {
  const t = batchTexts();
  if (error instanceof TooManyRows) return new Error(t.tooMany(grouped(MAX_ROWS)));
  if (error instanceof NoRows) return new Error(t.noRows);
  if (!(error instanceof KorexError)) return error;
  const fault = error instanceof FileError && t[`fault_${error.fault}`];
  return new Error([fault, error.message, error.hint].filter(Boolean).join('\n'));
}
