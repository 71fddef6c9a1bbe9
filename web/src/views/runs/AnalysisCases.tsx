import { useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import { CLASS_NAMES, CLASS_RULES, ERROR_CLASSES, type ErrorClass } from '../../../../src/study/analysis/kinds.ts';
import type { AnalysisCase, ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { shortName } from '../../components/relations.ts';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import { analysisTexts } from './analysisTexts.ts';

const LISTS = ['overconfident', 'disagreements', 'contradictions', 'shortcuts'] as const;
type List = ErrorClass | (typeof LISTS)[number];

/** Sentences of one class of errors, or of one of the lists. */
export function AnalysisCases({ analysis }: { analysis: ErrorAnalysis }) {
  const t = analysisTexts();
  const lang = language.value;
  const [list, setList] = useState<List>(() => largestClass(analysis));
  const cases = casesOf(analysis, list);
  return (
    <div class="analysis-cases">
      <div class="run-choices">
        <label class="run-select">
          {t.cases}
          <select value={list} onChange={({ currentTarget }) => setList(currentTarget.value as List)}>
            {ERROR_CLASSES.map((name) => (
              <option key={name} value={name}>
                {`${CLASS_NAMES[name][lang]} (${analysis.taxonomy.find((row) => row.class === name)?.count ?? 0})`}
              </option>
            ))}
            {LISTS.map((name) => (
              <option key={name} value={name}>
                {`${t[name]} (${sizeOf(analysis, name)})`}
              </option>
            ))}
          </select>
        </label>
        <p class="muted">{isList(list) ? t[`${list}Hint`] : CLASS_RULES[list][lang]}</p>
      </div>
      {cases.length === 0 ? (
        <p class="muted">{t.noCases}</p>
      ) : (
        <ul class="analysis-list">
          {cases.map((row) => (
            <CaseItem key={row.guid} row={row} analysis={analysis} />
          ))}
        </ul>
      )}
    </div>
  );
}

function CaseItem({ row, analysis }: { row: AnalysisCase; analysis: ErrorAnalysis }) {
  const t = analysisTexts();
  const { sentence, subject, object, gold, predicted } = row;
  const near = analysis.neighbours?.cases.find(({ guid }) => guid === row.guid)?.neighbours ?? [];
  return (
    <li>
      <p class="answer-sentence" lang="ko">
        <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} named />
      </p>
      <p>
        {t.gold} <RelationName name={gold} /> {probability(row.gold_probability)} · {t.predicted}{' '}
        <span class="is-wrong">
          <RelationName name={predicted} />
        </span>{' '}
        {probability(row.confidence)} ·{' '}
        <a href={hrefOf('try', tryParams({ sentence, subject, object }))}>{t.tryThis}</a>
      </p>
      {near.length > 0 && (
        <details>
          <summary>{t.neighbours}</summary>
          <ol>
            {near.map((neighbour) => (
              <li key={neighbour.guid}>
                <span lang="ko">
                  <MarkedSentence
                    sentence={neighbour.sentence}
                    subject={neighbour.subject}
                    object={neighbour.object}
                    roles={t}
                  />
                </span>{' '}
                <span class="muted">
                  {shortName(neighbour.label, language.value)}, {t.similarity} {neighbour.similarity.toFixed(3)}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

const isList = (list: List): list is (typeof LISTS)[number] => LISTS.some((name) => name === list);

const largestClass = ({ taxonomy }: ErrorAnalysis): ErrorClass =>
  taxonomy.reduce((best, row) => (row.count > best.count ? row : best)).class;

function casesOf({ cases, ...analysis }: ErrorAnalysis, list: List): AnalysisCase[] {
  if (!isList(list)) return cases.filter((row) => row.class === list);
  const guids = analysis[list]?.cases ?? [];
  return cases.filter(({ guid }) => guids.includes(guid));
}

function sizeOf(
  { overconfident, disagreements, contradictions, shortcuts }: ErrorAnalysis,
  list: (typeof LISTS)[number],
) {
  const sizes = {
    overconfident: overconfident.count,
    disagreements: disagreements.count,
    contradictions: contradictions.errors,
    shortcuts: shortcuts?.wrong_same_with_entities_only ?? 0,
  };
  return sizes[list];
}
