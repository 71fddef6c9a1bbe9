import { useMemo, useState } from 'preact/hooks';
import { decisionOf, thresholdOf } from '../../../../src/inference/predict/answer.ts';
import type { ModelResponse, PairRelation } from '../../../../src/inference/predict/schema.ts';
import { useService } from '../../api/predictor.ts';
import { useModel } from '../../api/useModel.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Failure } from '../../components/Failure.tsx';
import { shortName } from '../../components/relations.ts';
import { language } from '../../i18n/language.ts';
import { Arcs } from '../../marking/Arcs.tsx';
import { paramsOf } from '../../marking/address.ts';
import { EXAMPLES } from '../../marking/examples.ts';
import { MarkingEditor } from '../../marking/MarkingEditor.tsx';
import { entitiesIn } from '../../marking/marking.ts';
import { markingTexts } from '../../marking/texts.ts';
import { isOpening, useInquiry } from '../../marking/useInquiry.ts';
import { hrefOf } from '../../state/router.ts';
import { Controls } from './Controls.tsx';
import { type Judged, RelationTable } from './RelationTable.tsx';
import { Snippets } from './Snippets.tsx';
import { snippetsOf } from './snippets.ts';
import { tryTexts } from './texts.ts';
import './try.css';
import { useAnswers } from './useAnswers.ts';

/** Mark entities in a sentence and see how they are related. */
export default function TryView() {
  const t = tryTexts();
  const lang = language.value;
  const { apiBase, canAnswer } = useService();
  const { model, error: modelError } = useModel();
  const [inquiry, change] = useInquiry();
  // Nobody asked for the example yet: it is answered where that costs no download.
  const mayAsk = canAnswer.value || !isOpening(inquiry);
  const answers = useAnswers(inquiry, mayAsk ? model : null);
  const [highlighted, setHighlighted] = useState<string | null>(null);

  const judged = useMemo(
    () => (model === null || answers.relations === null ? [] : judge(answers.relations, inquiry.threshold, model)),
    [answers.relations, inquiry.threshold, model],
  );
  const isPair = answers.of?.marks.length === 2;
  const shown = isPair ? judged : judged.filter(({ relation }) => relation !== model?.no_relation);
  const hidden = isPair ? [] : judged.filter(({ relation }) => relation === model?.no_relation);
  const marksKey = JSON.stringify([inquiry.sentence, inquiry.marks, inquiry.subject]);
  const drawn = useMemo(() => {
    const now = answers.of === null ? () => undefined : entitiesIn(inquiry, answers.of);
    return shown.flatMap(({ key, subject_index, object_index, relation, confidence, shownDecision }) => {
      const [from, to] = [now(subject_index), now(object_index)];
      if (from === undefined || to === undefined) return [];
      return [{ key, from, to, label: shortName(relation, lang), confidence, decision: shownDecision }];
    });
  }, [judged, marksKey, lang]);
  const snippets =
    answers.ask === null || model === null ? [] : snippetsOf(answers.ask, model, apiBase, inquiry.threshold);
  const waits = answers.isOld ? 'waits' : undefined;

  return (
    <div class="try">
      <section class="panel">
        <div class="examples">
          <span class="muted">{t.examples}</span>
          {EXAMPLES.map((example) => (
            <button
              key={example.sentence}
              type="button"
              class="quiet small example"
              title={example.sentence}
              aria-pressed={example.sentence === inquiry.sentence}
              onClick={() => change(() => example)}
            >
              {example.name[lang]}
            </button>
          ))}
        </div>
        <MarkingEditor
          marking={inquiry}
          onChange={(edit) => change((now) => ({ ...now, ...edit(now) }))}
          model={model}
          withRoles={inquiry.marks.length <= 2}
        >
          <Arcs
            relations={drawn}
            of={marksKey}
            isOld={answers.isOld}
            highlighted={highlighted}
            onHighlight={setHighlighted}
          />
        </MarkingEditor>
      </section>

      <section class="panel" aria-busy={answers.isWaiting}>
        <h2>
          {t.relations}
          <small class={answers.isWaiting ? 'waiting' : 'waiting waiting-over'} aria-hidden={!answers.isWaiting}>
            {t.waiting}
          </small>
        </h2>
        {modelError !== null && <Failure error={modelError} />}
        {answers.error !== null && <Failure error={answers.error} />}
        {model && inquiry.marks.length > 1 && <Controls inquiry={inquiry} model={model} onChange={change} />}
        <p class="sr-only" role="status">
          {shown
            .map(
              ({ subject, object, description: _, relation }) =>
                `${subject.word} → ${object.word}: ${shortName(relation, lang)}`,
            )
            .join('. ')}
        </p>
        {inquiry.marks.length < 2 && <p class="muted">{markingTexts().addSecond}</p>}
        {!mayAsk && <p class="muted">{t.notAsked}</p>}
        <div class={waits}>
          {shown.length > 0 && model && (
            <RelationTable relations={shown} model={model} highlighted={highlighted} onHighlight={setHighlighted} />
          )}
          {answers.relations !== null && !isPair && (
            <p class="muted small-line">{answers.pairs === 0 ? t.nothing : t.evaluated(answers.pairs)}</p>
          )}
          {answers.relations !== null && model && (
            <p class="muted small-print">
              {model.calibration === null ? t.decidedBare : t.decidedAsPairs}
              {model.text !== null && ` ${t.textDiffers}`}
            </p>
          )}
          {hidden.length > 0 && model && (
            <details class="hidden-pairs">
              <summary>{t.hidden(hidden.length)}</summary>
              <RelationTable relations={hidden} model={model} highlighted={highlighted} onHighlight={setHighlighted} />
            </details>
          )}
        </div>
        {inquiry.marks.length > 1 && (
          <div class="actions">
            <a class="quiet small" role="button" href={hrefOf('explain', paramsOf(inquiry))}>
              {t.explain}
            </a>
            <CopyButton text={new URL(hrefOf('try', paramsOf(inquiry)), location.href).href} label={t.link} />
          </div>
        )}
      </section>
      {snippets.length > 0 && <Snippets snippets={snippets} />}
    </div>
  );
}

/** Applies the page's threshold, or the model's own ones, to answers. */
function judge(relations: readonly PairRelation[], threshold: number | null, model: ModelResponse): Judged[] {
  return relations.map((answer) => {
    const shownThreshold = threshold ?? thresholdOf(answer.relation, model.thresholds);
    return {
      ...answer,
      key: `${answer.subject_index}-${answer.object_index}`,
      shownThreshold,
      shownDecision: decisionOf(answer.relation, answer.confidence, shownThreshold, model.no_relation),
    };
  });
}
