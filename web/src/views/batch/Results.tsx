import { useCallback, useMemo, useState } from 'preact/hooks';
import { grouped, probability } from '../../../../src/base/core/format.ts';
import { DECISIONS, type Decision } from '../../../../src/inference/predict/schema.ts';
import { Chart } from '../../components/Chart.tsx';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { relationAxis } from '../../components/relations.ts';
import { saveAs } from '../../components/saveAs.ts';
import { DecisionTag, RelationName, relationText } from '../../components/tags.tsx';
import { componentTexts } from '../../components/texts.ts';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { language } from '../../i18n/language.ts';
import { tryParams } from '../../marking/address.ts';
import { isNarrow } from '../../state/narrow.ts';
import { navigate } from '../../state/router.ts';
import { DOWNLOADS } from './download.ts';
import { relationCounts } from './relationCounts.ts';
import type { BatchResult } from './runBatch.ts';
import { batchTexts } from './texts.ts';

export interface ResultsProps {
  readonly results: readonly BatchResult[];
  readonly noRelation: string | null;
  /** The file's name, for the names of downloads. */
  readonly name: string;
}

/** The answers: counted, listed, to download. A relation chosen in the list or the chart filters the rows. */
export function Results({ results, noRelation, name }: ResultsProps) {
  const t = batchTexts();
  const [relation, setRelation] = useState('');
  const [decision, setDecision] = useState<Decision | ''>('');
  const counts = useMemo(() => countsOf(results), [results]);
  const rows = useMemo(
    () =>
      results.filter(
        ({ answer }) =>
          (relation === '' || answer.relation === relation) && (decision === '' || answer.decision === decision),
      ),
    [results, relation, decision],
  );
  const lang = language.value;
  const narrow = isNarrow.value;
  const spec = useMemo(() => {
    const names = relationAxis(
      counts.map(({ relation }) => relation),
      lang,
      narrow,
    );
    return relationCounts({ title: t.counts, counts, noRelation, ...names });
  }, [counts, noRelation, t.counts, lang, narrow]);
  const pick = useCallback(
    (datum: Readonly<Record<string, unknown>>) => {
      const picked = String(datum.relation ?? '');
      setRelation((now) => (now === picked ? '' : picked));
    },
    [setRelation],
  );
  const hasGold = useMemo(() => results.some(({ input }) => input.label !== null), [results]);
  const base = name.replace(/\.[^.]+$/, '');

  return (
    <>
      <section class="panel">
        <h2>{t.counts}</h2>
        <Chart
          spec={spec}
          table={{
            columns: [t.relation, t.count],
            rows: counts.map(({ relation, count }) => [relationText(relation), count]),
          }}
          onPick={pick}
        />
      </section>
      <section class="panel">
        <h2>{t.results}</h2>
        <div class="actions results-head">
          <label>
            {t.filter}{' '}
            <select value={relation} onChange={({ currentTarget }) => setRelation(currentTarget.value)}>
              <option value="">{t.all}</option>
              {counts.map(({ relation, count }) => (
                <option key={relation} value={relation}>
                  {relationText(relation)}: {grouped(count)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t.decision}{' '}
            <select
              value={decision}
              onChange={({ currentTarget }) => setDecision(currentTarget.value as Decision | '')}
            >
              <option value="">{t.allDecisions}</option>
              {DECISIONS.map((name) => (
                <option key={name} value={name}>
                  {componentTexts()[`decision_${name}`]}
                </option>
              ))}
            </select>
          </label>
          <span class="spacer" />
          {(['jsonl', 'csv'] as const).map((ending) => (
            <button
              key={ending}
              type="button"
              class="quiet small"
              onClick={() =>
                saveAs(`${base}.answers.${ending}`, DOWNLOADS[ending].type, DOWNLOADS[ending].text(results))
              }
            >
              {t[`save_${ending}`]}
            </button>
          ))}
        </div>
        <VirtualTable
          key={`table ${narrow}`}
          label={t.results}
          columns={narrow ? cardColumns(t) : columnsOf(t, hasGold)}
          rowHeight={narrow ? CARD_HEIGHT : ROW_HEIGHT}
          count={rows.length}
          rowAt={(index) => rows[index]}
          onOpen={openInTry}
        />
        <p class="muted small-print">{t.openRow}</p>
      </section>
    </>
  );
}

const ROW_HEIGHT = 40;
const CARD_HEIGHT = 72;

const marked = (
  { input: { sentence }, answer: { subject, object } }: BatchResult,
  t: ReturnType<typeof batchTexts>,
) => (
  <span lang="ko">
    <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} cut />
  </span>
);

/** On a phone each row is two lines: the answer, and the sentence. */
const cardColumns = (t: ReturnType<typeof batchTexts>): Column<BatchResult>[] => [
  {
    id: 'row',
    title: t.results,
    width: 'minmax(0, 1fr)',
    cell: (result) => (
      <div class="row-card">
        <span class="muted">{probability(result.answer.confidence)}</span>{' '}
        {result.answer.decision === 'uncertain' && <DecisionTag decision="uncertain" />}{' '}
        <RelationName name={result.answer.relation} quiet={result.answer.decision !== 'relation'} />
        <br />
        {marked(result, t)}
      </div>
    ),
  },
];

function columnsOf(t: ReturnType<typeof batchTexts>, hasGold: boolean): Column<BatchResult>[] {
  const gold: Column<BatchResult> = {
    id: 'gold',
    title: t.gold,
    width: 'minmax(8rem, 0.7fr)',
    cell: ({ answer, input }) =>
      input.label === null ? null : (
        <span class={input.gold === answer.relation ? 'is-right' : 'is-wrong'}>
          <RelationName name={input.label} quiet />
        </span>
      ),
  };
  return [
    { id: 'row', title: t.rowNumber, width: '4rem', numeric: true, cell: ({ number }) => number },
    {
      id: 'relation',
      title: t.relation,
      width: 'minmax(12rem, 1fr)',
      cell: ({ answer }) => <RelationName name={answer.relation} />,
    },
    ...(hasGold ? [gold] : []),
    {
      id: 'confidence',
      title: t.confidence,
      width: '6.5rem',
      numeric: true,
      cell: ({ answer }) => probability(answer.confidence),
    },
    {
      id: 'decision',
      title: t.decision,
      width: '8rem',
      cell: ({ answer }) => <DecisionTag decision={answer.decision} />,
    },
    {
      id: 'sentence',
      title: t.sentence,
      width: 'minmax(16rem, 2fr)',
      cell: (result) => marked(result, t),
    },
  ];
}

function countsOf(results: readonly BatchResult[]): { relation: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { answer } of results) counts.set(answer.relation, (counts.get(answer.relation) ?? 0) + 1);
  return [...counts].map(([relation, count]) => ({ relation, count })).sort((a, b) => b.count - a.count);
}

const openInTry = ({ input: { sentence }, answer }: BatchResult): void =>
  navigate('try', tryParams({ sentence, subject: answer.subject, object: answer.object }));
