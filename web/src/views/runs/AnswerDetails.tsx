import type { PredictionEntry } from '../../../../src/app/serve/page/shapes.ts';
import { relationDescription } from '../../../../src/base/data/relations.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { ProbabilityBar } from '../../components/ProbabilityBar.tsx';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import { runTexts } from './texts.ts';

/** One answer in full: the sentence, and what the run held probable. */
export function AnswerDetails({ answer, onClose }: { answer: PredictionEntry; onClose: () => void }) {
  const t = runTexts();
  const lang = language.value;
  const { sentence, subject, object, gold, predicted } = answer;
  const candidates = [
    { role: t.predicted, label: predicted, probability: answer.confidence },
    ...(answer.runner_up === null
      ? []
      : [{ role: t.runnerUp, label: answer.runner_up, probability: answer.runner_up_probability }]),
    { role: t.gold, label: gold, probability: answer.gold_probability },
  ];
  return (
    <section class="answer" aria-label={t.details} aria-live="polite">
      {sentence !== null && subject && object && (
        <p class="answer-sentence" lang="ko">
          <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} named />
        </p>
      )}
      <dl>
        {candidates.map(({ role, label, probability }) => (
          <div key={role}>
            <dt>{role}</dt>
            <dd>
              <RelationName name={label} /> <span class="muted">{relationDescription(label, lang)}</span>
              {probability !== null && (
                <span class="answer-bar">
                  <ProbabilityBar value={probability} muted={label !== predicted} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        {sentence !== null && subject && object && (
          <a role="button" href={hrefOf('try', tryParams({ sentence, subject, object }))}>
            {t.tryThis}
          </a>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          {t.close}
        </button>
        <code>{answer.guid}</code>
      </div>
    </section>
  );
}
