import { useState } from 'preact/hooks';
import { probability } from '../../../../src/base/core/format.ts';
import { CLASS_NAMES, CLASS_RULES, ERROR_CLASSES, type ErrorClass } from '../../../../src/study/analysis/kinds.ts';
import { reliabilityText } from '../../../../src/study/analysis/reliability.ts';
import type { AnalysisCase, ErrorAnalysis } from '../../../../src/study/analysis/schema.ts';
import { CorrectThese } from '../../components/CorrectThese.tsx';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { shortName } from '../../components/relations.ts';
import { RelationName } from '../../components/tags.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { hrefOf } from '../../state/router.ts';
import type { Analyzed } from './analysisCharts.ts';
import { type AnalysisTexts, analysisTexts } from './analysisTexts.ts';
import { RunName } from './RunLegend.tsx';

const LISTS = ['overconfident', 'disagreements', 'contradictions', 'shortcuts'] as const;
type List = ErrorClass | (typeof LISTS)[number];

/** Sentences of a run that are shown at first. */
const FIRST = 5;

interface AnalysisCasesProps {
  readonly found: readonly Analyzed[];
  /** What was chosen; null, or what is no list, stands for the largest class. */
  readonly list: string | null;
  readonly onList: (list: List) => void;
}

/** Sentences of one class of errors, or of one of the lists, of each run. */
export function AnalysisCases({ found, list: asked, onList }: AnalysisCasesProps) {
  const t = analysisTexts();
  const lang = language.value;
  const list = [...ERROR_CLASSES, ...LISTS].find((name) => name === asked) ?? largestClass(found);
  const [isAll, setAll] = useState(false);
  const cases = found.map(({ analysis }) => casesOf(analysis, list));
  const most = isAll ? Number.POSITIVE_INFINITY : FIRST;
  const hasMore = cases.some(({ length }) => length > most);
  const sizes = (name: List) => found.map(({ analysis }) => sizeOf(analysis, name)).join(' · ');
  return (
    <div class="analysis-cases">
      <div class="run-choices">
        <label class="run-select">
          {t.cases}
          <select
            value={list}
            onChange={({ currentTarget }) => {
              setAll(false);
              onList(currentTarget.value as List);
            }}
          >
            {ERROR_CLASSES.map((name) => (
              <option key={name} value={name}>
                {`${CLASS_NAMES[name][lang]} (${sizes(name)})`}
              </option>
            ))}
            {LISTS.map((name) => (
              <option key={name} value={name}>
                {`${t[name]} (${sizes(name)})`}
              </option>
            ))}
          </select>
        </label>
        <p class="muted">{isList(list) ? t[`${list}Hint`] : CLASS_RULES[list][lang]}</p>
      </div>
      {cases.every(({ length }) => length === 0) ? (
        <p class="muted">{t.noCases}</p>
      ) : (
        <ul class="analysis-list">
          {found.flatMap((of, i) =>
            cases[i]!.slice(0, most).map((row) => (
              <CaseItem
                key={`${of.run.name} ${row.guid}`}
                row={row}
                of={of}
                isNamed={found.length > 1}
                showsReliability={
                  list === 'disagreements' || list === 'strong_disagreement' || list === 'overconfident'
                }
              />
            )),
          )}
        </ul>
      )}
      <CorrectThese rows={cases.flatMap((rows) => rows.slice(0, most))} />
      {hasMore && (
        <button type="button" class="quiet small" onClick={() => setAll(true)}>
          {t.more}
        </button>
      )}
    </div>
  );
}

interface CaseItemProps {
  readonly row: AnalysisCase;
  readonly of: Analyzed;
  readonly isNamed: boolean;
  /** Whether it is told how often answers of such a confidence are right. */
  readonly showsReliability: boolean;
}

function CaseItem({ row, of: { run, analysis }, isNamed, showsReliability }: CaseItemProps) {
  const t = analysisTexts();
  const { sentence, subject, object, gold, predicted } = row;
  const reliability = showsReliability ? reliabilityText(analysis, row.confidence, language.value) : '';
  return (
    <li>
      <p class="answer-sentence" lang="ko">
        <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} named />
      </p>
      <p>
        {isNamed && (
          <>
            <RunName name={run.name} color={run.color} /> ·{' '}
          </>
        )}
        {t.gold} <RelationName name={gold} /> {probability(row.gold_probability)} · {t.predicted}{' '}
        <span class="is-wrong">
          <RelationName name={predicted} />
        </span>{' '}
        {probability(row.confidence)} ·{' '}
        <a href={hrefOf('try', tryParams({ sentence, subject, object }))}>{t.tryThis}</a>
      </p>
      {reliability !== '' && <p class="muted">{`${t.reliability}: ${reliability}`}</p>}
      <Neighbours guid={row.guid} analysis={analysis} t={t} />
    </li>
  );
}

function Neighbours({ guid, analysis, t }: { guid: string; analysis: ErrorAnalysis; t: AnalysisTexts }) {
  const near = analysis.neighbours?.cases.find((row) => row.guid === guid)?.neighbours ?? [];
  if (near.length === 0) return null;
  return (
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
  );
}

const isList = (list: List): list is (typeof LISTS)[number] => LISTS.some((name) => name === list);

/** The class with the most errors over all runs. */
function largestClass(found: readonly Analyzed[]): ErrorClass {
  const size = (name: ErrorClass) => found.reduce((sum, { analysis }) => sum + sizeOf(analysis, name), 0);
  return ERROR_CLASSES.reduce((best, name) => (size(name) > size(best) ? name : best));
}

function casesOf({ cases, ...analysis }: ErrorAnalysis, list: List): AnalysisCase[] {
  if (!isList(list)) return cases.filter((row) => row.class === list);
  const guids = analysis[list]?.cases ?? [];
  return cases.filter(({ guid }) => guids.includes(guid));
}

function sizeOf(analysis: ErrorAnalysis, list: List): number {
  if (!isList(list)) return analysis.taxonomy.find((row) => row.class === list)?.count ?? 0;
  const { overconfident, disagreements, contradictions, shortcuts } = analysis;
  const sizes = {
    overconfident: overconfident.count,
    disagreements: disagreements.count,
    contradictions: contradictions.errors,
    shortcuts: shortcuts?.wrong_same_with_entities_only ?? 0,
  };
  return sizes[list];
}
