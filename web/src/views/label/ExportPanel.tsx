import { useState } from 'preact/hooks';
import { LABEL_EXPORTS, type LabelExportFormat } from '../../../../src/inference/predict/api/labelSchema.ts';
import { exportLabels } from '../../api/labelProject.ts';
import { Failure } from '../../components/Failure.tsx';
import { saveAs } from '../../components/saveAs.ts';
import { labelTexts } from './texts.ts';

/** The labels so far, to take away. */
export function ExportPanel() {
  const t = labelTexts();
  const [withPeople, setWithPeople] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (format: LabelExportFormat) => {
    try {
      const { name, text } = await exportLabels(format, withPeople);
      saveAs(name, 'application/octet-stream', text);
      setError(null);
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <section class="panel">
      <p class="muted">{t.exportHelp}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={withPeople}
          onChange={({ currentTarget }) => setWithPeople(currentTarget.checked)}
        />
        {t.withPeople}
      </label>
      <div class="actions">
        {LABEL_EXPORTS.map((format) => (
          <button key={format} type="button" class="quiet" onClick={() => save(format)}>
            {t[`export_${format}`]}
          </button>
        ))}
      </div>
      {error !== null && <Failure error={error} />}
    </section>
  );
}
