import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { Failure } from '../../components/Failure.tsx';
import { ProbabilityBar } from '../../components/ProbabilityBar.tsx';
import { DecisionTag, EntityTag, RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { MarkingEditor } from '../../marking/MarkingEditor.tsx';
import { isOpening, useInquiry } from '../../marking/useInquiry.ts';
import { explainTexts } from './texts.ts';
import './explain.css';
import { Findings } from './Findings.tsx';
import { useExplanation } from './useExplanation.ts';
import { TypeTable, VariantTable } from './VariantTable.tsx';
import { WordHeat } from './WordHeat.tsx';

/** What an answer goes by: the sentence changed in several ways, and without each word. */
export default function ExplainView() {
  const t = explainTexts();
  const lang = language.value;
  const { canAnswer } = useService();
  const { model, error: modelError } = useModel();
  const [inquiry, change] = useInquiry();
  const { marks, subject, object } = inquiry;
  const pair = [marks[subject], marks[object]];
  const isReady =
    (canAnswer.value || !isOpening(inquiry)) &&
    marks.length > 1 &&
    pair.every((mark) => mark !== undefined && (!model?.needs_types || mark.type !== null));
  const { explanation, done, total, error } = useExplanation(isReady ? inquiry : null, model);

  return (
    <div class="explain">
      <section class="panel">
        <MarkingEditor
          marking={inquiry}
          onChange={(edit) => change((now) => ({ ...now, ...edit(now) }))}
          model={model}
          withRoles
        />
        {marks.length > 2 && <p class="muted small-print">{t.choosePair}</p>}
        {marks.length < 2 && <p class="muted">{t.needPair}</p>}
      </section>
      {modelError !== null && <Failure error={modelError} />}
      {error !== null && <Failure error={error} />}
      {isReady && explanation === null && error === null && (
        <p role="status">
          {t.working} <progress value={done} max={Math.max(1, total)} aria-label={t.working} />
        </p>
      )}
      {explanation && (
        <>
          <div class="explain-top">
            <section class="panel">
              <h2>{t.answer}</h2>
              <p class="pair">
                <EntityTag {...explanation.original.subject} /> <span class="muted">→</span>{' '}
                <EntityTag {...explanation.original.object} /> <DecisionTag decision={explanation.original.decision} />
              </p>
              <p>
                <RelationName name={explanation.original.relation} />{' '}
                <span class="muted">{explanation.original.description[lang]}</span>
              </p>
              <ProbabilityBar value={explanation.original.confidence} mark={explanation.original.threshold} />
              <p class="muted small-print">
                {t.asked(total)}
                {model?.text && ` ${t.textDiffers}`}
              </p>
            </section>
            <section class="panel">
              <h2>{t.reading}</h2>
              <Findings explanation={explanation} />
            </section>
          </div>
          <section class="panel">
            <h2>{t.words}</h2>
            <WordHeat explanation={explanation} />
          </section>
          <section class="panel">
            <h2>{t.variants}</h2>
            <VariantTable explanation={explanation} />
            <h3>{t.typesTitle}</h3>
            <TypeTable explanation={explanation} />
          </section>
        </>
      )}
    </div>
  );
}
