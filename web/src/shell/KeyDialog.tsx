import { useEffect, useRef } from 'preact/hooks';
import { keyQuestion } from '../api/apiKey.ts';
import { apiTexts } from '../api/texts.ts';

/** Asks for the API key when the server wants one. */
export function KeyDialog() {
  const t = apiTexts();
  const question = keyQuestion.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (question && !dialog.current?.open) dialog.current?.showModal();
    if (!question && dialog.current?.open) dialog.current.close();
  }, [question]);
  return (
    <dialog ref={dialog} aria-labelledby="key-title" onCancel={() => question?.answer(null)}>
      <form
        class="panel dialog-panel"
        onSubmit={(event) => {
          event.preventDefault();
          question?.answer(field.current?.value.trim() || null);
        }}
      >
        <h2 id="key-title">{t.keyTitle}</h2>
        <p>{question?.refused ? t.keyRefused : t.keyLead}</p>
        <label>
          {t.keyLabel}
          <input ref={field} type="password" autocomplete="off" required />
        </label>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => question?.answer(null)}>
            {t.cancel}
          </button>
          <button type="submit">{t.keyUse}</button>
        </div>
      </form>
    </dialog>
  );
}
