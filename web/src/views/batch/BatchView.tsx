import '../../api/withoutEval.ts';
import { useMemo } from 'preact/hooks';
import { KorexError } from '../../../../src/base/core/errors.ts';
import { grouped, percent } from '../../../../src/base/core/format.ts';
import { settleParticles } from '../../../../src/base/text/particles.ts';
import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { BadRows } from '../../components/BadRows.tsx';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { type BatchState, batch, chooseColumns, startBatch, stopBatch } from './batch.ts';
import { batchTexts } from './texts.ts';
import './batch.css';
import { ColumnChooser } from './ColumnChooser.tsx';
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
  const { file, preview, columns } = state;
  return (
    <div class="batch">
      <section class="panel">
        <DropZone onFile={(file) => startBatch(file, sendBatch)} />
        {modelError !== null && <Failure error={modelError} />}
        {state.error !== null && <Failure error={readable(state)} />}
        {file !== null && (state.phase !== 'failed' || state.results.length > 0) && (
          <Progress state={state} name={file.name} onStop={stopBatch} />
        )}
      </section>
      {file !== null && preview !== null && (
        <section class="panel" aria-labelledby="columns-title">
          <h2 id="columns-title">{t.chooseColumns}</h2>
          <ColumnChooser
            key={`${file.name} ${file.lastModified}`}
            preview={preview}
            chosen={columns}
            onUse={(mapping) => startBatch(file, sendBatch, mapping)}
          />
        </section>
      )}
      <BadRows title={t.badRows(state.bad.length)} rows={state.bad} />
      {file !== null && state.results.length > 0 && (
        <Results results={state.results} noRelation={model?.no_relation ?? null} name={file.name} />
      )}
    </div>
  );
}

function Progress({ state, name, onStop }: { state: BatchState; name: string; onStop: () => void }) {
  const t = batchTexts();
  const { phase, results, share, seconds, notes, preview } = state;
  const { labelled, correct } = useMemo(() => goldCounts(results), [results]);
  const isRunning = phase === 'running';
  const rate = seconds > 0 ? Math.round(results.length / seconds) : 0;
  return (
    <div class="batch-progress">
      <p>
        <strong>{name}</strong> · {isRunning ? t.running : phase === 'done' ? t.done : t.stopped} ·{' '}
        {t.rows(results.length)} · {t.rate(rate)}
      </p>
      {notes.length > 0 && <p class="muted small-print">{notes.map((note) => note[language.value]).join(' ')}</p>}
      {labelled > 0 && <p>{t.agreement(labelled, percent(correct / labelled))}</p>}
      <div class="control-row">
        <progress value={share} max={1} aria-label={t.ready(percent(share))} />
        {isRunning && (
          <button type="button" class="quiet small" onClick={onStop}>
            {t.stop}
          </button>
        )}
        {!isRunning && preview === null && (
          <button type="button" class="quiet small" onClick={chooseColumns}>
            {t.chooseColumns}
          </button>
        )}
      </div>
      <p class="sr-only" role="status">
        {isRunning ? t.running : `${phase === 'done' ? t.done : t.stopped}. ${t.rows(results.length)}`}
      </p>
    </div>
  );
}

/** An error in the page's language; with a preview, columns are chosen below and not on a command line. */
function readable({ error, preview }: BatchState): unknown {
  const t = batchTexts();
  if (error instanceof TooManyRows) return new Error(t.tooMany(grouped(MAX_ROWS)));
  if (error instanceof NoRows) return new Error(t.noRows);
  if (!(error instanceof KorexError)) return error;
  const { message, hint } = error.in(language.value);
  const said = [message, preview === null ? hint : t.chooseBelow].filter(Boolean).join('\n');
  return new Error(settleParticles(said));
}
