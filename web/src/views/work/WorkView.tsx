import { readFeatures } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { workTexts } from './texts.ts';
import { useWork } from './useWork.ts';
import { WorkerTable } from './WorkerTable.tsx';
import { WorkTable } from './WorkTable.tsx';
import './work.css';

/** The works of a queue, its workers, and what went wrong on the way. */
export default function WorkView() {
  const t = workTexts();
  const { value: features, error } = useLoaded('features', readFeatures);
  if (error !== null) return <Failure error={error} />;
  if (features === null) return <p class="muted" aria-busy="true" />;
  if (features.work) return <Queue />;
  return (
    <section class="panel">
      <p>{t.off}</p>
      <pre>
        <code>korex serve --queue redis://127.0.0.1:6379</code>
      </pre>
    </section>
  );
}

function Queue() {
  const t = workTexts();
  const lang = language.value;
  const { state, error, reload } = useWork();
  if (state === null) return error === null ? <p class="muted" aria-busy="true" /> : <Failure error={error} />;
  const { queue, works, workers } = state;
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const faults = works.flatMap((work) => work.faults).sort((a, b) => b.at - a.at);
  return (
    <div class="work-view">
      {error !== null && <Failure error={error} />}
      <p class="muted" role="status">
        {queue} · {t.summary(works.length, workers.length, slots)}
      </p>
      <section class="panel" aria-label={t.works}>
        <h2>{t.works}</h2>
        {works.length === 0 ? <p class="muted">{t.none}</p> : <WorkTable works={works} onSteered={reload} />}
      </section>
      <section class="panel" aria-label={t.workers}>
        <h2>{t.workers}</h2>
        {workers.length === 0 ? <p class="muted">{t.noWorkers}</p> : <WorkerTable workers={workers} />}
      </section>
      {faults.length > 0 && (
        <section class="panel" aria-label={t.faults}>
          <h2>{t.faults}</h2>
          <ul class="work-faults">
            {faults.map(({ at, worker, message }) => (
              <li key={`${at} ${worker} ${message.en}`}>
                <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleString(lang)}</time> {worker}:{' '}
                {message[lang]}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
