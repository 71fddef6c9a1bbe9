import { useService } from '../api/predictor.ts';
import { useModel } from '../api/useModel.ts';
import { shellTexts } from './texts.ts';

/** Which model answers. */
export function Footer() {
  const t = shellTexts();
  const { apiBase } = useService();
  const { model } = useModel();
  return (
    <footer class="bottom">
      {model && (
        <span>
          {t.model} <strong>{model.id}</strong> · {t.relations(model.labels.length)} · {model.marker} ·{' '}
          {model.precision} · korex {model.version}
        </span>
      )}
      {apiBase !== null && <a href={`${apiBase}/docs`}>{t.apiDocs}</a>}
    </footer>
  );
}
