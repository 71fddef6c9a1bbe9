import { useState } from 'preact/hooks';
import type { LabelProject, LabelRelation } from '../../../../src/inference/predict/api/labelSchema.ts';
import { changeProject } from '../../api/labelProject.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { labelTexts } from './texts.ts';

/** What a relation means and an example, beside the sentence. */
export function Guide({ relation }: { relation: LabelRelation | undefined }) {
  const t = labelTexts();
  const lang = language.value;
  if (!relation) return null;
  const { name, title, when, example } = relation;
  return (
    <div class="label-guide">
      <h3>
        {title[lang]} {title[lang] !== name && <small class="muted">{name}</small>}
      </h3>
      <p lang={lang}>{when[lang] || when.ko}</p>
      {example && (
        <p class="muted" lang="ko">
          {t.example}: {example.sentence} ({example.subject} → {example.object})
        </p>
      )}
    </div>
  );
}

const EMPTY: LabelRelation = {
  name: '',
  title: { ko: '', en: '' },
  when: { ko: '', en: '' },
  example: null,
  inverse: null,
  types: null,
};

interface GuidePanelProps {
  readonly project: LabelProject;
  readonly onChange: (project: LabelProject) => void;
}

/** The guidelines of all relations, each to change; relations of one's own. */
export function GuidePanel({ project, onChange }: GuidePanelProps) {
  const t = labelTexts();
  const [edited, setEdited] = useState<LabelRelation | null>(null);
  const [error, setError] = useState<unknown>(null);
  const change = async (body: Parameters<typeof changeProject>[0]) => {
    try {
      onChange(await changeProject(body));
      setEdited(null);
      setError(null);
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <section class="panel">
      <div class="actions">
        <button type="button" class="quiet small" onClick={() => setEdited(EMPTY)}>
          {t.addRelation}
        </button>
      </div>
      {error !== null && <Failure error={error} />}
      {edited && edited.name === '' && (
        <RelationForm
          key="new"
          relation={edited}
          isNew
          project={project}
          onSave={(relation) => change({ relation })}
          onCancel={() => setEdited(null)}
        />
      )}
      <ul class="label-guides">
        {project.relations.map((relation) => (
          <li key={relation.name}>
            {edited?.name === relation.name ? (
              <RelationForm
                relation={edited}
                project={project}
                onSave={(changed) => change({ relation: changed })}
                onRemove={() => change({ remove_relation: relation.name })}
                onCancel={() => setEdited(null)}
              />
            ) : (
              <>
                <Guide relation={relation} />
                <button
                  type="button"
                  class="quiet small"
                  aria-label={`${t.edit}: ${relation.name}`}
                  onClick={() => setEdited(relation)}
                >
                  {t.edit}
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RelationFormProps {
  readonly relation: LabelRelation;
  readonly isNew?: boolean;
  readonly project: LabelProject;
  readonly onSave: (relation: LabelRelation) => void;
  readonly onRemove?: () => void;
  readonly onCancel: () => void;
}

function RelationForm({ relation, isNew = false, project, onSave, onRemove, onCancel }: RelationFormProps) {
  const t = labelTexts();
  const [value, setValue] = useState(relation);
  const name = value.name.trim();
  const titled = { ko: value.title.ko.trim() || name, en: value.title.en.trim() || name };
  return (
    <form
      class="label-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '') onSave({ ...value, name, title: titled });
      }}
    >
      {isNew && (
        <label>
          {t.relationName}
          <input
            required
            maxLength={200}
            value={value.name}
            onInput={({ currentTarget }) => setValue({ ...value, name: currentTarget.value })}
          />
        </label>
      )}
      <label>
        {t.titleKo}
        <input
          lang="ko"
          value={value.title.ko}
          onInput={({ currentTarget }) => setValue({ ...value, title: { ...value.title, ko: currentTarget.value } })}
        />
      </label>
      <label>
        {t.titleEn}
        <input
          lang="en"
          value={value.title.en}
          onInput={({ currentTarget }) => setValue({ ...value, title: { ...value.title, en: currentTarget.value } })}
        />
      </label>
      <label>
        {t.whenKo}
        <textarea
          lang="ko"
          rows={3}
          value={value.when.ko}
          onInput={({ currentTarget }) => setValue({ ...value, when: { ...value.when, ko: currentTarget.value } })}
        />
      </label>
      <label>
        {t.whenEn}
        <textarea
          lang="en"
          rows={3}
          value={value.when.en}
          onInput={({ currentTarget }) => setValue({ ...value, when: { ...value.when, en: currentTarget.value } })}
        />
      </label>
      <label>
        {t.inverse}
        <select
          value={value.inverse ?? ''}
          onChange={({ currentTarget }) => setValue({ ...value, inverse: currentTarget.value || null })}
        >
          <option value="">{t.none}</option>
          {[...new Set([...(name === '' ? [] : [name]), ...project.relations.map((each) => each.name)])].map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <div class="actions">
        <button type="submit" class="small">
          {t.save}
        </button>
        <button type="button" class="quiet small" onClick={onCancel}>
          {t.cancel}
        </button>
        {onRemove && (
          <button type="button" class="quiet small" onClick={onRemove}>
            {t.remove}
          </button>
        )}
      </div>
    </form>
  );
}
