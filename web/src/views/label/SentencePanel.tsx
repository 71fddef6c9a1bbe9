import { useState } from 'preact/hooks';
import { LABEL_STATUSES, type LabelFilter } from '../../../../src/inference/predict/api/labelSchema.ts';
import { listSentences } from '../../api/labelProject.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { labelTexts } from './texts.ts';

const PAGE = 50;

/** The project's sentences, to find one again. */
export function SentencePanel({ onOpen }: { onOpen: (guid: string) => void }) {
  const t = labelTexts();
  const [text, setText] = useState('');
  const [status, setStatus] = useState('');
  const [disputed, setDisputed] = useState(false);
  const [shown, setShown] = useState(PAGE);
  const known = LABEL_STATUSES.find((each) => each === status);
  const filter: LabelFilter = {
    ...(text !== '' && { text }),
    ...(known && { status: known }),
    ...(disputed && { disputed }),
  };
  const { value, error } = useLoaded(JSON.stringify([filter, shown]), (signal) =>
    listSentences(filter, 0, shown, signal),
  );
  return (
    <section class="panel">
      <div class="label-filters">
        <label>
          {t.text}
          <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
        <label>
          {t.status}
          <select value={status} onChange={({ currentTarget }) => setStatus(currentTarget.value)}>
            <option value="">{t.any}</option>
            {LABEL_STATUSES.map((each) => (
              <option key={each} value={each}>
                {t[each]}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={disputed}
            onChange={({ currentTarget }) => setDisputed(currentTarget.checked)}
          />
          {t.onlyDisputed}
        </label>
      </div>
      {error !== null && <Failure error={error} />}
      <p role="status">{value && t.sentences(value.total)}</p>
      <ul class="label-list">
        {value?.sentences.map(({ sentence, guid, text: words, status: state, people, disputed: differs, comment }) => (
          <li key={sentence}>
            <button
              type="button"
              class="quiet small"
              aria-label={`${t.openSentence}: ${words.slice(0, 40)}`}
              onClick={() => onOpen(guid)}
            >
              {t.openSentence}
            </button>
            <span lang="ko">{words}</span> <span class="label-chip">{t[state]}</span>
            {differs && <span class="label-chip">{t.disputed}</span>} <small class="muted">{people.join(', ')}</small>
            {comment !== null && <small class="label-remark">“{comment}”</small>}
          </li>
        ))}
      </ul>
      {value && value.total > shown && (
        <button type="button" class="quiet small" onClick={() => setShown(shown + PAGE)}>
          + {PAGE}
        </button>
      )}
    </section>
  );
}
