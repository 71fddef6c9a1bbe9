import { useState } from 'preact/hooks';
import type { PredictionEntry, RunDetail } from '../../../../src/app/serve/page/shapes.ts';
import { probability } from '../../../../src/base/core/format.ts';
import { readPredictions } from '../../api/pageData.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { MarkedSentence } from '../../components/MarkedSentence.tsx';
import { shortName } from '../../components/relations.ts';
import { RelationName, relationText } from '../../components/tags.tsx';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { language } from '../../i18n/language.ts';
import { AnswerDetails } from './AnswerDetails.tsx';
import { type RunTexts, runTexts } from './texts.ts';
import { usePages } from './usePages.ts';

/** Which answers are shown; null takes any label. */
export interface AnswersWanted {
  readonly gold: string | null;
  readonly predicted: string | null;
  readonly outcome: 'wrong' | 'right' | 'all';
}

interface AnswersProps {
  readonly detail: RunDetail;
  readonly wanted: AnswersWanted;
  readonly onChange: (wanted: AnswersWanted) => void;
}

const PAGE = 200;

/** A run's answers to test rows, the most confident first. */
export function Answers({ detail, wanted, onChange }: AnswersProps) {
  const t = runTexts();
  const { name, labels, data } = detail;
  const { gold, predicted, outcome } = wanted;
  const key = JSON.stringify([name, wanted]);
  const ask = (offset: number, signal: AbortSignal) =>
    readPredictions(
      name,
      { ...(gold !== null && { gold }), ...(predicted !== null && { predicted }), outcome, offset, limit: PAGE },
      signal,
    );
  const first = useLoaded(key, (signal) => ask(0, signal));
  const pages = usePages(key, PAGE, ask);
  const [open, setOpen] = useState<PredictionEntry | null>(null);
  const total = first.value?.total ?? 0;
  const rowAt = (index: number) => (index < PAGE ? first.value?.rows[index] : pages.rowAt(index));
  const select = (key: 'gold' | 'predicted') => (
    <label class="run-select">
      {t[key]}
      <select
        value={wanted[key] ?? ''}
        onChange={({ currentTarget }) => onChange({ ...wanted, [key]: currentTarget.value || null })}
      >
        <option value="">{t.any}</option>
        {labels.map((label) => (
          <option key={label} value={label}>
            {relationText(label)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="answers">
      <div class="run-choices">
        {select('gold')}
        {select('predicted')}
        <label class="run-select">
          {t.outcome}
          <select
            value={outcome}
            onChange={({ currentTarget }) =>
              onChange({ ...wanted, outcome: currentTarget.value as AnswersWanted['outcome'] })
            }
          >
            {(['wrong', 'right', 'all'] as const).map((option) => (
              <option key={option} value={option}>
                {t[option]}
              </option>
            ))}
          </select>
        </label>
        <p role="status">
          <strong>{t.answers(total)}</strong>
        </p>
      </div>
      {data === null && <p class="notice notice-warn">{t.noSentences}</p>}
      {first.error !== null && <Failure error={first.error} />}
      <VirtualTable<PredictionEntry>
        key={key}
        label={t.answersTitle}
        columns={columnsOf(t, data !== null)}
        count={total}
        rowAt={rowAt}
        height={420}
        onOpen={setOpen}
        onRange={pages.onRange}
      />
      {open !== null && <AnswerDetails answer={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

const share = (value: number | null) => (value === null ? '–' : probability(value));

function columnsOf(t: RunTexts, hasSentences: boolean): Column<PredictionEntry>[] {
  const sentence: Column<PredictionEntry> = {
    id: 'sentence',
    title: t.sentence,
    width: 'minmax(16rem, 1fr)',
    cell: ({ sentence, subject, object }) =>
      sentence !== null && subject && object ? (
        <MarkedSentence sentence={sentence} subject={subject} object={object} roles={t} cut />
      ) : null,
  };
  return [
    hasSentences ? sentence : { id: 'guid', title: 'guid', width: 'minmax(14rem, 1fr)', cell: ({ guid }) => guid },
    { id: 'gold', title: t.gold, width: '11rem', cell: ({ gold }) => <RelationName name={gold} quiet /> },
    {
      id: 'predicted',
      title: t.predicted,
      width: '11rem',
      cell: ({ gold, predicted }) => (
        <span class={gold === predicted ? 'is-right' : 'is-wrong'}>
          <RelationName name={predicted} quiet />
        </span>
      ),
    },
    { id: 'confidence', title: t.confidence, width: '6.5rem', numeric: true, cell: (row) => share(row.confidence) },
    {
      id: 'gold_p',
      title: t.goldProbability,
      width: '9.5rem',
      numeric: true,
      cell: (row) => share(row.gold_probability),
    },
    {
      id: 'runner_up',
      title: t.runnerUp,
      width: '12rem',
      cell: ({ runner_up, runner_up_probability }) =>
        runner_up === null ? '–' : `${shortName(runner_up, language.value)} ${share(runner_up_probability)}`,
    },
  ];
}
