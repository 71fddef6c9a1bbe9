import { useState } from 'preact/hooks';
import { thresholdOf } from '../../../../src/inference/predict/answer.ts';
import type { Decision, ModelResponse, PairRelation } from '../../../../src/inference/predict/schema.ts';
import { ProbabilityBar } from '../../components/ProbabilityBar.tsx';
import { DecisionTag, EntityTag, RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryTexts } from './texts.ts';

/** An answer with what the page's threshold makes of it. */
export interface Judged extends PairRelation {
  readonly key: string;
  readonly shownThreshold: number;
  readonly shownDecision: Decision;
}

export interface RelationTableProps {
  readonly relations: readonly Judged[];
  readonly model: ModelResponse;
  readonly highlighted: string | null;
  readonly onHighlight: (key: string | null) => void;
}

/** Answers, best first, each with its candidates to unfold. */
export function RelationTable({ relations, model, highlighted, onHighlight }: RelationTableProps) {
  const t = tryTexts();
  const lang = language.value;
  const [open, setOpen] = useState<readonly string[]>([]);
  const isOnly = relations.length === 1;
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={t.relations}>
      <table class="relations stacking">
        <thead>
          <tr>
            <th scope="col">{t.pair}</th>
            <th scope="col">{t.relation}</th>
            <th scope="col">
              {t.confidence} <small class="muted">({model.calibration !== null ? t.calibrated : t.uncalibrated})</small>
            </th>
            <th scope="col">{t.decision}</th>
          </tr>
        </thead>
        <tbody>
          {relations.map((answer) => {
            const isOpen = isOnly || open.includes(answer.key);
            return (
              <tr
                key={answer.key}
                class={highlighted === answer.key ? 'is-on' : undefined}
                onMouseEnter={() => onHighlight(answer.key)}
                onMouseLeave={() => onHighlight(null)}
              >
                <td data-label={t.pair}>
                  <span class="pair">
                    <EntityTag {...answer.subject} /> <span class="muted">→</span> <EntityTag {...answer.object} />
                  </span>
                </td>
                <td data-label={t.relation}>
                  <RelationName name={answer.relation} />
                  <span class="muted relation-words">{answer.description[lang]}</span>
                  {answer.shortened && <small class="notice notice-warn">{t.shortened}</small>}
                </td>
                <td data-label={t.confidence}>
                  <ProbabilityBar
                    value={answer.confidence}
                    mark={answer.shownThreshold}
                    muted={answer.shownDecision !== 'relation'}
                  />
                  {answer.relation in model.thresholds.per_relation && (
                    <span class="muted small-line">
                      {answer.shownThreshold === thresholdOf(answer.relation, model.thresholds)
                        ? t.ownThreshold(answer.shownThreshold.toFixed(2))
                        : t.yourThreshold(answer.shownThreshold.toFixed(2))}
                    </span>
                  )}
                  {answer.no_relation_probability !== null && answer.shownDecision !== 'no_relation' && (
                    <span class="muted small-line">
                      {t.noRelation} <ProbabilityBar value={answer.no_relation_probability} muted />
                    </span>
                  )}
                  {!isOnly && (
                    <button
                      type="button"
                      class="plain unfold"
                      aria-expanded={isOpen}
                      onClick={() => setOpen(isOpen ? open.filter((key) => key !== answer.key) : [...open, answer.key])}
                    >
                      {isOpen ? '▾' : '▸'} {t.candidates}
                    </button>
                  )}
                  {isOpen && (
                    <ol class="candidates">
                      {answer.top.map(({ relation, probability }) => (
                        <li key={relation}>
                          <span class="candidate-name">
                            <RelationName name={relation} quiet />
                          </span>
                          <ProbabilityBar value={probability} muted={relation !== answer.relation} />
                        </li>
                      ))}
                    </ol>
                  )}
                </td>
                <td data-label={t.decision}>
                  <DecisionTag decision={answer.shownDecision} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
