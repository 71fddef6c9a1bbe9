import type { AnswerRow, RunAnswer } from '../../../../src/app/serve/page/shapes.ts';
import { relationDescription } from '../../../../src/base/data/relations.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { ProbabilityBar } from '../../components/ProbabilityBar.tsx';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import { type ComparedRun, RunName } from './RunLegend.tsx';
import { type RunTexts, runTexts } from './texts.ts';

interface AnswerDetailsProps {
  readonly row: AnswerRow;
  readonly runs: readonly ComparedRun[];
  readonly onClose: () => void;
}

/** One row in full: the sentence, and what each run held probable. */
export function AnswerDetails({ row, runs, onClose }: AnswerDetailsProps) {
  const t = runTexts();
  const lang = language.value;
  const { sentence, subject, object, gold, answers } = row;
  return (
    <section class="answer" aria-label={t.details} aria-live="polite">
      {sentence !== null && subject && object && (
        <p class="answer-sentence" lang="ko">
          <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} named />
        </p>
      )}
      <p>
        <span class="muted">{t.gold}</span> <RelationName name={gold} />{' '}
        <span class="muted">{relationDescription(gold, lang)}</span>
      </p>
      <div class="answer-runs">
        {answers.map((answer, i) => (
          <div key={runs[i]!.name}>
            {runs.length > 1 && (
              <h4>
                <RunName name={runs[i]!.name} color={runs[i]!.color} />
              </h4>
            )}
            <Candidates answer={answer} gold={gold} t={t} />
          </div>
        ))}
      </div>
      <div class="actions">
        {sentence !== null && subject && object && (
          <a role="button" href={hrefOf('try', tryParams({ sentence, subject, object }))}>
            {t.tryThis}
          </a>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          {t.close}
        </button>
        <code>{row.guid}</code>
      </div>
    </section>
  );
}

function Candidates({ answer, gold, t }: { answer: RunAnswer; gold: string; t: RunTexts }) {
  const { predicted, confidence, gold_probability, runner_up, runner_up_probability } = answer;
  const candidates = [
    { role: t.predicted, label: predicted, probability: confidence },
    ...(runner_up === null ? [] : [{ role: t.runnerUp, label: runner_up, probability: runner_up_probability }]),
    { role: t.gold, label: gold, probability: gold_probability },
  ];
  return (
    <dl>
      {candidates.map(({ role, label, probability }) => (
        <div key={role}>
          <dt>{role}</dt>
          <dd>
            <span class={role === t.predicted ? (predicted === gold ? 'is-right' : 'is-wrong') : undefined}>
              <RelationName name={label} />
            </span>
            {probability !== null && (
              <span class="answer-bar">
                <ProbabilityBar value={probability} muted={label !== predicted} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
