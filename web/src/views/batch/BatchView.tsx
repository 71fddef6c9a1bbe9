import '../../api/withoutEval.ts';
import { useState } from 'preact/hooks';
import { KorexError } from '../../../../src/base/core/errors.ts';
import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { Failure } from '../../components/Failure.tsx';
import { count, percent } from '../../components/format.ts';
import { batchTexts } from '../../i18n/batch.ts';
import { BadRows } from './BadRows.tsx';
import './batch.css';
import { DropZone } from './DropZone.tsx';
import { FileError, formatOf } from './fileRows.ts';
import { Results } from './Results.tsx';
import { MAX_ROWS, TooManyRows } from './runBatch.ts';
import { type BatchState, useBatch } from './useBatch.ts';

const TOP_K = 3;

/** A file of rows in, answers out. */
export default function BatchView() {
  const t = batchTexts();
  const { sendBatch } = useService();
  const { model, error: modelError } = useModel();
  const { state, start, stop } = useBatch();
  const [wrongName, setWrongName] = useState<string | null>(null);

  if (sendBatch === undefined) return <p class="notice">{t.noServer}</p>;
  const take = (file: File) => {
    const format = formatOf(file.name);
    setWrongName(format === null ? file.name : null);
    if (format !== null) start(file, format, TOP_K);
  };
  return (
    <div class="batch">
      <section class="panel">
        <DropZone onFile={take} />
        {wrongName !== null && <Failure error={new Error(t.unknownEnding(wrongName))} />}
        {modelError !== null && <Failure error={modelError} />}
        {state.error !== null && <Failure error={readable(state.error)} />}
        {state.phase !== 'idle' && <Progress state={state} onStop={stop} />}
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
  const { phase, results, share, seconds, name } = state;
  const isRunning = phase === 'running';
  const rate = seconds > 0 ? Math.round(results.length / seconds) : 0;
  return (
    <div class="batch-progress">
      <p>
        <strong>{name}</strong> · {isRunning ? t.running : phase === 'done' ? t.done : t.stopped} ·{' '}
        {t.rows(count(results.length))} · {t.rate(count(rate))}
      </p>
      <div class="control-row">
        <progress value={share} max={1} aria-label={t.ready(percent(share))} />
        {isRunning && (
          <button type="button" class="quiet small" onClick={onStop}>
            {t.stop}
          </button>
        )}
      </div>
      <p class="sr-only" role="status">
        {isRunning ? t.running : `${phase === 'done' ? t.done : t.stopped}. ${t.rows(count(results.length))}`}
      </p>
    </div>
  );
}

/** Errors of a file in the page's language. */
function readable(error: unknown): unknown {
  const t = batchTexts();
  if (error instanceof FileError) return new Error(t[error.reason]);
  if (error instanceof TooManyRows) return new Error(t.tooMany(count(MAX_ROWS)));
  if (error instanceof KorexError) return new Error([error.message, error.hint].filter(Boolean).join('\n'));
  return error;
}
